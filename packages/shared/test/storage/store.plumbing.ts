import { PassThrough, Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '../../../testing/src/eventually.ts'
import { type RedisServer, startRedis } from '../../../testing/src/redis.ts'
import { removeAtProvider, StoreFailed, type StoreRequest, storeAtProvider } from '../../src/storage/index.ts'
import { Fleet, type Replica, ShelfError, storageA, token } from './shelf.ts'

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

const request: StoreRequest = { storageId: storageA.id, tenantId: 't1', guest: '+4512345678', sourceId: 'file-1', name: '写真 1.png', mime: 'image/png' }
function store(bytes: Buffer | Readable, more: Partial<StoreRequest> = {}, at = replica) {
  const body = bytes instanceof Readable ? bytes : Readable.from([bytes], { objectMode: false })
  return storeAtProvider({ url: at.url, token }, { ...request, ...more }, body)
}
async function failureOf(promise: Promise<unknown>): Promise<StoreFailed> {
  try {
    await promise
  } catch (error) {
    if (error instanceof StoreFailed) return error
    throw error
  }
  throw new Error('it did not fail')
}
const hello = Buffer.from('hello')
const onlyObject = () => {
  expect(fleet.shelf.objects.size).toBe(1)
  const [object] = fleet.shelf.objects.values()
  if (object === undefined) throw new Error('no object')
  return object
}

describe('storing', () => {
  it('passes the bytes on and answers where they are', async () => {
    const answer = await store(hello, { size: 5 })

    const object = onlyObject()
    expect(object.bytes).toEqual(hello)
    expect(object.key).toMatch(/^gum\/t1\/[0-9a-f]{32}\/[0-9a-f]{32}-写真 1\.png$/)
    expect(object).toMatchObject({
      mime: 'image/png',
      disposition: "inline; filename*=UTF-8''%E5%86%99%E7%9C%9F%201.png",
      cacheControl: 'private, max-age=300',
      size: 5,
    })
    expect(answer).toEqual({ objectId: expect.any(String), url: `https://shelf.example/${object.key}`, name: '写真 1.png', mime: 'image/png', size: 5 })
    expect(fleet.facts).toContainEqual({ kind: 'stored', storageId: storageA.id, bytes: 5, milliseconds: 0 })
  })

  it('shows the guest neither in the key nor in the metadata', async () => {
    await store(hello)

    const { key, metadata } = onlyObject()
    expect(JSON.stringify({ key, metadata })).not.toContain('4512345678')
    expect(metadata).toMatchObject({ tenant: 't1' })
  })

  it('does not know the size of what comes without one', async () => {
    const answer = await store(hello)

    expect(onlyObject()).not.toHaveProperty('size')
    expect(answer.size).toBe(5)
  })

  it('tells the truth about a page that calls itself an image', async () => {
    const answer = await store(Buffer.from('<!doctype html><script>alert(1)</script>'))

    expect(onlyObject()).toMatchObject({ mime: 'text/html', disposition: expect.stringMatching(/^attachment;/) })
    expect(answer.mime).toBe('text/html')
  })

  it('takes names and types as odd as they come', async () => {
    const answer = await store(hello, { name: `${'写'.repeat(5000)}.png`, mime: `image/${'x'.repeat(3000)}` })

    expect(answer.name).toMatch(/^写+\.png$/)
    expect(answer.mime).toBe('image/png')
  })

  it('gives a repeat the first answer, without storing or reading it again', async () => {
    const first = await store(hello)
    const unread = new PassThrough()

    const second = await store(unread)

    expect(second).toEqual(first)
    expect(fleet.shelf.objects.size).toBe(1)
    expect(unread.destroyed).toBe(true)
  })

  it('signs the URL of a repeat again when URLs expire', async () => {
    fleet.shelf.lifetimeSeconds = 3600
    const first = await store(hello)
    fleet.wait(1800)

    const second = await store(hello)

    expect(second.objectId).toBe(first.objectId)
    expect(first.expiresAt).toBe('2026-03-04T06:06:07.000Z')
    expect(second.expiresAt).toBe('2026-03-04T06:36:07.000Z')
    expect(second.url).not.toBe(first.url)
  })

  it.each<[string, Partial<StoreRequest>]>([
    ['source', { sourceId: 'file-2' }],
    ['guest', { guest: '+4512345679' }],
    ['tenant', { tenantId: 't2' }],
  ])('stores the same bytes of another %s apart', async (_what, more) => {
    const first = await store(hello)

    const second = await store(hello, more)

    expect(second.objectId).not.toBe(first.objectId)
    expect(fleet.shelf.objects.size).toBe(2)
  })

  it('lets one of two replicas store, and asks the other to come back', async () => {
    const other = await fleet.replica()
    const slow = new PassThrough()
    slow.write(Buffer.alloc(5000))
    const first = store(slow)
    await eventually(() => expect(fleet.shelf.objects.size).toBe(1))

    const refused = await failureOf(store(hello, {}, other))
    slow.end()

    expect(refused).toMatchObject({ status: 409, isRetryable: true, afterSeconds: 2 })
    expect(await store(hello, {}, other)).toEqual(await first)
  })

  it('stores again after a crash half-way, once its claim has ended, and removes what was left', async () => {
    const slow = new PassThrough()
    slow.write(Buffer.alloc(5000))
    const doomed = failureOf(store(slow))
    await eventually(() => expect(fleet.shelf.objects.size).toBe(1))
    const [leftKey] = fleet.shelf.objects.keys()
    // what a dead process leaves: its records as they were, its claim until it ends
    const records = await Promise.all((await fleet.redis.keys('object:*')).map(async key => [key, await fleet.redis.hgetall(key)] as const))
    const storing = await fleet.redis.zrangebyscore('storing', '-inf', '+inf', 'WITHSCORES')
    await replica.stop()
    await doomed
    for (const [key, fields] of records) await fleet.redis.hset(key, fields)
    await fleet.redis.zadd('storing', storing[1] ?? '', storing[0] ?? '')
    fleet.shelf.objects.set(leftKey ?? '', { key: leftKey ?? '', mime: '', disposition: '', cacheControl: '', metadata: {}, bytes: Buffer.alloc(5000) })
    const survivor = await fleet.replica()

    const answer = await store(hello, {}, survivor)
    await survivor.plumbing.worker.runOnce()
    expect(fleet.shelf.objects.has(leftKey ?? '')).toBe(true)
    fleet.wait(121)
    await survivor.plumbing.worker.runOnce()

    expect(answer.size).toBe(5)
    expect([...fleet.shelf.objects.keys()]).toEqual([expect.not.stringContaining(leftKey ?? '')])
  })
})

describe('refusing', () => {
  it.each([undefined, 'Bearer wrong-token-wrong-token-', `Basic ${token}`, `Bearer ${token}x`])('answers 401 to %j', async authorization => {
    const answer = await fetch(`${replica.url}/internal/objects?storageId=a`, {
      method: 'PUT',
      body: 'x',
      headers: authorization === undefined ? {} : { authorization },
    })

    expect(answer.status).toBe(401)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await answer.json()).toMatchObject({ retryable: false })
  })

  it('names the fields that are wrong', async () => {
    const answer = await fetch(`${replica.url}/internal/objects?storageId=a&tenantId=../x&guest=g`, {
      method: 'PUT',
      body: 'x',
      headers: { authorization: `Bearer ${token}` },
    })

    expect(answer.status).toBe(422)
    expect(await answer.json()).toMatchObject({ retryable: false, errors: [{ pointer: '/tenantId' }, { pointer: '/sourceId' }] })
  })

  it('does not know a storage whose configuration has not come yet', async () => {
    expect(await failureOf(store(hello, { storageId: 'other' }))).toMatchObject({ status: 404, isRetryable: true })
  })

  it('does not use settings that are not valid', async () => {
    fleet.storages.set('broken', { ...storageA, id: 'broken', settings: { code: 5 } })

    expect(await failureOf(store(hello, { storageId: 'broken' }))).toMatchObject({ status: 404 })
    expect(fleet.logged.join()).toContain('not valid')
  })

  describe('a file that is too large', () => {
    beforeEach(() => {
      fleet.storages.set(storageA.id, { ...storageA, settings: { code: 'x', maxFileSize: 100_000 } })
    })

    it('at once when it says so', async () => {
      const failure = await failureOf(store(Buffer.alloc(100_001), { size: 100_001 }))

      expect(failure).toMatchObject({ status: 413, isRetryable: false })
      expect(fleet.shelf.objects.size + fleet.shelf.removals.length).toBe(0)
    })

    it('when it does not say so, and removes what had been stored of it', async () => {
      const failure = await failureOf(store(Readable.from([Buffer.alloc(60_000), Buffer.alloc(60_000), Buffer.alloc(5_000_000)])))

      expect(failure).toMatchObject({ status: 413, isRetryable: false })
      expect(fleet.shelf.removals).toHaveLength(1)
      expect(fleet.shelf.objects.size).toBe(0)
      expect(await fleet.redis.keys('*')).toEqual([])
    })

    it('but not one that is just as large as allowed', async () => {
      expect((await store(Buffer.alloc(100_000), { size: 100_000 })).size).toBe(100_000)
    })
  })

  it('keeps nothing of a body that is shorter than announced', async () => {
    const failure = await failureOf(store(hello, { size: 6 }))

    expect(failure).toMatchObject({ status: 400, isRetryable: true })
    expect(fleet.shelf.objects.size).toBe(0)
  })

  it('does not wait for a cloud that does not notice that a body broke', async () => {
    fleet.shelf.beforePut = body => {
      body.resume()
      return new Promise(() => undefined)
    }

    expect(await failureOf(store(hello, { size: 6 }))).toMatchObject({ status: 400, isRetryable: true })
  })

  it('keeps nothing of a body that is longer than announced', async () => {
    const failure = await failureOf(store(hello, { size: 4 }))

    expect(failure).toMatchObject({ status: 400, isRetryable: false })
    expect(fleet.shelf.objects.size).toBe(0)
  })

  it('lets a repeat store what a broken connection did not bring', async () => {
    const cut = new PassThrough()
    cut.write(Buffer.alloc(5000))
    const first = failureOf(store(cut))
    await eventually(() => expect(fleet.shelf.objects.size).toBe(1))

    cut.destroy(new Error('the platform hung up'))

    expect(await first).toMatchObject({ status: undefined, isRetryable: true, message: 'the source broke' })
    await eventually(async () => expect(await fleet.redis.keys('source:*')).toEqual([]))
    expect((await store(hello)).size).toBe(5)
  })

  it('ends an upload in which nothing moves', async () => {
    const impatient = await fleet.replica({ stallMilliseconds: 50 })
    const slow = new PassThrough()
    slow.write(Buffer.alloc(5000))

    const failure = await failureOf(store(slow, {}, impatient))

    expect(failure).toMatchObject({ status: 503, isRetryable: true })
    expect(failure.message).toContain('no byte moved')
  })

  it('ends an upload that the cloud does not finish, and tells the implementation', async () => {
    const impatient = await fleet.replica({ stallMilliseconds: 50 })
    let aborted = false
    fleet.shelf.beforePut = (_body, signal) =>
      new Promise(() =>
        signal.addEventListener('abort', () => {
          aborted = true
        }),
      )

    const failure = await failureOf(store(hello, {}, impatient))

    expect(failure).toMatchObject({ status: 503 })
    expect(aborted).toBe(true)
  })

  it.each([
    [{ kind: 'retryable', why: 'busy', certain: true, afterSeconds: 7 } as const, { status: 503, isRetryable: true, afterSeconds: 7 }],
    [{ kind: 'subscription', why: 'key is revoked' } as const, { status: 502, isRetryable: false }],
    [{ kind: 'content', why: 'virus' } as const, { status: 502, isRetryable: false }],
  ])('answers what the cloud said: %j', async (failure, expected) => {
    fleet.shelf.beforePut = () => Promise.reject(new ShelfError(failure))

    const told = await failureOf(store(Buffer.alloc(3_000_000)))

    expect(told).toMatchObject({ ...expected, message: failure.why })
    expect(fleet.facts).toEqual([{ kind: 'refused', storageId: storageA.id, failure }])
  })

  it('comes back to what a cloud that failed may have stored', async () => {
    fleet.shelf.beforePut = async body => {
      for await (const chunk of body) fleet.shelf.objects.set('late', { key: 'late', mime: '', disposition: '', cacheControl: '', metadata: {}, bytes: chunk })
      throw new ShelfError({ kind: 'retryable', why: 'no answer', certain: false })
    }
    await failureOf(store(hello))
    expect(fleet.shelf.removals).toEqual([])

    fleet.wait(121)
    await replica.plumbing.worker.runOnce()

    expect(fleet.shelf.removals).toHaveLength(1)
    expect(await fleet.redis.keys('*')).toEqual([])
  })

  it('promises nothing while Redis is away, and answers again when it is back', async () => {
    const redis = fleet.redis.duplicate({ commandTimeout: 200 })
    await redis.ping()
    const away = await fleet.replica({ redis })
    await server.pause()
    try {
      expect(await failureOf(store(hello, {}, away))).toMatchObject({ status: 503, isRetryable: true })
    } finally {
      await server.resume()
    }

    expect((await store(hello, {}, away)).size).toBe(5)
    redis.disconnect()
  })

  it('never shows settings', async () => {
    fleet.storages.set(storageA.id, { ...storageA, settings: { code: 'very-secret-code' } })
    fleet.shelf.beforePut = () => Promise.reject(new ShelfError({ kind: 'subscription', why: 'refused' }))

    const failure = await failureOf(store(hello))

    expect(`${failure.message} ${fleet.logged.join()} ${JSON.stringify(fleet.facts)}`).not.toContain('very-secret')
  })
})

