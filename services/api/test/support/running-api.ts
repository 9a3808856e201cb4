import { createHash } from 'node:crypto'
import { createLogger } from '@um/shared/log'
import { type Environment, type RunningService, readEnvironment, startService } from '@um/shared/service'
import { readApiEnvironment } from '../../src/environment.ts'
import { apiService } from '../../src/service.ts'

export const adminPassword = 'only for tests'
const common = {
  HOST: '127.0.0.1',
  PORT: '0',
  HEALTH_PORT: '0',
  SECRET_KEY: 'a secret key for tests',
  INTERNAL_TOKEN: 'an internal token for tests',
  PUBLIC_URL: 'https://um.example.org',
  ADMIN_PASSWORD: adminPassword,
}

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by tests
  body: any
}
export interface RunningApi {
  service: RunningService['service']
  url: string
  healthPort: number
  environment: Environment
  /** without a token */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** with the administrator's */
  admin(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  stop(): Promise<void>
}

/** One replica of the api in this process, on free ports. */
export async function startApi(variables: Record<string, string>): Promise<RunningApi> {
  const environment = readEnvironment({ ...common, ...variables })
  const log = createLogger({ name: 'api', level: process.env.TEST_LOG_LEVEL ?? 'fatal', flushMilliseconds: 0 })
  const running = await startService(apiService(readApiEnvironment({ TOKEN_LIFETIME: '1h', ...variables })), environment, log)
  const url = `http://127.0.0.1:${running.port}/api/v1`
  let token: Promise<string> | undefined
  const call: RunningApi['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : parsed(text) }
  }
  const logIn = async () => (await call('POST', '/auth/login', { user: 'admin', password: adminPassword })).body.token as string
  return {
    service: running.service,
    url,
    healthPort: running.healthPort,
    environment,
    call,
    admin: async (method, path, body, headers = {}) => {
      token ??= logIn()
      return call(method, path, body, { Authorization: `Bearer ${await token}`, ...headers })
    },
    stop: () => running.stop(),
  }
}
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export const tenant = {
  name: 'ACME and Telegram',
  authentication: { type: 'basic', username: 'ivr', password: 'ivr password' },
  cxPlatform: {
    type: 'gcloudcx',
    settings: { region: 'eu-west-1', clientId: '7b2fdd9b-5a51-4a08-9c2c-6b6c2f0e4f11', clientSecret: 'client secret', integrationName: 'ACME' },
  },
  messaging: { type: 'telegram', settings: { apiToken: '123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr' } },
}
/** A tenant beside others: what no two tenants of a platform may share is its own. */
export function tenantNamed(name: string) {
  const digits = BigInt(`0x${createHash('sha256').update(name).digest('hex').slice(0, 15)}`).toString()
  return {
    ...tenant,
    name,
    cxPlatform: { ...tenant.cxPlatform, settings: { ...tenant.cxPlatform.settings, integrationName: name } },
    messaging: { ...tenant.messaging, settings: { apiToken: `${digits}:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr` } },
  }
}
export const storage = {
  type: 'aws',
  name: 'Bucket',
  settings: { accessKeyId: 'AKIAEXAMPLEEXAMPLE', secretAccessKey: 'storage secret', region: 'ap-northeast-1', bucket: 'acme-attachments' },
}
