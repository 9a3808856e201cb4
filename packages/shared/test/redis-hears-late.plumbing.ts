import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually, type RedisServer, startRedis } from '@um/testing'
import { Redis } from 'ioredis'
import { type Broker, exchanges } from '../src/amqp/index.ts'
import { Spool } from '../src/engine/spool.ts'
import { LaneOwnership, Parking } from '../src/lanes/index.ts'
import { createMetrics } from '../src/metrics/index.ts'
import type { AnyEnvelope } from '../src/model/index.ts'
import { recordingLog } from './notify/recording-log.ts'

let server: RedisServer
let redis: Redis
beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.url)
}, 60_000)
beforeEach(() => redis.flushall())
afterAll(async () => {
  redis?.disconnect()
  await server?.stop()
}, 60_000)
const log = recordingLog([])

/** Published by a spool, in order; `published` is called with each before it is confirmed. */
function spool(publish: (id: string) => void | Promise<void>) {
  const metrics = createMetrics({})
  const broker = {
    isUp: true,
    onChange: () => undefined,
    publish: async (_exchange: string, _key: string, message: AnyEnvelope) => publish(message.id),
  } as unknown as Broker
  return { metrics, spool: new Spool({ redis, broker, log, depth: metrics.gauge('depth', 'waiting') }) }
}
const row = (id: string) => JSON.stringify({ exchange: exchanges.messages, key: 'event.alpha.00', conversation: 'tenant/guest', envelope: { id } })

describe('the spool', () => {
  it('leaves alone what took the place of the messages that it has relayed', async () => {
    const published: string[] = []
    await redis.rpush('spool:00', row('1'))
    const relay = spool(async id => {
      published.push(id)
      if (id !== '1' || published.length > 1) return
      // another replica, whose lock ended later than it thinks, has relayed the row too, and the next one came in
      await redis.lpop('spool:00')
      await redis.rpush('spool:00', row('2'))
    })

    await eventually(async () => expect(await redis.llen('spool:00')).toBe(0))

    await relay.spool.stop()
    expect(published).toEqual(['1', '2'])
  })

  it('relays the other lanes while another replica relays one of them, and tells how many wait there', async () => {
    const published: string[] = []
    await redis.set('lock:spool:00', 'another replica')
    await redis.rpush('spool:00', row('a'))
    await redis.rpush('spool:07', row('b'))

    const relay = spool(id => void published.push(id))

    await eventually(() => expect(published).toEqual(['b']))
    await redis.del('spool:00')
    await eventually(() => expect(relay.metrics.render()).toContain('depth{lane="00"} 0'))
    await relay.spool.stop()
  })
})

describe('the spool, while Redis is away', () => {
  /** A replica whose broker and Redis are switched off and on by the test. */
  function replica() {
    const changed: (() => void)[] = []
    const broker = { isUp: true, onChange: (listener: () => void) => void changed.push(listener), publish: async () => undefined }
    const client = new Redis(server.url, { enableOfflineQueue: false, lazyConnect: true, retryStrategy: () => null })
    const metrics = createMetrics({})
    const spool = new Spool({ redis: client, broker: broker as unknown as Broker, log, depth: metrics.gauge('depth', 'waiting') })
    const broken = (isUp: boolean) => {
      broker.isUp = isUp
      for (const listener of changed) listener()
    }
    return { client, spool, broken, publish: () => spool.publish('05', JSON.parse(row('m'))) }
  }

  it('lets nothing past messages that it may hold', async () => {
    const a = replica()
    await a.client.connect()
    await eventually(async () => expect(await a.publish()).toBe('published'))
    a.broken(false)
    expect(await a.publish()).toBe('spooled')

    a.client.disconnect()
    a.broken(true)

    await expect(a.publish()).rejects.toThrow('neither RabbitMQ nor Redis')
    await a.spool.stop()
  })

  it('takes the direct way when the broker was there all the time', async () => {
    const a = replica()
    await a.client.connect()
    await eventually(async () => expect(await a.publish()).toBe('published'))

    a.client.disconnect()

    expect(await a.publish()).toBe('published')
    await a.spool.stop()
  })
})

describe('the parking', () => {
  it('gives up the head only for the message that was handled', async () => {
    const parking = new Parking({ redis, kind: 'message' })
    await parking.load(3)
    const [first, second] = [Buffer.from('first \u{1F44B}'), Buffer.from('second')]
    await parking.park(3, 'tenant/guest', [first, second], 0)

    await parking.shift(3, 'tenant/guest', first)
    await parking.shift(3, 'tenant/guest', first)

    expect(await parking.head(3, 'tenant/guest')).toEqual(second)
    await parking.shift(3, 'tenant/guest', second)
    expect(parking.isParked(3, 'tenant/guest')).toBe(false)
    expect(await redis.get('park:message:bytes')).toBe('0')
  })
})

describe('lanes', () => {
  it('stay where they are when Redis took nothing for longer than their leases', async () => {
    const moved: string[] = []
    const replica = (name: string) => {
      const client = new Redis(server.url)
      const worker = {
        start: async () => undefined,
        stop: async (lane: number) => void moved.push(`${name} stops ${lane}`),
      }
      return { client, lanes: new LaneOwnership({ redis: client, replica: name, worker, log }) }
    }
    const [a, b] = [replica('a'), replica('b')]
    await a.lanes.start()
    // their beats fall apart: one of them is the first to be heard again
    await sleep(500)
    await b.lanes.start()
    await eventually(() => expect([a.lanes.lanes().size, b.lanes.lanes().size]).toEqual([8, 8]))
    moved.length = 0

    await redis.config('SET', 'min-replicas-to-write', '1')
    await sleep(8000)
    await redis.config('SET', 'min-replicas-to-write', '0')

    // several beats of both
    await sleep(3500)
    expect(moved).toEqual([])
    expect([a.lanes.lanes().size, b.lanes.lanes().size]).toEqual([8, 8])
    await Promise.all([a.lanes.stop(), b.lanes.stop()])
    a.client.disconnect()
    b.client.disconnect()
  }, 60_000)
})
