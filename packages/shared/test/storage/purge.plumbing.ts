import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '../../../testing/src/eventually.ts'
import { type RedisServer, startRedis } from '../../../testing/src/redis.ts'
import { type StoredObject, type StoreRequest, storeAtProvider } from '../../src/storage/index.ts'
import { Fleet, type Replica, ShelfError, storageA, token } from './shelf.ts'

const day = 86_400
let server: RedisServer
let fleet: Fleet
let replica: Replica

beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server.stop())
beforeEach(async () => {
  fleet = new Fleet(server.url)
  replica = await fleet.replica()
})
afterEach(() => fleet.end())

let count = 0
function store(more: Partial<StoreRequest> = {}): Promise<StoredObject> {
  count += 1
  const request = { storageId: storageA.id, tenantId: 't1', guest: 'g1', sourceId: `file-${count}`, name: 'a.png', mime: 'image/png', ...more }
  return storeAtProvider({ url: replica.url, token }, request, Readable.from([Buffer.from('hello')], { objectMode: false }))
}
const ended = (guest = 'g1', at = fleet.now()): Promise<void> => replica.plumbing.conversationEnded('t1', guest, at)
const work = (): Promise<void> => replica.plumbing.worker.runOnce()
const keysOf = (...objects: StoredObject[]): string[] => objects.map(object => object.url.replace('https://shelf.example/', ''))
const left = (): string[] => [...fleet.shelf.objects.keys()]
const busy = (): never => {
  throw new ShelfError({ kind: 'retryable', why: 'busy', certain: true })
}

describe('after a conversation ended', () => {
  it('removes its objects when the purge delay is over, and not before', async () => {
    await store()
    await store()
    await ended()

    fleet.wait(299)
    await work()
    const before = left().length
    fleet.wait(1)
    await work()

    expect(before).toBe(2)
    expect(left()).toEqual([])
    expect(fleet.facts).toContainEqual({ kind: 'removed', storageId: storageA.id, objects: 2 })
    expect((await fleet.redis.keys('*')).sort()).toEqual(['ended:t1/g1', 'storages'])
  })

  it('leaves the objects of other conversations', async () => {
    const other = await store({ guest: 'g2' })
    await store()
    await ended()

    fleet.wait(300)
    await work()

    expect(left()).toEqual(keysOf(other))
  })

  it('removes at once without a delay', async () => {
    fleet.storages.set(storageA.id, { ...storageA, purgeDelay: 0 })
    await store()
    await ended()

    await work()

    expect(left()).toEqual([])
  })

  it.each([
    ['longer', 600, 300, 1],
    ['shorter', 60, 60, 0],
  ])('counts with a delay that was made %s meanwhile', async (_how, purgeDelay, waited, expected) => {
    await store()
    await ended()
    fleet.storages.set(storageA.id, { ...storageA, purgeDelay })

    fleet.wait(waited)
    await work()

    expect(left()).toHaveLength(expected)
  })

  it('counts from the first of repeated ends', async () => {
    await store()
    await ended()
    fleet.wait(200)
    await ended('g1', new Date(fleet.time - 200_000))
    await ended()

    fleet.wait(100)
    await work()

    expect(left()).toEqual([])
  })

  it('leaves what the guest sends in the next conversation, until that one ends', async () => {
    await store()
    await ended()
    fleet.wait(100)
    const next = await store()

    fleet.wait(10_000)
    await work()
    const between = left()
    await ended()
    fleet.wait(300)
    await work()

    expect(between).toEqual(keysOf(next))
    expect(left()).toEqual([])
  })

  it('gives an object that came late a delay of its own', async () => {
    const at = fleet.now()
    await store({ at })
    fleet.wait(1)
    await ended()
    fleet.wait(250)
    const late = await store({ at })

    fleet.wait(50)
    await work()
    const between = left()
    fleet.wait(250)
    await work()

    expect(between).toEqual(keysOf(late))
    expect(left()).toEqual([])
  })

  it('removes what was being stored when the end came', async () => {
    let release = (): void => undefined
    fleet.shelf.beforePut = () =>
      new Promise(resolve => {
        release = resolve
      })
    const stored = store()
    await eventually(async () => expect(await fleet.redis.zcard('storing')).toBe(1))
    fleet.wait(1)
    await ended()
    release()
    await stored

    fleet.wait(300)
    await work()

    expect(left()).toEqual([])
  })

  it('knows each storage its own delay', async () => {
    fleet.storages.set('slow', { ...storageA, id: 'slow', purgeDelay: 3600 })
    const kept = await store({ storageId: 'slow' })
    await store()
    await ended()

    fleet.wait(300)
    await work()
    const between = left()
    fleet.wait(3300)
    await work()

    expect(between).toEqual(keysOf(kept))
    expect(left()).toEqual([])
  })

  it('is remembered by the next process', async () => {
    await store()
    await ended()
    await replica.stop()
    await server.restart()

    const next = await fleet.replica()
    fleet.wait(300)
    await next.plumbing.worker.runOnce()

    expect(left()).toEqual([])
  })

  it('is worked off by one of several replicas', async () => {
    const others = [await fleet.replica(), await fleet.replica()]
    for (let index = 0; index < 20; index += 1) await store({ guest: `g${index}` })
    for (let index = 0; index < 20; index += 1) await ended(`g${index}`)

    fleet.wait(300)
    await Promise.all([work(), ...others.map(other => other.plumbing.worker.runOnce())])
    await work()

    expect(left()).toEqual([])
    expect(fleet.shelf.removals).toHaveLength(20)
  })

  it('starts by itself, wakes for what is due at once, and ends when it is told', async () => {
    fleet.storages.set(storageA.id, { ...storageA, purgeDelay: 0 })
    replica.plumbing.worker.start()
    await store()

    await ended()

    await eventually(() => expect(left()).toEqual([]), { withinMs: 2000 })
    await replica.plumbing.worker.stop()
  })

  it('does not wait for the configuration of a storage, but for its coming', async () => {
    await store()
    await ended()
    fleet.storages.clear()

    fleet.wait(300)
    await work()
    const without = left().length
    fleet.storages.set(storageA.id, storageA)
    await work()

    expect(without).toBe(1)
    expect(left()).toEqual([])
  })
})

