import { z } from 'zod'

/**
 * What a service keeps for one tenant and nobody else could give back: the facts of its registrations, and what the connector stores for itself (refresh tokens
 * that are used once, grants of an installation).
 */
export const KeptEntry = z.object({
  /** the tenant */
  id: z.string(),
  state: z.record(z.string(), z.string()),
  /** `expiresAt` in milliseconds since 1970; absent: never */
  store: z.record(z.string(), z.object({ value: z.string(), expiresAt: z.number().optional() })),
})
export type KeptEntry = z.infer<typeof KeptEntry>
