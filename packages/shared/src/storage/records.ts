import type { Redis } from '../redis/index.ts'
import { type Conversation, keys } from './keys.ts'
import { purgeMember } from './purge-member.ts'

/** What is known of an object. Times are milliseconds. `at`: the time of its message, which tells to which conversation it belongs. */
export interface ObjectRecord extends Conversation {
  id: string
  storageId: string
  key: string
  name: string
  mime: string
  /** key of its source */
  source: string
  at: number
  startedAt: number
  /** absent until all bytes are stored */
  storedAt?: number
  size?: number
  /** absent when it expires, and is made anew for each answer */
  url?: string
}
export type Claim = { state: 'claimed' } | { state: 'busy' } | { state: 'stored'; object: ObjectRecord }

/** The provider's own Redis does not answer: nothing can be promised, the caller repeats. */
export class RecordsAway extends Error {
  override readonly name = 'RecordsAway'
}

const claimMilliseconds = 30_000
/** A store that shows no life for so long is given up, and its bytes are removed. */
const givenUpMilliseconds = 120_000
const heldAnswer = 'claim:'
const storedAnswer = 'object:'

const renewScript = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('pexpire', KEYS[1], ARGV[2])
redis.call('zadd', KEYS[2], 'XX', ARGV[4], ARGV[3])
return 1`

/** All or nothing. An object whose conversation has ended meanwhile gets a purge of its own. */
const finishScript = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], '${storedAnswer}' .. ARGV[2])
redis.call('hset', KEYS[2], unpack(ARGV, 7))
redis.call('zrem', KEYS[3], ARGV[2])
redis.call('zadd', KEYS[4], ARGV[4], ARGV[2])
redis.call('sadd', KEYS[5], ARGV[5])
local ended = redis.call('get', KEYS[7])
if ended and tonumber(ARGV[3]) <= tonumber(ended) then
  redis.call('zadd', KEYS[6], ARGV[4], ARGV[2])
  redis.call('zadd', KEYS[8], 'NX', ARGV[4], ARGV[6])
else
  redis.call('zadd', KEYS[6], ARGV[3], ARGV[2])
end
return 1`

const forgetScript = `
if redis.call('get', KEYS[2]) == '${storedAnswer}' .. ARGV[1] then redis.call('del', KEYS[2]) end
redis.call('del', KEYS[1])
for index = 3, #KEYS do redis.call('zrem', KEYS[index], ARGV[1]) end
return 1`

