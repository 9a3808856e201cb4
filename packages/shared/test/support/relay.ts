import { randomUUID } from 'node:crypto'
import { eventually, type RabbitServer, type RedisServer, startRabbit, startRedis } from '@um/testing'
import { Redis } from 'ioredis'
import type { Connector } from '../../src/engine/tenants.ts'
import { createLogger } from '../../src/log/index.ts'
import { connectorService } from '../../src/serve/connector.ts'
import { readEnvironment } from '../../src/service/environment.ts'
import { type RunningService, startService } from '../../src/service/service.ts'
import { documentContext, seal } from '../../src/settings/index.ts'
import { alpha, beta, FakePlatform } from './fakes.ts'

export interface Relay {
  rabbit: RabbitServer
  redisA: RedisServer
  redisB: RedisServer
  guests: FakePlatform
  agents: FakePlatform
  tenantId: string
  a: RunningService[]
  b: RunningService[]
  /** a guest writes; answers the HTTP status */
  write(payload: Record<string, unknown>, replica?: number): Promise<number>
  /** an agent writes */
  reply(payload: Record<string, unknown>): Promise<number>
  addTenant(settings?: Record<string, unknown>, cx?: Record<string, unknown>): Promise<string>
  addReplica(connector: 'alpha' | 'beta'): Promise<RunningService>
  stop(): Promise<void>
}
const secretKey = 'a-secret-of-the-tests-0123456789'

/** Both sides of the relay in this process, over real RabbitMQ and Redis and real HTTP; `brokerUrl` may lead through a proxy. */
export async function startRelay(
  options: { brokerUrl?: (rabbit: RabbitServer) => Promise<string>; redisUrlA?: (redis: RedisServer) => Promise<string> } = {},
): Promise<Relay> {
  const [rabbit, redisA, redisB] = await Promise.all([startRabbit(), startRedis(), startRedis()])
  const guests = await new FakePlatform().start()
  const agents = await new FakePlatform().start()
  const rabbitUrl = options.brokerUrl ? await options.brokerUrl(rabbit) : rabbit.url
  const redisUrlA = options.redisUrlA ? await options.redisUrlA(redisA) : redisA.url
  let replicas = 0
  const start = async (connector: Connector, redisUrl: string) => {
    replicas += 1
    const environment = readEnvironment({
      HOST: '127.0.0.1',
      PORT: '0',
      HEALTH_PORT: '0',
      REDIS_URL: redisUrl,
      RABBITMQ_URL: rabbitUrl,
      SECRET_KEY: secretKey,
      INTERNAL_TOKEN: 'an-internal-token-of-the-tests',
      POD_NAME: `${connector.definition.id}-${replicas}`,
      LOG_LEVEL: process.env.TEST_LOG ?? 'FATAL',
    })
    return startService(
      connectorService(connector),
      environment,
      createLogger({ name: environment.replica, level: environment.logLevel, flushMilliseconds: 0, destination: 2 }),
    )
  }
  const key = readEnvironment({ SECRET_KEY: secretKey, INTERNAL_TOKEN: 'an-internal-token-of-the-tests' }).keys.seal
  const tenantOf = (id: string, messaging: Record<string, unknown>, cx: Record<string, unknown>) => ({
    id,
    name: `Tenant ${id}`,
    cxPlatform: { type: 'beta', settings: { secret: `cx-${id}`, apiUrl: agents.url, ...cx } },
    messaging: { type: 'alpha', settings: { secret: `social-${id}`, apiUrl: guests.url, ...messaging } },
  })
  const put = async (id: string, messaging: Record<string, unknown>, cx: Record<string, unknown>) => {
    const sealed = seal(tenantOf(id, messaging, cx), key, documentContext('tenants', id))
    for (const redis of [redisA, redisB]) {
      const client = new Redis(redis.url)
      await client.set(`config:tenants:${id}`, JSON.stringify({ revision: 1, sealed }))
      await client.quit()
    }
  }
  const tenantId = randomUUID()
  await put(tenantId, {}, {})
  const a: RunningService[] = []
  const b: RunningService[] = []
  const post = async (port: number, path: string, secret: string, payload: object) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { 'x-secret': secret, 'content-type': 'application/json' },
      body: JSON.stringify(payload),
    })
    await answer.arrayBuffer()
    return answer.status
  }
  const relay: Relay = {
    rabbit,
    redisA,
    redisB,
    guests,
    agents,
    tenantId,
    a,
    b,
    write: (payload, replica = 0) => post(a[replica]?.port ?? 0, '/alpha', `social-${(payload.tenant as string | undefined) ?? tenantId}`, payload),
    reply: payload => post(b[0]?.port ?? 0, '/beta', `cx-${(payload.tenant as string | undefined) ?? tenantId}`, { author: 'agent', ...payload }),
    addTenant: async (settings = {}, cx = {}) => {
      const id = randomUUID()
      await put(id, settings, cx)
      return id
    },
    addReplica: async which => {
      const started = which === 'alpha' ? await start(alpha, redisUrlA) : await start(beta, redisB.url)
      ;(which === 'alpha' ? a : b).push(started)
      return started
    },
    stop: async () => {
      await Promise.all([...a, ...b].map(service => service.stop().catch(() => undefined)))
      await Promise.all([guests.stop(), agents.stop()])
      await Promise.all([rabbit.stop(), redisA.stop(), redisB.stop()])
    },
  }
  try {
    await relay.addReplica('alpha')
    await relay.addReplica('beta')
    await eventually(() => a[0]?.service.broker.isUp === true && b[0]?.service.broker.isUp === true, { withinMs: 30_000 })
  } catch (error) {
    await relay.stop()
    throw error
  }
  return relay
}
