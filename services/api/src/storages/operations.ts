import type { StorageDefinition } from '@um/shared/contract'
import { ApiError } from '@um/shared/errors'
import type { Storage } from '@um/shared/settings'
import { storageSettings } from '@um/shared/storage'
import { z } from 'zod'
import { changedPointers } from '../audit/changes.ts'
import type { AuditEntry } from '../audit/trail.ts'
import type { ConfigView, Entry } from '../config/mirror.ts'
import type { ConfigStore } from '../config/store.ts'
import { documentOf, sameName } from '../documents/checked.ts'
import { newId } from '../documents/id.ts'
import { generate } from '../documents/new-values.ts'
import { maskSettings } from '../documents/settings-part.ts'
import { assertUnchanged, etagOf } from '../http/etag.ts'
import { type Answer, type Call, type Operation, operation } from '../http/operation.ts'
import { pageOf, pagingFields, pagingHeaders } from '../http/paging.ts'
import { type Reports, type States, statesKey, statusOf } from '../reports/states.ts'
import { checkStorage } from './check.ts'
import { putStorage } from './default.ts'
import type { TryStorage } from './provider.ts'
import { StorageAnswer, StorageCheckAnswer, storageExample, storageInput } from './schema.ts'
import { usesOf } from './usage.ts'

interface Parts {
  store: ConfigStore
  states: States
  storages: ReadonlyMap<string, StorageDefinition>
  tryStorage: TryStorage
  announced(): Promise<void>
}
type Doer = Pick<Call<unknown, unknown>, 'administrator' | 'address'>
const tag = 'Storages'
const Draft = z.looseObject({ id: z.uuid().optional() })
const params = { id: 'The storage.' }
const ifMatch = { 'If-Match': 'The ETag of what you read: 412 when somebody has saved the storage since.' }
const etag = { ETag: 'The revision, for If-Match.' }

