import type { StorageCore } from './core.ts'
import { type Conversation, keys } from './keys.ts'
import { type Purge, purgeMember, readPurge } from './purge-member.ts'
import type { ObjectRecord } from './records.ts'

const rememberedSeconds = 7 * 86_400
const batch = 1000

/** Keeps the latest of the ends that were told. */
const endScript = `
local known = redis.call('get', KEYS[1])
if known and tonumber(known) >= tonumber(ARGV[1]) then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1`

/** 1, 5, 15 and 60 minutes, then daily for a week. Undefined: it was tried often enough. */
const minute = 60_000
const retryMilliseconds: readonly number[] = [minute, 5 * minute, 15 * minute, 60 * minute, ...Array.from({ length: 7 }, () => 24 * 60 * minute)]
export function retryDelay(failures: number): number | undefined {
  return retryMilliseconds[failures - 1]
}

/**
 * Schedules the removal of what the conversation has stored so far. May be told any number of times, in any order and by any replica: the delay counts from
 * the first of repeated ends. What the guest sends later belongs to the next conversation. Throws RecordsAway: tell it again.
 */
export async function scheduleRemoval({ records }: StorageCore, conversation: Conversation, endedAt: Date): Promise<void> {
  const { tenantId, guest } = conversation
  const at = endedAt.getTime()
  await records.guarded(async () => {
    // first the mark, then the look: an upload that ends in between sees the mark
    await records.redis.eval(endScript, 1, keys.ended({ tenantId, guest }), at, rememberedSeconds)
    for (const storageId of await records.redis.smembers(keys.storages)) {
      const objects = await records.redis.zcount(keys.conversation(storageId, { tenantId, guest }), '-inf', at)
      if (objects > 0) await records.redis.zadd(keys.purge(storageId), 'NX', at, purgeMember({ storageId, tenantId, guest, endedAt: at }))
    }
  })
}

/** Purges of one storage whose delay, as it is configured now, is over, and those that are to be tried again. */
export async function duePurges({ records }: StorageCore, storageId: string, purgeDelaySeconds: number, now: Date): Promise<Purge[]> {
  const time = now.getTime()
  return records.guarded(async () => {
    const first = await records.redis.zrangebyscore(keys.purge(storageId), '-inf', time - purgeDelaySeconds * 1000, 'LIMIT', 0, batch)
    const again = await records.redis.zrangebyscore(keys.purgeRetry(storageId), '-inf', time, 'LIMIT', 0, batch)
    return [...first, ...again].map(readPurge)
  })
}

/** What a purge has to remove; at most 1000 objects, so ask until there are none. */
export async function purgedObjects({ records }: StorageCore, purge: Purge): Promise<ObjectRecord[]> {
  if (purge.objectId !== undefined) {
    const object = await records.find(purge.objectId)
    return object === undefined ? [] : [object]
  }
  const set = keys.conversation(purge.storageId, purge)
  const ids = await records.guarded(() => records.redis.zrangebyscore(set, '-inf', purge.endedAt, 'LIMIT', 0, batch))
  const objects = await records.findAll(ids)
  const known = new Set(objects.map(object => object.id))
  const orphans = ids.filter(id => !known.has(id))
  if (orphans.length > 0) await records.guarded(() => records.redis.zrem(set, ...orphans))
  return objects
}

/** The purge is done, or given up. */
export async function endPurge({ records }: StorageCore, purge: Purge): Promise<void> {
  const { storageId } = purge
  const member = purgeMember(purge)
  await records.guarded(() =>
    records.redis.multi().zrem(keys.purge(storageId), member).zrem(keys.purgeRetry(storageId), member).hdel(keys.purgeFailures(storageId), member).exec(),
  )
}
export async function retryPurge({ records }: StorageCore, purge: Purge, due: Date): Promise<void> {
  const { storageId } = purge
  const member = purgeMember(purge)
  await records.guarded(() => records.redis.multi().zrem(keys.purge(storageId), member).zadd(keys.purgeRetry(storageId), due.getTime(), member).exec())
}
/** How often it has failed, this time included. */
export async function countFailure({ records }: StorageCore, purge: Purge): Promise<number> {
  return records.guarded(() => records.redis.hincrby(keys.purgeFailures(purge.storageId), purgeMember(purge), 1))
}