describe('under load', () => {
  it('lets the sender wait when the cloud is slow', async () => {
    let release = (): void => undefined
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    fleet.shelf.keepsPartial = false
    fleet.shelf.beforePut = () => held
    let given = 0
    const total = 64
    const source = new Readable({
      highWaterMark: 65_536,
      read() {
        given += 1
        this.push(given > total ? null : Buffer.alloc(1024 * 1024))
      },
    })
    const answer = store(source)
    await eventually(() => expect(given).toBeGreaterThan(0))
    let before = -1
    await eventually(() => {
      const isStill = before === given
      before = given
      return isStill
    })

    const givenAhead = given
    release()

    expect((await answer).size).toBe(total * 1024 * 1024)
    expect(givenAhead).toBeLessThanOrEqual(16)
  })

  it('runs no more uploads side by side than it should', async () => {
    const narrow = await fleet.replica({ uploads: { perReplica: 2 } })
    let running = 0
    let most = 0
    fleet.shelf.beforePut = async () => {
      running += 1
      most = Math.max(most, running)
      // nobody goes on before a second one is there, so that the number does not hang on who is how fast
      await eventually(() => most >= 2, { withinMs: 20_000 })
      await new Promise(setImmediate)
      running -= 1
    }

    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => store(hello, { sourceId: `file-${index}`, size: 5 }, narrow)))

    expect(new Set(answers.map(answer => answer.objectId)).size).toBe(12)
    expect(most).toBe(2)
  })
})

