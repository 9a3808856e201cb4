import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type RedisServer, startRedis } from '@um/testing'
import { Redis } from 'ioredis'
import { Budgets, type Priority, priorities, TenantGate } from '../src/flow/index.ts'

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

describe('a budget', () => {
  const replicas = () => clients.map(client => new Budgets(client)) as [Budgets, Budgets]
  const rule = (limit: number, perSeconds = 60, key = 'all') => ({ key, limit, perSeconds })
  /** How many draws in a row are granted. */
  const drawAll = async (budgets: Budgets, rules: ReturnType<typeof rule>[], priority: Priority = 'agent') => {
    for (let granted = 0; ; granted += 1) if ((await budgets.draw('line', rules, priority)) > 0) return granted
  }

  it('is there in full at once, and then is used up', async () => {
    const [a] = replicas()

    expect(await drawAll(a, [rule(25)])).toBe(25)
    expect(await a.draw('line', [rule(25)], 'agent')).toBeGreaterThan(0)
  })

  it('goes on after Redis has forgotten all scripts, as a new Redis has', async () => {
    const [a] = replicas()
    await a.draw('line', [rule(25)], 'agent')

    await clients[1].script('FLUSH')

    expect(await drawAll(a, [rule(25)])).toBe(24)
  })

  it('is shared by replicas', async () => {
    const [a, b] = replicas()

    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? a : b).draw('line', [rule(25)], 'agent')))

    expect(answers.filter(wait => wait === 0)).toHaveLength(25)
  })

  it.each([
    ['0.023', 0.023, 5],
    ['0.095', 0.095, 20],
    ['0.25', 0.25, 50],
  ])('never exceeds its limit in any window of %s s', async (_name, perSeconds, limit) => {
    const [a, b] = replicas()
    const grants: { before: number; after: number }[] = []
    const until = performance.now() + 700

    while (performance.now() < until) {
      const before = performance.now()
      const wait = await (grants.length % 2 === 0 ? a : b).draw('line', [rule(limit, perSeconds)], 'agent')
      if (wait === 0) grants.push({ before, after: performance.now() })
      else await sleep(grants.length % 3)
    }

    // the server granted each between `before` and `after`: more than the limit between one's `before` and another's `after` is certain
    const tooMany = grants.filter(({ before }, index) => (grants[index + limit]?.after ?? Number.POSITIVE_INFINITY) - before < perSeconds * 1000)
    expect(tooMany).toHaveLength(0)
    expect(grants.length).toBeGreaterThan(limit)
  })

  it('is there again after the wait that it names', async () => {
    const [a] = replicas()
    await drawAll(a, [rule(3, 0.12)])

    const wait = await a.draw('line', [rule(3, 0.12)], 'agent')
    await sleep(wait + 2)

    expect(wait).toBeLessThanOrEqual(130)
    expect(await a.draw('line', [rule(3, 0.12)], 'agent')).toBe(0)
  })

  it('leaves a share to those who go first', async () => {
    const [a] = replicas()
    const order = ['typing', 'receipt', 'failedReceipt', 'ivr', 'guest', 'agent'] as const
    const granted: number[] = []

    for (const priority of order) granted.push(await drawAll(a, [rule(100)], priority))

    expect(granted).toEqual([50, 20, 20, 5, 3, 2])
    expect(Object.keys(priorities).sort()).toEqual([...order].sort())
  })

  it('of one is for everybody', async () => {
    const [a] = replicas()

    expect(await drawAll(a, [rule(1)], 'typing')).toBe(1)
  })

  it('is drawn from together with others, or not at all', async () => {
    const [a] = replicas()
    const [tenant, guest] = [rule(10, 60, 'tenant'), rule(1, 60, 'guest')]

    expect(await drawAll(a, [tenant, guest])).toBe(1)
    await a.draw('line', [tenant, guest], 'agent')

    expect(await drawAll(a, [tenant])).toBe(9)
  })

  it('is for its key and its connector alone', async () => {
    const [a] = replicas()
    await drawAll(a, [rule(1)])

    expect(await a.draw('line', [rule(1, 60, 'other')], 'agent')).toBe(0)
    expect(await a.draw('telegram', [rule(1)], 'agent')).toBe(0)
    expect(await a.draw('line', [], 'agent')).toBe(0)
  })

  it('leaves nothing behind', async () => {
    const [a] = replicas()
    await a.draw('line', [rule(5, 1)], 'agent')

    for (const key of await clients[0].keys('*')) expect(await clients[0].pttl(key)).toBeGreaterThan(0)
  })
})

