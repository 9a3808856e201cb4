import type { StorageDefinition } from '@um/shared/contract'
import type { FieldError } from '@um/shared/errors'
import { Storage } from '@um/shared/settings'
import { storageSettings } from '@um/shared/storage'
import { type Checked, isOwnId, isPlain } from '../documents/checked.ts'
import { checkSettings, type Generate } from '../documents/settings-part.ts'
import { readableErrors } from '../http/field-errors.ts'

/** What was sent as a storage, checked as a whole. `stored`: the storage as it is now. The read-only `status` may be sent back. */
export function checkStorage(
  id: string,
  input: unknown,
  stored: Storage | undefined,
  around: { storages: ReadonlyMap<string, StorageDefinition>; generate: Generate },
): Checked<Storage> {
  if (!isPlain(input)) return { ok: false, errors: [{ pointer: '', detail: 'must be an object' }] }
  const { status: _readOnly, ...sent } = input
  const errors: FieldError[] = []
  if (!isOwnId(sent.id, id)) errors.push({ pointer: '/id', detail: 'cannot be changed' })
  // left out, the default storage stays the default
  const isDefault = sent.isDefault ?? stored?.isDefault
  const parsed = Storage.safeParse({ ...sent, id, ...(isDefault === undefined ? {} : { isDefault }) })
  if (!parsed.success) errors.push(...readableErrors(parsed.error))
  const { type } = sent
  if (typeof type !== 'string' || !parsed.success) return { ok: false, errors }
  const definition = around.storages.get(type)
  if (definition === undefined)
    return { ok: false, errors: [...errors, { pointer: '/type', detail: `is not one of ${[...around.storages.keys()].join(', ')}` }] }
  if (stored !== undefined && stored.type !== type)
    return { ok: false, errors: [...errors, { pointer: '/type', detail: 'cannot be changed: add another storage' }] }
  const settings = checkSettings(storageSettings(definition), sent.settings, stored?.settings, around.generate, '/settings')
  if (!settings.ok || errors.length > 0) return { ok: false, errors: [...errors, ...(settings.ok ? [] : settings.errors)] }
  return { ok: true, document: { ...parsed.data, settings: settings.document } }
}