export function storageOperations({ store, states, storages, tryStorage, announced }: Parts): Operation[] {
  const present = (storage: Storage, reports: Reports | undefined) => {
    const definition = storages.get(storage.type)
    const settings = maskSettings(definition === undefined ? undefined : storageSettings(definition), storage.settings)
    return { ...storage, settings, status: statusOf(reports, 'storage', `${storage.type}-provider`) }
  }
  const answer = async (status: number, { document, revision }: Entry<'storages'>, headers: Record<string, string> = {}): Promise<Answer> => {
    const reports = await states.find('storages', [document.id])
    return { status, headers: { ETag: etagOf(revision), ...headers }, body: present(document, reports.get(document.id)) }
  }

  return [
    operation({
      id: 'listStorages',
      method: 'GET',
      path: '/storages',
      tag,
      summary: 'List the storages',
      description: 'Sorted by name.',
      access: 'administrator',
      query: z.object({ ...pagingFields, name: z.string().max(200).optional().meta({ description: 'Part of the name, in any letters.' }) }),
      answers: { 200: { description: 'The storages.', schema: z.array(StorageAnswer), headers: pagingHeaders } },
      problems: ['invalid'],
      async handle({ query, url }) {
        const view = await store.read()
        const wanted = query.name?.normalize('NFKC').toLowerCase()
        const found = view
          .storages()
          .map(({ document }) => document)
          .filter(storage => wanted === undefined || storage.name.normalize('NFKC').toLowerCase().includes(wanted))
          .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
        const { items, headers } = pageOf(found, query, url)
        const reports = await states.find(
          'storages',
          items.map(({ id }) => id),
        )
        return { status: 200, headers, body: items.map(storage => present(storage, reports.get(storage.id))) }
      },
    }),
    operation({
      id: 'createStorage',
      method: 'POST',
      path: '/storages',
      tag,
      summary: 'Add a storage',
      description: 'The first one becomes the default; a later one takes it over with isDefault.',
      access: 'administrator',
      body: z.unknown(),
      bodySchema: storageInput(storages),
      bodyExample: storageExample,
      answers: { 201: { description: 'Stored.', schema: StorageAnswer, headers: { ...etag, Location: 'Its address.' } } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid', 'conflict'],
      async handle({ body, administrator, address }) {
        const id = newId(body)
        const created = await store.transact(view => {
          if (view.storage(id) !== undefined)
            throw new ApiError('conflict', 'There is a storage with this id.', { fields: [{ pointer: '/id', detail: 'exists already' }] })
          const document = documentOf(checkStorage(id, body, undefined, { storages, generate }))
          assertFreeName(view, document)
          return { changes: putStorage(view, document), audit: [auditOf({ administrator, address }, 'create', document)], result: after => existing(after, id) }
        })
        await announced()
        return answer(201, created, { Location: `/api/v1/storages/${id}` })
      },
    }),
    operation({
      id: 'getStorage',
      method: 'GET',
      path: '/storages/{id}',
      tag,
      summary: 'Read a storage',
      access: 'administrator',
      params,
      answers: { 200: { description: 'The storage; secrets read ***.', schema: StorageAnswer, headers: etag } },
      problems: ['notFound'],
      async handle(call) {
        return answer(200, existing(await store.read(), idOf(call)))
      },
    }),
    operation({
      id: 'replaceStorage',
      method: 'PUT',
      path: '/storages/{id}',
      tag,
      summary: 'Replace a storage',
      description: 'Secrets that are sent back as *** stay as they are. The type cannot be changed.',
      access: 'administrator',
      params,
      headers: ifMatch,
      body: z.unknown(),
      bodySchema: storageInput(storages),
      bodyExample: storageExample,
      answers: { 200: { description: 'Stored.', schema: StorageAnswer, headers: etag } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid', 'notFound', 'conflict', 'changed'],
      async handle(call) {
        const id = idOf(call)
        const saved = await store.transact(view => {
          const stored = existing(view, id)
          assertUnchanged(call.header('if-match'), stored.revision)
          const document = documentOf(checkStorage(id, call.body, stored.document, { storages, generate }))
          assertFreeName(view, document)
          const changed = changedPointers(stored.document, document)
          if (changed.length === 0) return { changes: [], result: () => stored }
          return { changes: putStorage(view, document), audit: [auditOf(call, 'update', document, changed)], result: after => existing(after, id) }
        })
        await announced()
        return answer(200, saved)
      },
    }),
    operation({
      id: 'deleteStorage',
      method: 'DELETE',
      path: '/storages/{id}',
      tag,
      summary: 'Remove a storage',
      description: 'Refused while tenants store with it, and for the default one while there are others. Stored attachments stay where they are.',
      access: 'administrator',
      params,
      headers: ifMatch,
      answers: { 204: { description: 'Removed.' } },
      problems: ['notFound', 'conflict', 'changed'],
      async handle(call) {
        const id = idOf(call)
        await store.transact(view => {
          const { document, revision } = existing(view, id)
          assertUnchanged(call.header('if-match'), revision)
          assertUnused(view, document)
          return {
            changes: [{ op: 'delete', collection: 'storages', id, document }],
            commands: [['DEL', statesKey('storages', id)]],
            audit: [auditOf(call, 'delete', document)],
            result: () => undefined,
          }
        })
        await announced()
        return { status: 204 }
      },
    }),
    operation({
      id: 'checkStorageSettings',
      method: 'POST',
      path: '/storages/check',
      tag,
      summary: 'Try a storage before it is saved',
      description: 'As checkStorage, with what is sent. With the id of a saved storage, secrets that read *** are its own.',
      access: 'administrator',
      body: Draft,
      bodySchema: storageInput(storages),
      bodyExample: storageExample,
      answers: { 200: { description: 'What was tried, and how it ended.', schema: StorageCheckAnswer } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid', 'upstream', 'unavailable'],
      async handle({ body }) {
        const stored = body.id === undefined ? undefined : (await store.read()).storage(body.id.toLowerCase())?.document
        const draft = { name: stored?.name ?? 'unsaved', ...body }
        return { status: 200, body: await tryStorage(documentOf(checkStorage(stored?.id ?? newId(body), draft, stored, { storages, generate }))) }
      },
    }),
    operation({
      id: 'checkStorage',
      method: 'POST',
      path: '/storages/{id}/check',
      tag,
      summary: 'Try a storage',
      description: 'Its provider stores a small object, fetches it by its public address, compares and removes it.',
      access: 'administrator',
      params,
      answers: { 200: { description: 'What was tried, and how it ended.', schema: StorageCheckAnswer } },
      problems: ['notFound', 'upstream', 'unavailable'],
      async handle(call) {
        const { document } = existing(await store.read(), idOf(call))
        return { status: 200, body: await tryStorage(document) }
      },
    }),
  ]
}

function idOf(call: { params: Readonly<Record<string, string>> }): string {
  return (call.params.id ?? '').toLowerCase()
}
function existing(view: ConfigView, id: string): Entry<'storages'> {
  const found = view.storage(id)
  if (found === undefined) throw new ApiError('notFound', 'There is no storage with this id.')
  return found
}
function assertFreeName(view: ConfigView, storage: Storage): void {
  if (!view.storages().some(({ document }) => document.id !== storage.id && sameName(document.name, storage.name))) return
  throw new ApiError('conflict', 'Another storage has this name.', { fields: [{ pointer: '/name', detail: 'is the name of another storage' }] })
}
function assertUnused(view: ConfigView, storage: Storage): void {
  const usedBy = usesOf(
    storage,
    view.tenants().map(({ document }) => document),
  )
  if (usedBy.length > 0) throw new ApiError('conflict', 'Tenants store their attachments with it.', { members: { usedBy } })
  if (storage.isDefault && view.storages().length > 1)
    throw new ApiError('conflict', 'It is the default storage. Make another one the default first.', { members: { usedBy } })
}
function auditOf(by: Doer, action: AuditEntry['action'], { id, name }: Storage, changed?: string[]): AuditEntry {
  return {
    who: by.administrator.user,
    address: by.address,
    action,
    target: { collection: 'storages', id, name },
    ...(changed === undefined ? {} : { changed }),
  }
}
