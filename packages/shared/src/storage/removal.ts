import type { StorageCore, StorageView } from './core.ts'
import type { ObjectRecord } from './records.ts'

/** Removes objects of one storage and then their records; missing ones are success. Throws what the implementation throws. */
export async function removeObjects(core: StorageCore, storage: StorageView, objects: readonly ObjectRecord[]): Promise<void> {
  if (objects.length === 0) return
  await core.implementation.remove(
    objects.map(object => object.key),
    storage.settings,
    core.context(),
  )
  await core.records.forget(objects)
  core.options.report({ kind: 'removed', storageId: storage.id, objects: objects.length })
}

/** Removes what an upload that failed may have left. A failure here is no news: the worker comes back to it. */
export async function removeGivenUp(core: StorageCore, storage: StorageView, object: ObjectRecord): Promise<boolean> {
  try {
    await core.implementation.remove([object.key], storage.settings, core.context())
    await core.records.forget([object])
    return true
  } catch (error) {
    core.options.log.debug({ err: error, storageId: storage.id }, 'what an upload left behind could not be removed yet')
    return false
  }
}
