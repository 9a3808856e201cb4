import { ApiError } from '@um/shared/errors'
import type { Storage } from '@um/shared/settings'
import type { Change } from '../config/changes.ts'
import type { ConfigView } from '../config/mirror.ts'

/** The changes that store `storage` and leave exactly one default. The first storage becomes it; a new default takes it from the old one. */
export function putStorage(view: ConfigView, storage: Storage): Change[] {
  const others = view
    .storages()
    .map(({ document }) => document)
    .filter(({ id }) => id !== storage.id)
  const previous = others.filter(({ isDefault }) => isDefault)
  const put = (document: Storage): Change => ({ op: 'put', collection: 'storages', id: document.id, document })
  if (storage.isDefault) return [put(storage), ...previous.map(other => put({ ...other, isDefault: false }))]
  if (previous.length > 0) return [put(storage)]
  if (view.storage(storage.id) === undefined) return [put({ ...storage, isDefault: true })]
  throw new ApiError('invalid', 'See errors.', { fields: [{ pointer: '/isDefault', detail: 'cannot be taken away: make another storage the default' }] })
}
