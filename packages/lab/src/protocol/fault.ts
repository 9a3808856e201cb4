import { z } from 'zod'

/** A kind of misbehaviour that a simulator offers. A page can draw its form from this alone. */
export interface FaultKind {
  /** 'rateLimit', 'serverError', 'slow', 'reset', 'hang', 'badToken', 'blocked', 'duplicate', 'reorder', 'delay', 'down' ... */
  kind: string
  title: string
  help: string
  /** requests: what the fleet asks of the platform. webhooks: what the platform sends to the fleet. service: the simulator as a whole. */
  on: 'requests' | 'webhooks' | 'service'
  params: FaultParam[]
  /** members of `where` that make sense */
  where: ('account' | 'guest' | 'operation')[]
}
export interface FaultParam {
  name: string
  title: string
  type: 'number' | 'choice' | 'boolean'
  unit?: 'ms' | 's'
  default: number | string | boolean
  min?: number
  max?: number
  choices?: { value: string; title: string }[]
}
export interface SimulatorFaults {
  simulator: string
  label: string
  kinds: FaultKind[]
  /** names that `where.operation` knows, e.g. 'sendMessage' */
  operations: string[]
}

export const NewFault = z.strictObject({
  simulator: z.string(),
  kind: z.string(),
  /** as the kind's `params`; what is absent has its default */
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).default({}),
  /** absent members match everything */
  where: z.strictObject({ account: z.string().optional(), guest: z.string().optional(), operation: z.string().optional() }).default({}),
  /** ends after so many hits */
  times: z.number().int().min(1).optional(),
  /** passes over so many matches first */
  skip: z.number().int().min(0).optional(),
  /** 0..1; default 1 */
  probability: z.number().min(0).max(1).optional(),
  /** makes the draws of `probability` repeatable */
  seed: z.number().int().optional(),
  /** ends by itself after so long */
  forSeconds: z.number().min(0.001).optional(),
})
export type NewFault = z.infer<typeof NewFault>
export type NewFaultInput = z.input<typeof NewFault>

export interface Fault {
  id: string
  simulator: string
  kind: string
  title: string
  params: Record<string, number | string | boolean>
  where: { account?: string; guest?: string; operation?: string }
  times?: number
  skip?: number
  probability?: number
  seed?: number
  endsAt?: string
  createdAt: string
  /** requests or webhooks that it applied to */
  matched: number
  /** of those, the ones that it spoiled */
  hits: number
  lastHitAt?: string
}
