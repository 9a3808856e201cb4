import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually, eventualValue, type RedisServer, startRedis } from '@um/testing'
import { Redis } from 'ioredis'
import { AgentPool, AllowList } from '../src/http/index.ts'
import { createMetrics } from '../src/metrics/index.ts'
import { RedisHoldBack } from '../src/notify/hold-back.ts'
import { createNotifier } from '../src/notify/index.ts'
import { readEnvironment } from '../src/service/environment.ts'
import { FleetSettings } from '../src/settings/index.ts'
import { Listener } from './notify/listener.ts'
import { recovered, refused } from './notify/notices.ts'
import { recordingLog } from './notify/recording-log.ts'

let server: RedisServer
let clients: [Redis, Redis]
beforeAll(async () => {
  server = await startRedis()
  clients = [new Redis(server.url), new Redis(server.url)]
}, 60_000)
beforeEach(() => clients[0].flushall())
afterAll(async () => {
  for (const client of clients ?? []) client.disconnect()
  await server?.stop()
})
const key = 'gum/acme-prod/line/t/refused'
const replicas = () => clients.map(client => new RedisHoldBack(client)) as [RedisHoldBack, RedisHoldBack]
/** Milliseconds until a repeat is told again, and what it says was held back before. */
async function untilTold(holdBack: RedisHoldBack, steps: readonly number[]): Promise<{ waited: number; held: number }> {
  const started = performance.now()
  let asked = 0
  const held = await eventualValue(
    async () => {
      const answer = await holdBack.claim(key, steps)
      if (answer === undefined) asked += 1
      return answer
    },
    { everyMs: 5 },
  )
  expect(held).toBe(asked)
  return { waited: performance.now() - started, held }
}

describe('the hold-back of repeats', () => {
  it('lets one of all replicas tell', async () => {
    const [a, b] = replicas()

    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? a : b).claim(key, [900, 3600])))

    expect(answers.filter(answer => answer !== undefined)).toEqual([0])
  })

  it('holds back longer each time, the last time goes on, and says how many were held back', async () => {
    const [a] = replicas()
    const steps = [0.06, 0.12]

    expect(await a.claim(key, steps)).toBe(0)
    const first = await untilTold(a, steps)
    const second = await untilTold(a, steps)
    const third = await untilTold(a, steps)

    expect(first.waited).toBeGreaterThanOrEqual(55)
    expect(first.waited).toBeLessThan(110)
    for (const { waited, held } of [second, third]) {
      expect(waited).toBeGreaterThanOrEqual(110)
      expect(held).toBeGreaterThan(0)
    }
  })

  it('knows at the end of a trouble whether it was told, once for all replicas', async () => {
    const [a, b] = replicas()
    await a.claim(key, [900])

    expect(await b.clear(key)).toBe(true)
    expect(await a.clear(key)).toBe(false)
    expect(await a.claim(key, [900])).toBe(0)
  })

  it('begins anew after a quiet day', async () => {
    const [a] = replicas()
    await clients[0].hset(`notify:${key}`, { until: Date.now() - 86_400_000 - 5000, step: 3, held: 4 })

    expect(await a.claim(key, [900, 3600, 21_600])).toBe(4)

    expect(await clients[0].hget(`notify:${key}`, 'step')).toBe('1')
  })

  it('goes on where it was after less than a day', async () => {
    const [a] = replicas()
    await clients[0].hset(`notify:${key}`, { until: Date.now() - 80_000_000, step: 1, held: 0 })

    await a.claim(key, [900, 3600, 21_600])

    const { until, step } = await clients[0].hgetall(`notify:${key}`)
    expect(step).toBe('2')
    expect(Number(until) - Date.now()).toBeGreaterThan(3_590_000)
    expect(Number(until) - Date.now()).toBeLessThanOrEqual(3_600_000)
  })

  it('remembers for a month, not for ever', async () => {
    const [a] = replicas()
    await a.claim(key, [900])

    expect(await clients[0].ttl(`notify:${key}`)).toBeGreaterThan(29 * 86_400)
    expect(await clients[0].ttl(`notify:${key}`)).toBeLessThanOrEqual(30 * 86_400)
  })
})

describe('the notifiers of two replicas', () => {
  it('tell a trouble and its end once between them, and each its own stop', async () => {
    const listener = await Listener.start()
    const settings = FleetSettings.parse({
      notifiers: [{ id: '0b5a1c1e-3c64-4f0e-8d3c-1f2b6f0f9a11', type: 'discord', settings: { webhookUrl: `${listener.url}/hook` } }],
    })
    const replica = (name: string, redis: Redis) =>
      createNotifier({
        service: {
          name: 'line-connector',
          label: 'LINE Connector',
          version: '1.0.14',
          environment: readEnvironment({ SECRET_KEY: 'a-secret-of-the-tests-0123456789', INTERNAL_TOKEN: 'an-internal-token-of-the-tests', POD_NAME: name }),
          redis,
          log: recordingLog([]),
          metrics: createMetrics({}),
        },
        settings: () => settings,
        agents: new AgentPool(new AllowList([]), () => null),
      })
    const [a, b] = [replica('pod-a', clients[0]), replica('pod-b', clients[1])]
    const told = () => listener.heard.map(({ body }) => (body.embeds as [{ description: string }])[0].description)

    for (const notifier of [a, b]) notifier.notify(refused)
    await eventually(async () => expect(await clients[0].hget('notify:gum/local/line/259bb4e2-f7e5-4b06-9a51-c528f412404b/token-refused', 'held')).toBe('1'))
    for (const notifier of [a, b]) notifier.notify(recovered)
    await eventually(async () => expect(await clients[0].keys('notify:*')).toEqual([]))
    await Promise.all([a.close(), b.close()])

    const line = 'LINE Connector 1.0.14 is stopping'
    await listener.stop()
    expect(told().sort()).toEqual([line, line, refused.message, recovered.message])
  })
})
