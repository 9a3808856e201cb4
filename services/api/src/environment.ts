import { z } from 'zod'

/** What only the api reads from its environment; the rest is common to all services (`readEnvironment` of shared). */
const Variables = z.object({
  TOKEN_LIFETIME: z
    .string()
    .regex(/^[1-9]\d{0,5}[mhd]$/, 'must be a duration such as 30m, 12h or 7d')
    .default('12h'),
  /** how long the journey of a message is known */
  JOURNEY_HOURS: z.coerce.number().int().min(1).max(720).default(48),
  /** journeys in all, and of one tenant; some 1.6 KB of Redis each */
  JOURNEY_LIMIT: z.coerce.number().int().min(100).max(10_000_000).default(50_000),
  JOURNEY_TENANT_LIMIT: z.coerce.number().int().min(100).max(10_000_000).default(25_000),
})

export interface ApiEnvironment {
  tokenLifetimeSeconds: number
  journeys: { hours: number; most: number; mostPerTenant: number }
}

/** Throws one line per variable that is wrong. */
export function readApiEnvironment(variables: NodeJS.ProcessEnv): ApiEnvironment {
  const read = Variables.safeParse(Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== '')))
  if (!read.success) throw new Error(read.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  const text = read.data.TOKEN_LIFETIME
  const unit = { m: 60, h: 3600, d: 86_400 }[text.slice(-1) as 'm' | 'h' | 'd']
  return {
    tokenLifetimeSeconds: Number(text.slice(0, -1)) * unit,
    journeys: { hours: read.data.JOURNEY_HOURS, most: read.data.JOURNEY_LIMIT, mostPerTenant: read.data.JOURNEY_TENANT_LIMIT },
  }
}
