import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type RedisServer, startRedis } from '@um/testing/redis'
import { Redis } from 'ioredis'
import { keys } from '../../src/journeys/keys.ts'
import { type JourneyStore, redisJourneys } from '../../src/journeys/store.ts'
import { begin, reportOf, smooth, wireHop } from './reports.ts'

let server: RedisServer
let redis: Redis
let now: number
let store: JourneyStore
beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.url)
})
afterAll(async () => {
  redis?.disconnect()
  await server?.stop()
})
beforeEach(async () => {
  await redis.flushall()
  now = begin + 60_000
  store = redisJourneys(redis, { now: () => new Date(now) })
})

const hour = 3_600_000
const generous = { hours: 48, most: 1000, mostPerTenant: 1000 }
const write = async (message: string, more = {}, at = begin) => {
  for (const report of smooth(message, more, at)) await store.write(report)
}
const idsIn = async (index: string, options: Partial<Parameters<JourneyStore['page']>[1]> = {}) =>
  (await store.page(index, { count: 100, ...options })).map(({ id }) => id)

describe('kept journeys', () => {
  it('hold the hops of all services', async () => {
    await write('m1')

    expect((await store.find('m1'))?.hops.map(({ hop }) => hop)).toEqual([
      'received',
      'verified',
      'consumed',
      'published',
      'consumed',
      'rendered',
      'sent',
      'receipt',
    ])
    expect(await store.find('m2')).toBeUndefined()
  })

  it('are found by tenant, guest, both platforms’ ids and the IVR’s key', async () => {
    await write('m1', { key: 'call-1' })
    await write('m2', { tenantId: 't2', guest: 'g2' })

    expect(await idsIn(keys.tenant('t1'))).toEqual(['m1'])
    expect(await idsIn(keys.guest('g2'))).toEqual(['m2'])
    expect(await idsIn(keys.platformId('7:m1'))).toEqual(['m1'])
    expect(await idsIn(keys.platformId('cx-m2'))).toEqual(['m2'])
    expect(await idsIn(keys.key('call-1'))).toEqual(['m1'])
    expect(await idsIn(keys.key('call-2'))).toEqual([])
  })

  it('take a report of many messages at once', async () => {
    const messages = Array.from({ length: 200 }, () => randomUUID())

    await store.write(reportOf(messages.map((message, index) => wireHop(message, 'received', index, { platformId: `p${index}` }))))

    expect(await store.count()).toBe(200)
    expect(await idsIn(keys.platformId('p7'))).toEqual(await idsIn(keys.all, { after: { time: begin + 7001, id: '' }, count: 1 }))
    expect((await store.find(messages[199] ?? ''))?.hops).toEqual([expect.objectContaining({ hop: 'received', platformId: 'p199' })])
  })

  it('count the same report once, however often RabbitMQ delivers it', async () => {
    const [report] = smooth('m1')
    if (report === undefined) throw new Error('none')
    await store.write(report)
    await store.write(report)

    expect((await store.find('m1'))?.hops).toHaveLength(4)
    expect(await store.count()).toBe(1)
  })

  it('survive a time that is none', async () => {
    await store.write(reportOf([wireHop('m1', 'received', 0, { at: 'soon' })]))

    expect((await store.find('m1'))?.hops[0]?.at).toBe(now)
  })

  it('do not mix up with names of our own', async () => {
    for (const message of ['all', 'open', 'failed', 'news', 'tenant:t1']) await write(message)

    expect((await idsIn(keys.all)).sort()).toEqual(['all', 'failed', 'news', 'open', 'tenant:t1'])
  })

  it('of very many hops keep the first and the latest, and how many are left out', async () => {
    await store.write(reportOf([wireHop('m1', 'received', 0), wireHop('m1', 'consumed', 0)]))
    for (let attempt = 1; attempt <= 200; attempt += 1) {
      await store.write(reportOf([wireHop('m1', 'waiting', attempt), wireHop('m1', 'retry', attempt, { detail: { attempt } })]))
    }
    const found = await store.find('m1')

    expect(found?.hops[0]?.hop).toBe('received')
    expect(found?.hops.at(-1)?.detail).toEqual({ attempt: 200 })
    expect((found?.hops.length ?? 0) + (found?.leftOut ?? 0)).toBe(402)
    expect(await redis.llen(keys.journey('m1'))).toBe(41)
    expect(found?.hops.filter(({ hop }) => hop === 'retry').map(({ detail }) => detail?.attempt)).toEqual([
      ...[1, 2, 3, 4],
      ...Array.from({ length: 34 }, (_, index) => 167 + index),
    ])
  })
})

