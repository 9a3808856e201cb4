import { createHash } from 'node:crypto'
import { LockTimeout, withLock } from '../redis/index.ts'
import type { StorageCore, StorageView } from './core.ts'
import { keys } from './keys.ts'
import { type Purge, purgeMember } from './purge-member.ts'
import { countFailure, duePurges, endPurge, purgedObjects, retryDelay, retryPurge } from './purge-schedule.ts'
import { RecordsAway } from './records.ts'
import { removeObjects } from './removal.ts'

/** Runs all purges that are due. Several replicas may do so at the same time: each purge is run by one of them. Throws RecordsAway. */
export async function runDuePurges(core: StorageCore, signal: AbortSignal): Promise<void> {
  const now = core.options.now()
  for (const storageId of await core.records.guarded(() => core.records.redis.smembers(keys.storages))) {
    const storage = core.view(storageId)
    // a storage that is not known (yet) keeps its purges; the sweep drops them when it stays away
    if (storage === undefined) continue
    for (const purge of await duePurges(core, storageId, storage.purgeDelay, now)) {
      if (signal.aborted) return
      await runPurge(core, storage, purge)
    }
  }
}

async function runPurge(core: StorageCore, storage: StorageView, purge: Purge): Promise<void> {
  const lock = keys.lock('purge', createHash('sha256').update(purgeMember(purge)).digest('hex'))
  try {
    await withLock(core.records.redis, lock, { ttlMilliseconds: 60_000, waitMilliseconds: 0 }, lost => removeAll(core, storage, purge, lost))
  } catch (error) {
    if (!(error instanceof LockTimeout)) throw error
  }
}

async function removeAll(core: StorageCore, storage: StorageView, purge: Purge, lost: AbortSignal): Promise<void> {
  for (let objects = await purgedObjects(core, purge); objects.length > 0; objects = await purgedObjects(core, purge)) {
    if (lost.aborted) return
    try {
      await removeObjects(core, storage, objects)
    } catch (error) {
      if (error instanceof RecordsAway) throw error
      return reschedule(core, purge, error)
    }
  }
  await endPurge(core, purge)
}

async function reschedule(core: StorageCore, purge: Purge, error: unknown): Promise<void> {
  const { log, now, report } = core.options
  const { storageId } = purge
  const failure = core.implementation.classify(error)
  if (failure.kind === 'rateLimited') return retryPurge(core, purge, new Date(now().getTime() + failure.afterSeconds * 1000))
  const attempt = await countFailure(core, purge)
  log.warn({ err: error, storageId, attempt, kind: failure.kind }, 'attachments could not be removed')
  report({ kind: 'removalFailed', storageId, failure, attempt })
  const delay = retryDelay(attempt)
  if (delay !== undefined) return retryPurge(core, purge, new Date(now().getTime() + delay))
  log.error({ storageId }, 'attachments could not be removed for a week; they are tried once more when they reach the largest age of the storage')
  await endPurge(core, purge)
}
