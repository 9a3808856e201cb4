import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { journeyQueue } from '@um/shared/amqp'
import { type DataOf, envelope } from '@um/shared/model'
import { eventually } from '@um/testing'
import { type RabbitServer, startRabbit } from '@um/testing/rabbitmq'
import { type RedisServer, startRedis } from '@um/testing/redis'
import { reportOf, wireHop } from './journeys/reports.ts'
import { type Listener, listenTo } from './support/listener.ts'
import { type RunningApi, startApi } from './support/running-api.ts'

let rabbit: RabbitServer
let redis: RedisServer
let api: RunningApi
let listener: Listener

const start = async (more: Record<string, string> = {}) => {
  api = await startApi({ REDIS_URL: redis.url, RABBITMQ_URL: rabbit.url, POD_NAME: 'api-0', ...more })
  await api.service.broker.whenUp()
}
beforeAll(async () => {
  redis = await startRedis()
  rabbit = await startRabbit()
  await start()
  listener = await listenTo(rabbit.url, [])
})
afterAll(async () => {
  await listener?.close()
  await api?.stop()
  await Promise.all([rabbit?.stop(), redis?.stop()])
})

const ago = (seconds: number) => Date.now() - seconds * 1000
const wrapped = (report: DataOf<'um.journey.v1'>) => envelope('um.journey.v1', { id: randomUUID(), source: '/x', subject: 'x', time: new Date() }, report)
const tell = (hops: Parameters<typeof reportOf>[0]) => listener.publish('gum.journal', 'x', wrapped(reportOf(hops)))
const received = (message: string, more = {}) => wireHop(message, 'received', 0, more, ago(1))
const status = async (message: string) => (await api.admin('GET', `/journeys/${message}`)).status

describe('the queue of the journal', () => {
  it('is bounded in number, bytes and time, and drops the oldest', () => {
    expect(journeyQueue.arguments).toMatchObject({ 'x-overflow': 'drop-head' })
    for (const bound of ['x-max-length', 'x-max-length-bytes', 'x-message-ttl']) expect(journeyQueue.arguments[bound]).toEqual(expect.any(Number))
  })

  it('keeps what is told while the api is away', async () => {
    await api.stop()
    const messages = Array.from({ length: 20 }, () => randomUUID())
    for (const message of messages) await tell([received(message)])

    await start()

    for (const message of messages) await eventually(async () => expect(await status(message)).toBe(200))
  })

  it('lets the oldest go when the api is away for too long', async () => {
    await api.stop()
    const [early, late] = [randomUUID(), randomUUID()]
    await tell([received(early)])
    const body = Buffer.from(JSON.stringify(wrapped(reportOf([received('flood')]))))
    await listener.flood('gum.journal', 'x', body, 21_000)
    await tell([received(late)])
    const { messageCount } = await listener.depth(journeyQueue.name)

    await start()

    expect(messageCount).toBeLessThanOrEqual(20_000)
    await eventually(async () => expect(await status(late)).toBe(200), { withinMs: 60_000 })
    expect(await status(early)).toBe(404)
  }, 120_000)
})

describe('the memory of journeys', () => {
  it('is no larger than the deployer allows', async () => {
    await api.stop()
    await start({ JOURNEY_TENANT_LIMIT: '100' })
    const crowd = randomUUID()

    await tell(Array.from({ length: 151 }, () => received(randomUUID(), { tenantId: crowd })))

    await eventually(async () => expect(await api.service.redis.zcard(`journey:tenant:${crowd}`)).toBe(100))
    await eventually(async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${api.healthPort}/metrics`)).text()
      expect(metrics).toMatch(/^um_journeys_evicted_total\{.*\} 51$/m)
      expect(metrics).toMatch(/^um_journey_hops_total\{.*from="telegram-connector".*\} 151$/m)
    })
  })
})
