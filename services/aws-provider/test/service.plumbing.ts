import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { exchanges } from '@um/shared/amqp'
import { createLogger } from '@um/shared/log'
import { envelope } from '@um/shared/model'
import { storageService } from '@um/shared/serve'
import { type Environment, type RunningService, readEnvironment, startService } from '@um/shared/service'
import { documentContext, seal } from '@um/shared/settings'
import { storeAtProvider } from '@um/shared/storage'
import { eventually, type RabbitServer, type RedisServer, startRabbit, startRedis } from '@um/testing'
import { aws } from '../src/definition.ts'
import { provider } from '../src/provider.ts'
import { type Counterpart, settingsOf, startS3 } from './s3.ts'

const token = 'internal-token-for-tests'
const storageId = randomUUID()
const document = () => ({ id: storageId, type: 'aws', name: 'AWS', isDefault: true, purgeDelay: 0, settings: settingsOf({ apiUrl: s3.url }) })

let s3: Counterpart
let redis: RedisServer
let rabbit: RabbitServer
let environment: Environment
let running: RunningService
let url: string

beforeAll(async () => {
  ;[s3, redis, rabbit] = await Promise.all([startS3(['acme-media']), startRedis(), startRabbit()])
  environment = readEnvironment({
    HOST: '127.0.0.1',
    PORT: '0',
    HEALTH_PORT: '0',
    REDIS_URL: redis.url,
    RABBITMQ_URL: rabbit.url,
    SECRET_KEY: 'secret-key-for-tests',
    INTERNAL_TOKEN: token,
    LOG_FLUSH_FREQUENCY: 'immediate',
  })
  const log = createLogger({ name: 'aws-provider', level: 'FATAL', flushMilliseconds: 0 })
  const options = storageService(aws, provider)
  running = await startService(
    {
      ...options,
      setup: async service => {
        // the configuration as an earlier run of the service left it
        const sealed = seal(document(), environment.keys.seal, documentContext('storages', storageId))
        await service.redis.set(`config:storages:${storageId}`, JSON.stringify({ revision: 1, sealed }))
        await options.setup(service)
      },
    },
    environment,
    log,
  )
  url = `http://127.0.0.1:${running.port}`
}, 120_000)
afterAll(async () => {
  await running?.stop()
  await Promise.all([rabbit?.stop(), redis?.stop(), s3?.stop()])
}, 60_000)

function store(guest: string, bytes: Buffer, size?: number) {
  const request = { storageId, tenantId: 't1', guest, sourceId: randomUUID(), name: 'été.png', mime: 'image/png', size }
  return storeAtProvider({ url, token }, request, Readable.from([bytes], { objectMode: false }))
}

describe('the AWS provider as a service', () => {
  it.each([
    ['known', 7_000_000],
    ['unknown', undefined],
  ])('stores an attachment of %s size, which anyone can fetch', async (_what, size) => {
    const bytes = Buffer.alloc(7_000_000, 'x')

    const stored = await store('g1', bytes, size)

    const answer = await fetch(stored.url)
    expect(stored.url).toMatch(new RegExp(`^${s3.url}/acme-media/gum/t1/[0-9a-f]{32}/[0-9a-f]{32}-%C3%A9t%C3%A9\\.png$`))
    expect(answer.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
  })

  it('finds that its settings work, or where they do not', async () => {
    const check = async (settings: object) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const answer = await fetch(`${url}/internal/check`, { method: 'POST', headers, body: JSON.stringify({ settings }) })
      return (await answer.json()) as { ok: boolean; steps: { step: string; ok: boolean }[]; advice?: string }
    }

    const good = await check(document().settings)
    const bad = await check({ ...document().settings, bucket: 'acme-medias' })

    expect(good).toMatchObject({ ok: true, steps: [{ step: 'store' }, { step: 'fetch' }, { step: 'compare' }, { step: 'remove' }] })
    expect(bad).toMatchObject({ ok: false, steps: [{ step: 'store', ok: false }], advice: expect.stringContaining('no bucket') })
  })

  it('removes the attachments of a conversation that ended, and no others', async () => {
    const ending = await store('g2', Buffer.from('hello'), 5)
    const going = await store('g3', Buffer.from('hello'), 5)
    const now = new Date()
    const data = { tenantId: 't1', guest: 'g2', from: 'gcloudcx', to: 'telegram', change: 'ended' as const, at: now.toISOString() }

    const event = envelope('um.lifecycle.v1', { id: randomUUID(), source: '/gcloudcx', subject: 't1/g2', time: now }, data)
    await running.service.broker.publish(exchanges.storage, 'conversation.ended', event)

    await eventually(async () => expect((await fetch(ending.url)).status).toBe(404), { withinMs: 15_000 })
    expect((await fetch(going.url)).status).toBe(200)
  })
})
