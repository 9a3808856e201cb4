import { hostname } from 'node:os'
import { z } from 'zod'
import { type FleetKeys, fleetKeys } from '../settings/seal.ts'

/** The only reader of `process.env` in a service. */
const logLevels = ['FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'] as const
const port = z.coerce.number().int().min(0).max(65_535)
const Variables = z.object({
  HOST: z.string().default('0.0.0.0'),
  PORT: port.default(3000),
  HEALTH_PORT: port.default(32_000),
  REDIS_URL: z.string().optional(),
  REDIS_HOST: z.string().default('localhost'),
  REDIS_PORT: port.default(6379),
  REDIS_PASSWORD: z.string().optional(),
  RABBITMQ_URL: z.string().optional(),
  RABBITMQ_HOST: z.string().default('localhost'),
  RABBITMQ_PORT: port.default(5672),
  RABBITMQ_VHOST: z.string().default('/'),
  RABBITMQ_USER: z.string().default('user'),
  RABBITMQ_PASSWORD: z.string().default(''),
  SECRET_KEY: z.string().min(16, 'SECRET_KEY must have at least 16 characters and be the same for all services'),
  INTERNAL_TOKEN: z.string().min(16, 'INTERNAL_TOKEN must have at least 16 characters and be the same for all services'),
  PUBLIC_URL: z.string().default('http://localhost'),
  SERVICE_URL_TEMPLATE: z.string().default('http://{service}'),
  SERVICE_URLS: z.string().default(''),
  LOG_LEVEL: z.preprocess(value => (typeof value === 'string' ? value.toUpperCase() : value), z.enum(logLevels).default('INFO')),
  LOG_FLUSH_FREQUENCY: z.string().default('1s'),
  DEPLOYMENT: z.string().default('local'),
  POD_NAME: z.string().default(hostname()),
  ALLOWED_PRIVATE_HOSTS: z.string().default(''),
  ADMIN_USER: z.string().default('admin'),
  ADMIN_PASSWORD: z.string().optional(),
  NOTIFIER_ALLOW_ANY_HOST: z.stringbool().default(false),
  /** what people write becomes visible to administrators in the journeys of messages */
  JOURNEY_BODIES: z.stringbool().default(false),
})

export interface Environment {
  host: string
  port: number
  healthPort: number
  redisUrl: string
  rabbitUrl: string
  keys: FleetKeys
  internalToken: string
  publicUrl: string
  serviceUrl(service: string): string
  logLevel: (typeof logLevels)[number]
  logFlushMilliseconds: number
  deployment: string
  replica: string
  allowedPrivateHosts: readonly string[]
  adminUser: string
  adminPassword: string | undefined
  notifierAllowAnyHost: boolean
  journeyBodies: boolean
}

/** Throws one line per variable that is missing or wrong. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const read = Variables.safeParse(Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== '')))
  if (!read.success) throw new Error(read.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  const v = read.data
  const urls = new Map(
    list(v.SERVICE_URLS).map(entry => {
      const at = entry.indexOf('=')
      if (!/^[a-z0-9-]+=https?:/.test(entry)) throw new Error(`SERVICE_URLS: "${entry}" is not of the form service=url`)
      return [entry.slice(0, at), entry.slice(at + 1).replace(/\/+$/, '')] as const
    }),
  )
  return {
    host: v.HOST,
    port: v.PORT,
    healthPort: v.HEALTH_PORT,
    redisUrl: v.REDIS_URL ?? `redis://${v.REDIS_PASSWORD === undefined ? '' : `:${encodeURIComponent(v.REDIS_PASSWORD)}@`}${v.REDIS_HOST}:${v.REDIS_PORT}`,
    rabbitUrl:
      v.RABBITMQ_URL ??
      `amqp://${encodeURIComponent(v.RABBITMQ_USER)}:${encodeURIComponent(v.RABBITMQ_PASSWORD)}@${v.RABBITMQ_HOST}:${v.RABBITMQ_PORT}/${encodeURIComponent(v.RABBITMQ_VHOST)}`,
    keys: fleetKeys(v.SECRET_KEY),
    internalToken: v.INTERNAL_TOKEN,
    publicUrl: v.PUBLIC_URL.replace(/\/+$/, ''),
    serviceUrl: service => urls.get(service) ?? v.SERVICE_URL_TEMPLATE.replace('{service}', service).replace(/\/+$/, ''),
    logLevel: v.LOG_LEVEL,
    logFlushMilliseconds: flushMilliseconds(v.LOG_FLUSH_FREQUENCY),
    deployment: v.DEPLOYMENT,
    replica: v.POD_NAME,
    allowedPrivateHosts: list(v.ALLOWED_PRIVATE_HOSTS),
    adminUser: v.ADMIN_USER,
    adminPassword: v.ADMIN_PASSWORD,
    notifierAllowAnyHost: v.NOTIFIER_ALLOW_ANY_HOST,
    journeyBodies: v.JOURNEY_BODIES,
  }
}

function list(text: string): string[] {
  return text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
}

/** `immediate` is 0; otherwise `500ms`, `5s`, `1m`. */
function flushMilliseconds(text: string): number {
  if (text === 'immediate') return 0
  const match = /^(\d+)(ms|s|m)$/.exec(text)
  if (!match) throw new Error(`LOG_FLUSH_FREQUENCY: "${text}" is neither "immediate" nor a duration such as 500ms, 5s or 1m`)
  const factor = { ms: 1, s: 1000, m: 60_000 }[match[2] as 'ms' | 's' | 'm']
  return Number(match[1]) * factor
}