describe('when removing fails', () => {
  beforeEach(async () => {
    await store()
    await ended()
    fleet.shelf.beforeRemove = busy
    fleet.wait(300)
    await work()
  })

  it('tries again after 1, 5, 15 and 60 minutes', async () => {
    let attempts = 0
    fleet.shelf.beforeRemove = () => {
      attempts += 1
      busy()
    }
    const seen: number[] = []
    for (const minutes of [1, 5, 15, 60]) {
      fleet.wait(minutes * 60 - 1)
      await work()
      seen.push(attempts)
      fleet.wait(1)
      await work()
      seen.push(attempts)
    }

    expect(seen).toEqual([0, 1, 1, 2, 2, 3, 3, 4])
    expect(fleet.facts.filter(fact => fact.kind === 'removalFailed').map(fact => fact.attempt)).toEqual([1, 2, 3, 4, 5])
  })

  it('ends with success as soon as there is one', async () => {
    fleet.shelf.beforeRemove = () => undefined

    fleet.wait(60)
    await work()

    expect(left()).toEqual([])
    expect(await fleet.redis.keys('purge*')).toEqual([])
  })

  it('stops after a week, keeps the records, and tries once more by age', async () => {
    let attempts = 0
    fleet.shelf.beforeRemove = () => {
      attempts += 1
      busy()
    }
    for (const minutes of [1, 5, 15, 60]) {
      fleet.wait(minutes * 60)
      await work()
    }
    for (let days = 0; days < 10; days += 1) {
      fleet.wait(day)
      await work()
    }
    const purges = await fleet.redis.keys('purge*')
    fleet.shelf.beforeRemove = () => undefined
    fleet.wait(30 * day)
    await work()

    expect(attempts).toBe(11)
    expect(purges).toEqual([])
    expect(left()).toEqual([])
  })

  it('does not count being asked to slow down', async () => {
    fleet.facts.length = 0
    fleet.shelf.beforeRemove = () => {
      throw new ShelfError({ kind: 'rateLimited', why: 'slow down', afterSeconds: 30, scope: 'tenant' })
    }
    fleet.wait(60)
    await work()
    fleet.shelf.beforeRemove = () => undefined

    fleet.wait(29)
    await work()
    const before = left().length
    fleet.wait(1)
    await work()

    expect(before).toBe(1)
    expect(left()).toEqual([])
    expect(fleet.facts.filter(fact => fact.kind === 'removalFailed')).toEqual([])
  })

  it('does not hold up other conversations', async () => {
    const [stuck] = left()
    const other = await store({ guest: 'g2' })
    await ended('g2')
    fleet.shelf.beforeRemove = keys => {
      if (keys.includes(stuck ?? '')) busy()
    }

    fleet.wait(300)
    await work()

    expect(left()).toEqual([stuck])
    expect(left()).not.toEqual(keysOf(other))
  })
})

describe('by age', () => {
  it('removes what is older than the storage allows, hourly', async () => {
    fleet.storages.set(storageA.id, { ...storageA, settings: { code: 'x', maxAge: 2 * day } })
    await store()
    fleet.wait(day)
    const young = await store()
    await work()
    const before = left().length
    fleet.wait(day + 1)

    await work()

    expect(before).toBe(2)
    expect(left()).toEqual(keysOf(young))
  })

  it('keeps everything when it is off', async () => {
    fleet.storages.set(storageA.id, { ...storageA, settings: { code: 'x', maxAge: 0 } })
    await store()

    fleet.wait(3650 * day)
    await work()

    expect(left()).toHaveLength(1)
  })

  it('says when it cannot', async () => {
    await store()
    fleet.shelf.beforeRemove = busy

    fleet.wait(31 * day)
    await work()

    expect(fleet.facts).toContainEqual(expect.objectContaining({ kind: 'removalFailed', storageId: storageA.id }))
    expect(left()).toHaveLength(1)
  })

  it('removes a thousand at a time', async () => {
    const ids = Array.from({ length: 1001 }, (_, index) => `old-${index}`)
    for (const id of ids) {
      const fields = {
        storageId: storageA.id,
        tenantId: 't1',
        guest: 'g',
        key: `gum/${id}`,
        name: '',
        mime: '',
        source: `source:${id}`,
        at: 1,
        startedAt: 1,
        storedAt: 1,
      }
      await fleet.redis.multi().hset(`object:${id}`, fields).zadd(`stored:${storageA.id}`, 1, id).sadd('storages', storageA.id).exec()
    }

    await work()

    expect(fleet.shelf.removals.map(keys => keys.length)).toEqual([1000, 1])
    expect(await fleet.redis.keys('object:*')).toEqual([])
  })

  it('forgets a storage a week after its configuration is gone', async () => {
    await store()
    await ended()
    fleet.storages.clear()
    await work()

    fleet.wait(7 * day - 1)
    await work()
    const before = await fleet.redis.keys('object:*')
    fleet.wait(3601)
    await work()

    expect(before).toHaveLength(1)
    expect(await fleet.redis.keys('*')).toEqual(['ended:t1/g1'])
    expect(fleet.logged.join()).toContain('a storage is gone')
  })
})