const releaseScript = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`

/** The records of stored objects. Every method throws RecordsAway when Redis does not answer. */
export class ObjectRecords {
  readonly redis: Redis
  constructor(redis: Redis) {
    this.redis = redis
  }

  /** Asks to be the one who stores this source, as object `id`. A claim ends by itself after 30 s, so that a crash does not block repeats for longer. */
  async claim(source: string, id: string): Promise<Claim> {
    return this.guarded(async () => {
      for (let attempt = 0; attempt < 3; attempt += 1) {
        if ((await this.redis.set(source, heldAnswer + id, 'PX', claimMilliseconds, 'NX')) === 'OK') return { state: 'claimed' }
        const held = await this.redis.get(source)
        if (held === null) continue
        if (!held.startsWith(storedAnswer)) return { state: 'busy' }
        const object = await this.find(held.slice(storedAnswer.length))
        if (object !== undefined) return { state: 'stored', object }
        await this.redis.eval(releaseScript, 1, source, held)
      }
      return { state: 'busy' }
    })
  }

  /** The stored object of a source; undefined when there is none yet. */
  async findBySource(source: string): Promise<ObjectRecord | undefined> {
    return this.guarded(async () => {
      const held = await this.redis.get(source)
      return held?.startsWith(storedAnswer) ? this.find(held.slice(storedAnswer.length)) : undefined
    })
  }

  /** Written before the first byte leaves, so that what a crash leaves behind is found and removed. */
  async begin(object: ObjectRecord): Promise<void> {
    await this.guarded(() =>
      this.redis
        .multi()
        .hset(keys.object(object.id), fieldsOf(object))
        .zadd(keys.storing, object.startedAt + givenUpMilliseconds, object.id)
        .exec(),
    )
  }

  /** False when the claim was lost: someone else may be storing the same source. */
  async renew({ source, id }: Pick<ObjectRecord, 'source' | 'id'>, now: Date): Promise<boolean> {
    const deadline = now.getTime() + givenUpMilliseconds
    return this.guarded(async () => {
      const kept = await this.redis.eval(renewScript, 2, source, keys.storing, heldAnswer + id, claimMilliseconds, id, deadline)
      return kept === 1
    })
  }

  /** False when the claim was lost; then the object is to be given up. */
  async finish(object: ObjectRecord & { storedAt: number }): Promise<boolean> {
    const { id, storageId, source, at, storedAt, tenantId, guest } = object
    const touched = [
      source,
      keys.object(id),
      keys.storing,
      keys.stored(storageId),
      keys.storages,
      keys.conversation(storageId, object),
      keys.ended(object),
      keys.purge(storageId),
    ]
    const ownPurge = purgeMember({ storageId, tenantId, guest, endedAt: storedAt, objectId: id })
    const fields = Object.entries(fieldsOf(object)).flat()
    return this.guarded(async () => {
      const kept = await this.redis.eval(finishScript, touched.length, ...touched, heldAnswer + id, id, at, storedAt, storageId, ownPurge, ...fields)
      return kept === 1
    })
  }

  /** Ends a claim without an object. What may have been stored is removed soon; `isSettled`: nothing more can arrive, so at once. */
  async giveUp(object: ObjectRecord, now: Date, isSettled: boolean): Promise<void> {
    await this.guarded(() => this.redis.zadd(keys.storing, 'XX', now.getTime() + (isSettled ? 0 : givenUpMilliseconds), object.id))
    await this.release(object)
  }
  async release({ source, id }: Pick<ObjectRecord, 'source' | 'id'>): Promise<void> {
    await this.guarded(() => this.redis.eval(releaseScript, 1, source, heldAnswer + id))
  }

  async find(id: string): Promise<ObjectRecord | undefined> {
    return this.guarded(async () => readFields(id, await this.redis.hgetall(keys.object(id))))
  }
  async findAll(ids: readonly string[]): Promise<ObjectRecord[]> {
    return this.guarded(async () => {
      const pipeline = this.redis.pipeline()
      for (const id of ids) pipeline.hgetall(keys.object(id))
      const answers = (await pipeline.exec()) ?? []
      return answers.flatMap(([error, fields], index) => {
        if (error) throw error
        return readFields(ids[index] ?? '', fields as Record<string, string>) ?? []
      })
    })
  }

  /** The objects are gone: so are their records. */
  async forget(objects: readonly ObjectRecord[]): Promise<void> {
    await this.guarded(async () => {
      const pipeline = this.redis.pipeline()
      for (const object of objects) {
        const { id, storageId, source } = object
        pipeline.eval(forgetScript, 5, keys.object(id), source, keys.conversation(storageId, object), keys.stored(storageId), keys.storing, id)
      }
      for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
    })
  }

  async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof RecordsAway) throw error
      throw new RecordsAway('the records cannot be reached', { cause: error })
    }
  }
}

function fieldsOf(object: ObjectRecord): Record<string, string | number> {
  const { id: _, ...fields } = object
  return fields
}

function readFields(id: string, fields: Record<string, string>): ObjectRecord | undefined {
  const { storageId, tenantId, guest, key, name, mime, source, at, startedAt, storedAt, size, url } = fields
  if (storageId === undefined || tenantId === undefined || guest === undefined || key === undefined || source === undefined) return undefined
  return {
    id,
    storageId,
    tenantId,
    guest,
    key,
    name: name ?? '',
    mime: mime ?? '',
    source,
    at: Number(at),
    startedAt: Number(startedAt),
    ...(storedAt === undefined ? {} : { storedAt: Number(storedAt) }),
    ...(size === undefined ? {} : { size: Number(size) }),
    ...(url === undefined ? {} : { url }),
  }
}
