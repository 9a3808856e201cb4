import { z } from 'zod'

/** What only the api reads from its environment; the rest is common to all services (`readEnvironment` of shared). */
const Variables = z.object({
  TOKEN_LIFETIME: z
    .string()
    .regex(/^[1-9]\d{0,5}[mhd]$/, 'must be a duration such as 30m, 12h or 7d')
    .default('12h'),
})

export interface ApiEnvironment {
  tokenLifetimeSeconds: number
}

/** Throws one line per variable that is wrong. */
export function readApiEnvironment(variables: NodeJS.ProcessEnv): ApiEnvironment {
  const read = Variables.safeParse(Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== '')))
  if (!read.success) throw new Error(read.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  const text = read.data.TOKEN_LIFETIME
  const unit = { m: 60, h: 3600, d: 86_400 }[text.slice(-1) as 'm' | 'h' | 'd']
  return { tokenLifetimeSeconds: Number(text.slice(0, -1)) * unit }
}
