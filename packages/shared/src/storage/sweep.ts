import { LockTimeout, withLock } from '../redis/index.ts'
import type { StorageCore, StorageView } from './core.ts'
import { keys } from './keys.ts'
import type { ObjectRecord } from './records.ts'
import { RecordsAway } from './records.ts'
import { removeGivenUp, removeObjects } from './removal.ts'

const batch = 1000
const hourMilliseconds = 3_600_000
const weekMilliseconds = 7 * 86_400_000

/** Removes what uploads left behind that failed or died half-way. Tried hourly for a week. */
export async function sweepGivenUp(core: StorageCore, signal: AbortSignal): Promise<void> {
  const { records, options } = core
  const now = options.now().getTime()
  const ids = await records.guarded(() => records.redis.zrangebyscore(keys.storing, '-inf', now, 'LIMIT', 0, batch))
  const objects = new Map((await records.findAll(ids)).map(object => [object.id, object]))
  for (const id of ids) {
    if (signal.aborted) return
    const object = objects.get(id)
    if (object === undefined) await records.guarded(() => records.redis.zrem(keys.storing, id))
    else await sweepOne(core, object, now)
  }
}
async function sweepOne(core: StorageCore, object: ObjectRecord, now: number): Promise<void> {
  const storage = core.view(object.storageId)
  if (storage !== undefined && (await removeGivenUp(core, storage, object))) return
  if (now - object.startedAt > weekMilliseconds) {
    core.options.log.warn({ storageId: object.storageId, key: object.key }, 'what an upload left behind could not be removed and is forgotten')
    await core.records.forget([object])
  } else {
    await core.records.guarded(() => core.records.redis.zadd(keys.storing, 'XX', now + hourMilliseconds, object.id))
  }
}

/** Removes objects that are older than their storage allows, and forgets storages that are gone. To be called hourly. Throws RecordsAway. */
export async function sweepStorages(core: StorageCore, signal: AbortSignal): Promise<void> {
  const { records } = core
  for (const storageId of await records.guarded(() => records.redis.smembers(keys.storages))) {
    if (signal.aborted) return
    const storage = core.view(storageId)
    if (storage === undefined) await forgetMissing(core, storageId)
    else await sweepStorage(core, storage, signal)
  }
}

async function sweepStorage(core: StorageCore, storage: StorageView, signal: AbortSignal): Promise<void> {
  const { records, options } = core
  await records.guarded(() => records.redis.hdel(keys.missingStorages, storage.id))
  const { maxAge } = storage.settings
  if (maxAge === 0) return
  const oldest = options.now().getTime() - maxAge * 1000
  try {
    await withLock(records.redis, keys.lock('sweep', storage.id), { ttlMilliseconds: 60_000, waitMilliseconds: 0 }, lost =>
      removeStored(core, storage, oldest, AbortSignal.any([signal, lost])),
    )
  } catch (error) {
    if (error instanceof RecordsAway) throw error
    if (error instanceof LockTimeout) return
    const failure = core.implementation.classify(error)
    options.log.warn({ err: error, storageId: storage.id, kind: failure.kind }, 'old attachments could not be removed')
    options.report({ kind: 'removalFailed', storageId: storage.id, failure, attempt: 1 })
  }
}

/** Removes all objects of a storage that were stored until then, oldest first. Returns how many. Throws what the implementation throws. */
export async function removeStored(core: StorageCore, storage: StorageView, untilMilliseconds: number, signal: AbortSignal): Promise<number> {
  const { records } = core
  const set = keys.stored(storage.id)
  let removed = 0
  while (!signal.aborted) {
    const ids = await records.guarded(() => records.redis.zrangebyscore(set, '-inf', untilMilliseconds, 'LIMIT', 0, batch))
    if (ids.length === 0) break
    const objects = await records.findAll(ids)
    await removeObjects(core, storage, objects)
    // whatever has no record any more leaves the set, too
    await records.guarded(() => records.redis.zrem(set, ...ids))
    removed += objects.length
  }
  return removed
}

/** Without its credentials nothing can be removed: a storage that stays unknown for a week leaves its objects to the bucket's own lifecycle rule. */
async function forgetMissing(core: StorageCore, storageId: string): Promise<void> {
  const { records, options } = core
  const now = options.now().getTime()
  const { redis } = records
  const first = () => redis.zrangebyscore(keys.stored(storageId), '-inf', '+inf', 'LIMIT', 0, batch)
  await records.guarded(async () => {
    await redis.hsetnx(keys.missingStorages, storageId, now)
    const since = Number(await redis.hget(keys.missingStorages, storageId))
    if ((await redis.zcard(keys.stored(storageId))) > 0 && now - since < weekMilliseconds) return
    let forgotten = 0
    for (let ids = await first(); ids.length > 0; ids = await first()) {
      await records.forget(await records.findAll(ids))
      await redis.zrem(keys.stored(storageId), ...ids)
      forgotten += ids.length
    }
    await redis.del(keys.purge(storageId), keys.purgeRetry(storageId), keys.purgeFailures(storageId))
    await redis.hdel(keys.missingStorages, storageId)
    await redis.srem(keys.storages, storageId)
    if (forgotten > 0) options.log.warn({ storageId, objects: forgotten }, 'a storage is gone; its attachments are forgotten without having been removed')
  })
}
