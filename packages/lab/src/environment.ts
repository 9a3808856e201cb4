import { z } from 'zod'
import { type PlatformOptions, platformIds } from './platforms.ts'

/** The only reader of the Lab's environment variables. */
const port = z.coerce.number().int().min(0).max(65_535)
const Variables = z.object({
  LAB_PORT: port.default(8090),
  HOST: z.string().default('127.0.0.1'),
  /** host name by which the fleet reaches the simulators, where it is not HOST */
  SIM_PUBLIC_HOST: z.string().optional(),
  /** Telegram gets this port, Genesys Cloud the next, S3 the one after, then the other messaging platforms; without it they take free ones */
  SIM_PORTS_BASE: port.optional(),
  /** per token; the documented default of Genesys Cloud is 300 */
  SIM_GENESYS_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(300),
  SIM_TELEGRAM_LIMITS: z.enum(['generous', 'real']).default('generous'),
  GATEWAY_URL: z.url().optional(),
  ADMIN_USER: z.string().default('admin'),
  ADMIN_PASSWORD: z.string().optional(),
  RABBITMQ_URL: z.string().optional(),
  LOG_LEVEL: z.string().default('INFO'),
})

export interface LabEnvironment {
  port: number
  host: string
  publicHost: string | undefined
  simulatorPorts: { genesys: number; s3: number; platforms: PlatformOptions } | undefined
  genesysRequestsPerMinute: number
  telegramLimits: 'generous' | 'real'
  gatewayUrl: string | undefined
  adminUser: string
  adminPassword: string | undefined
  rabbitUrl: string | undefined
  logLevel: string
}

/** Throws one line per variable that is wrong. */
export function readLabEnvironment(variables: NodeJS.ProcessEnv): LabEnvironment {
  const read = Variables.safeParse(Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== '')))
  if (!read.success) throw new Error(read.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  const v = read.data
  const base = v.SIM_PORTS_BASE
  return {
    port: v.LAB_PORT,
    host: v.HOST,
    publicHost: v.SIM_PUBLIC_HOST,
    simulatorPorts: base === undefined ? undefined : portsFrom(base),
    genesysRequestsPerMinute: v.SIM_GENESYS_REQUESTS_PER_MINUTE,
    telegramLimits: v.SIM_TELEGRAM_LIMITS,
    gatewayUrl: v.GATEWAY_URL?.replace(/\/+$/, ''),
    adminUser: v.ADMIN_USER,
    adminPassword: v.ADMIN_PASSWORD,
    rabbitUrl: v.RABBITMQ_URL,
    logLevel: v.LOG_LEVEL,
  }
}

function portsFrom(base: number): NonNullable<LabEnvironment['simulatorPorts']> {
  const platforms = Object.fromEntries(platformIds.map((id, index) => [id, { port: index === 0 ? base : base + 2 + index }]))
  return { genesys: base + 1, s3: base + 2, platforms }
}