describe('a budget that the platform has closed', () => {
  const rules = [{ key: 'all', limit: 100, perSeconds: 1 }]

  it('is closed for all replicas until the time that the platform named', async () => {
    const [a, b] = clients.map(client => new Budgets(client)) as [Budgets, Budgets]
    const begun = performance.now()
    await a.block('line', 'all', 0.2)

    for (let draws = 0; (await (draws % 2 === 0 ? a : b).draw('line', rules, 'agent')) > 0; draws += 1) await sleep(3)

    expect(performance.now() - begun).toBeGreaterThanOrEqual(200)
  })

  it('names the rest of that time, and is open afterwards', async () => {
    const [a, b] = clients.map(client => new Budgets(client)) as [Budgets, Budgets]
    await a.block('line', 'all', 0.2)

    const wait = await b.draw('line', rules, 'agent')
    await sleep(wait + 2)

    expect(wait).toBeLessThanOrEqual(200)
    expect(await b.draw('line', rules, 'agent')).toBe(0)
  })

  it('does not open earlier because of a shorter answer to another call', async () => {
    const [a, b] = clients.map(client => new Budgets(client)) as [Budgets, Budgets]
    await a.block('line', 'all', 5)
    await b.block('line', 'all', 0.05)

    expect(await a.draw('line', rules, 'agent')).toBeGreaterThan(4000)
  })

  it('is closed longer when the platform says so later', async () => {
    const [a, b] = clients.map(client => new Budgets(client)) as [Budgets, Budgets]
    await a.block('line', 'all', 0.05)
    await b.block('line', 'all', 5)

    expect(await a.draw('line', rules, 'agent')).toBeGreaterThan(4000)
  })

  it('keeps nobody from others', async () => {
    const [a] = clients.map(client => new Budgets(client)) as [Budgets, Budgets]
    await a.block('line', 'all', 5)

    expect(await a.draw('line', [{ key: 'other', limit: 1, perSeconds: 1 }], 'agent')).toBe(0)
  })
})

describe('a tenant’s gate', () => {
  let now: number
  beforeEach(() => {
    now = Date.parse('2026-02-03T04:05:06Z')
  })
  const replicas = () => clients.map(redis => new TenantGate({ redis, name: 'line', now: () => now })) as [TenantGate, TenantGate]

  it('is open at first', async () => {
    const [a] = replicas()

    expect(await a.enter('t1')).toBe(0)
    expect(await a.state('t1')).toBeUndefined()
  })

  it('is paused for all replicas, told once, and for no other tenant', async () => {
    const [a, b] = replicas()

    expect(await a.pause('t1', 'token refused')).toBe(true)
    expect(await b.pause('t1', 'token refused')).toBe(false)

    expect(await b.state('t1')).toMatchObject({ kind: 'paused', why: 'token refused', since: now })
    expect(await b.enter('t1')).toBeGreaterThan(5000)
    expect(await b.enter('t2')).toBe(0)
  })

  it('lets one replica at a time try once the wait is over', async () => {
    const [a, b] = replicas()
    await a.pause('t1', 'x')
    expect(await a.enter('t1')).toBeLessThanOrEqual(5500)
    now += 5001

    const waits = await Promise.all([a.enter('t1'), b.enter('t1'), a.enter('t1'), b.enter('t1')])

    expect(waits.filter(wait => wait === 0)).toHaveLength(1)
    for (const wait of waits.filter(each => each > 0)) {
      expect(wait).toBeGreaterThanOrEqual(1500)
      expect(wait).toBeLessThanOrEqual(3000)
    }
  })

  it.each<[string, (gate: TenantGate) => Promise<unknown>, number[]]>([
    ['a paused tenant', gate => gate.pause('t1', 'x'), [5, 10, 20, 40, 80, 160, 300, 300]],
    [
      'a broken platform',
      async gate => {
        for (let times = 0; times < ((await gate.state('t1')) === undefined ? 5 : 1); times += 1) await gate.failed('t1', 'x')
      },
      [1, 2, 4, 8, 15, 15],
    ],
  ])('waits longer each time for %s', async (_name, close, seconds) => {
    const [a] = replicas()
    const waits: number[] = []

    for (const _step of seconds) {
      await close(a)
      waits.push(((await a.state('t1'))?.nextProbe ?? 0) - now)
      now += 400_000
    }

    expect(waits).toEqual(seconds.map(each => each * 1000))
  })

  it('closes at the fifth failure in a row, not before', async () => {
    const [a] = replicas()

    for (let times = 0; times < 4; times += 1) await a.failed('t1', 'HTTP 503')
    await a.worked('t1')
    for (let times = 0; times < 4; times += 1) await a.failed('t1', 'HTTP 503')
    expect(await a.state('t1')).toBeUndefined()
    await a.failed('t1', 'HTTP 503')

    expect(await a.state('t1')).toMatchObject({ kind: 'broken', why: 'HTTP 503' })
  })

  it('stays paused, for its own reason, whatever else fails', async () => {
    const [a] = replicas()
    await a.pause('t1', 'token refused')

    await a.failed('t1', 'HTTP 503')

    expect(await a.state('t1')).toMatchObject({ kind: 'paused', why: 'token refused' })
  })

  it('turns from broken to paused, which is told', async () => {
    const [a] = replicas()
    for (let times = 0; times < 5; times += 1) await a.failed('t1', 'HTTP 503')
    const before = await a.state('t1')
    now += 60_000

    expect(await a.pause('t1', 'token refused')).toBe(true)

    expect(await a.state('t1')).toMatchObject({ kind: 'paused', since: before?.since, strikes: 0 })
  })

  it('opens when something worked, told by one replica', async () => {
    const [a, b] = replicas()
    await a.pause('t1', 'token refused')
    await b.enter('t1')

    const [told, again] = [await a.worked('t1'), await b.worked('t1')]

    expect(told).toMatchObject({ kind: 'paused', why: 'token refused' })
    expect(again).toBeUndefined()
    expect([await a.enter('t1'), await b.enter('t1')]).toEqual([0, 0])
  })

  it('is heard of by other replicas within a second', async () => {
    const [a, b] = replicas()
    await b.enter('t1')
    await a.pause('t1', 'x')

    expect(await b.enter('t1')).toBe(0)
    now += 1000

    expect(await b.enter('t1')).toBeGreaterThan(0)
  })
})