describe('candidates', () => {
  const candidates = async () => ({ open: await idsIn(keys.open), failed: await idsIn(keys.failed) })
  const tell = (hop: string, seconds: number, detail?: Record<string, string>) =>
    store.write(reportOf([wireHop('m1', hop, seconds, detail === undefined ? {} : { detail })], hop === 'replayed' ? 'api' : 'gcloudcx-connector'))

  it('for stuck are those that have not arrived', async () => {
    await tell('received', 0)
    const first = await candidates()
    await tell('retry', 1)
    const then = await candidates()
    await tell('sent', 2)

    expect([first, then]).toEqual([
      { open: ['m1'], failed: [] },
      { open: ['m1'], failed: [] },
    ])
    expect(await candidates()).toEqual({ open: [], failed: [] })
  })

  it('stay closed when an earlier hop is heard of late', async () => {
    await tell('sent', 2)
    await tell('received', 0)

    expect(await candidates()).toEqual({ open: [], failed: [] })
  })

  it('for failed come, and go when they begin anew', async () => {
    await tell('received', 0)
    await tell('dead', 1)
    const dead = await candidates()
    await tell('replayed', 2)
    const replayed = await candidates()
    await tell('sent', 3)
    const sent = await candidates()
    await tell('reported', 4, { state: 'failed' })

    expect(dead).toEqual({ open: [], failed: ['m1'] })
    expect(replayed).toEqual({ open: ['m1'], failed: [] })
    expect(sent).toEqual({ open: [], failed: [] })
    expect(await candidates()).toEqual({ open: [], failed: ['m1'] })
  })
})

describe('pages', () => {
  it('go from the latest to the first, also through many of one moment, and none comes twice', async () => {
    const messages = Array.from({ length: 25 }, (_, index) => `m${String(index).padStart(2, '0')}`)
    await store.write(reportOf(messages.map((message, index) => wireHop(message, 'received', index < 12 ? 0 : 1))))
    const seen: string[] = []
    let after: Awaited<ReturnType<JourneyStore['page']>>[number] | undefined
    for (let page = 0; page < 20; page += 1) {
      const places = await store.page(keys.all, { after, count: 4 })
      seen.push(...places.map(({ id }) => id))
      after = places.at(-1) ?? after
    }

    expect(seen).toEqual([...messages.slice(12).reverse(), ...messages.slice(0, 12).reverse()])
  })

  it('end at the given time', async () => {
    await store.write(reportOf(['a', 'b', 'c'].map((message, index) => wireHop(message, 'received', index))))

    expect(await idsIn(keys.all, { since: begin + 1000 })).toEqual(['c', 'b'])
  })
})

describe('eviction', () => {
  const allKeys = async () => (await redis.keys('*')).sort()

  it('removes what is too old with all that led to it', async () => {
    await write('old', { key: 'call-1', guest: 'g-old' }, begin - 2 * hour)
    await store.write(reportOf([wireHop('stuck', 'received', -2 * 3600, { guest: 'g-old' }), wireHop('dead', 'dead', -2 * 3600, { guest: 'g-old' })]))
    const before = await store.evict({ ...generous, hours: 3 })
    await write('young')

    const gone = await store.evict({ ...generous, hours: 1 })

    expect(before).toBe(0)
    expect(gone).toBe(3)
    expect(await idsIn(keys.all)).toEqual(['young'])
    expect(await allKeys()).toEqual(
      [keys.all, keys.journey('young'), keys.tenant('t1'), keys.guest('g1'), keys.platformId('7:young'), keys.platformId('cx-young')].sort(),
    )
  })

  it('keeps no more than so many, the latest', async () => {
    for (let index = 0; index < 30; index += 1) await write(`m${index}`, {}, begin + index * 1000)

    expect(await store.evict({ ...generous, most: 10 })).toBe(20)
    expect(await idsIn(keys.all)).toEqual(Array.from({ length: 10 }, (_, index) => `m${29 - index}`))
    // journey, two platform ids for each; all, tenant, guest
    expect(await redis.dbsize()).toBe(33)
  })

  it('lets no tenant take the room of the others', async () => {
    await write('small', { tenantId: 't2' }, begin - hour)
    for (let index = 0; index < 30; index += 1) await write(`m${index}`, {}, begin + index * 1000)

    expect(await store.evict({ ...generous, mostPerTenant: 10 })).toBe(20)
    expect(await idsIn(keys.tenant('t2'))).toEqual(['small'])
    expect(await idsIn(keys.tenant('t1'))).toHaveLength(10)
    expect(await store.evict({ ...generous, mostPerTenant: 10 })).toBe(0)
  })

  it('drops an entry whose journey has gone', async () => {
    await write('m1')
    await redis.del(keys.journey('m1'))

    await store.evict({ ...generous, most: 0 })

    expect(await idsIn(keys.all)).toEqual([])
  })
})