describe('removing', () => {
  const remove = (id: string) => fetch(`${replica.url}/internal/objects/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })

  it('removes an object with all that is known of it', async () => {
    const { objectId } = await store(hello)

    const answer = await remove(objectId)

    expect(answer.status).toBe(204)
    expect(fleet.shelf.objects.size).toBe(0)
    expect(await fleet.redis.keys('*')).toEqual(['storages'])
  })

  it('removes what was stored of a source, for its own conversation only', async () => {
    const { objectId } = await store(hello, { sourceId: 'file-1' })
    await store(hello, { sourceId: 'file-2' })
    const source = { storageId: storageA.id, tenantId: request.tenantId, guest: request.guest, sourceId: 'file-1' }
    const provider = { url: replica.url, token }

    await removeAtProvider(provider, { ...source, guest: 'somebody else' })
    const before = fleet.shelf.objects.size
    await removeAtProvider(provider, source)

    expect([before, fleet.shelf.objects.size]).toEqual([2, 1])
    expect(await fleet.redis.exists(`object:${objectId}`)).toBe(0)
    await expect(removeAtProvider({ ...provider, token: 'wrong' }, source)).rejects.toMatchObject({ isRetryable: false })
  })

  it('is content with one that is not there', async () => {
    expect((await remove('nobody')).status).toBe(204)
  })

  it('keeps what the cloud did not remove', async () => {
    const { objectId } = await store(hello)
    fleet.shelf.beforeRemove = () => {
      throw new ShelfError({ kind: 'retryable', why: 'busy', certain: true })
    }

    const answer = await remove(objectId)

    expect(answer.status).toBe(503)
    expect((await store(hello)).objectId).toBe(objectId)
  })

  it('counts and removes all objects of a storage', async () => {
    fleet.storages.set('storage-b', { ...storageA, id: 'storage-b' })
    for (let index = 0; index < 3; index += 1) await store(hello, { sourceId: `file-${index}` })
    await store(hello, { sourceId: 'other', storageId: 'storage-b' })
    const headers = { authorization: `Bearer ${token}` }

    const before = await (await fetch(`${replica.url}/internal/storages/${storageA.id}`, { headers })).json()
    const answer = await (await fetch(`${replica.url}/internal/storages/${storageA.id}/objects`, { method: 'DELETE', headers })).json()
    const after = await (await fetch(`${replica.url}/internal/storages/${storageA.id}`, { headers })).json()

    expect([before, answer, after]).toEqual([{ objects: 3 }, { removed: 3 }, { objects: 0 }])
    expect(fleet.shelf.objects.size).toBe(1)
  })
})
