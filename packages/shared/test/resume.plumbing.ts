import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { eventually, type RabbitServer, type RedisServer, startRabbit, startRedis } from '@um/testing'
import { Redis } from 'ioredis'
import { CallFailed, type Context, type Page } from '../src/contract/index.ts'
import type { Connector } from '../src/engine/tenants.ts'
import { createLogger } from '../src/log/index.ts'
import { connectorService } from '../src/serve/connector.ts'
import { readEnvironment } from '../src/service/environment.ts'
import { type RunningService, startService } from '../src/service/service.ts'
import { documentContext, seal } from '../src/settings/index.ts'
import { alpha } from './support/fakes.ts'

/** A platform that somebody has to permit first, on a page of the connector. */
let isPermitted = false
let tries = 0
const permitted: Page = {
  method: 'GET',
  path: '',
  handle: async (_hook, desks: readonly Context<unknown>[]) => {
    isPermitted = true
    for (const desk of desks) await desk.resume()
    return { status: 200 }
  },
}
const register = async () => {
  tries += 1
  if (!isPermitted) throw new CallFailed({ kind: 'subscription', why: 'somebody has to give the permission' })
  return { account: 'Corner Shop' }
}
const connector: Connector = { definition: alpha.definition, implementation: { ...alpha.implementation, register, pages: [permitted] } }

const id = randomUUID()
let rabbit: RabbitServer
let server: RedisServer
let redis: Redis
let running: RunningService

beforeAll(async () => {
  ;[rabbit, server] = await Promise.all([startRabbit(), startRedis()])
  const environment = readEnvironment({
    ...{ HOST: '127.0.0.1', PORT: '0', HEALTH_PORT: '0', REDIS_URL: server.url, RABBITMQ_URL: rabbit.url },
    ...{ SECRET_KEY: 'a-secret-of-the-tests-0123456789', INTERNAL_TOKEN: 'an-internal-token-of-the-tests' },
  })
  const tenant = { id, name: 'Shop', cxPlatform: { type: 'beta', settings: {} }, messaging: { type: 'alpha', settings: { secret: 'social' } } }
  redis = new Redis(server.url)
  await redis.set(`config:tenants:${id}`, JSON.stringify({ revision: 1, sealed: seal(tenant, environment.keys.seal, documentContext('tenants', id)) }))
  running = await startService(connectorService(connector), environment, createLogger({ name: 'alpha', level: 'fatal', flushMilliseconds: 0 }))
}, 60_000)
afterAll(async () => {
  await running?.stop()
  redis?.disconnect()
  await Promise.all([rabbit?.stop(), server?.stop()])
})

it('registers a tenant as soon as its credentials work, rather than minutes later', async () => {
  await eventually(() => expect(tries).toBe(1), { withinMs: 20_000 })

  await fetch(`http://127.0.0.1:${running.port}/alpha`)

  await eventually(async () => expect(await redis.hgetall(`state:${id}`)).toEqual({ account: 'Corner Shop' }), { withinMs: 5000 })
  expect(tries).toBe(2)
})
