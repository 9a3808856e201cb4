import type { BackupRecord, KeptEntry } from '@um/shared/backup'
import type { Definition, StorageDefinition } from '@um/shared/contract'
import { ApiError, type FieldError } from '@um/shared/errors'
import { type FleetSettings, fleetSettingsId, type Storage, type Tenant } from '@um/shared/settings'
import { z } from 'zod'
import { changedPointers } from '../audit/changes.ts'
import { User } from '../auth/users.ts'
import type { Change } from '../config/changes.ts'
import type { ConfigView } from '../config/mirror.ts'
import { type Checked, comparableName } from '../documents/checked.ts'
import { generate } from '../documents/new-values.ts'
import { checkFleetSettings, type SettingsSurroundings } from '../settings/check.ts'
import { checkStorage } from '../storages/check.ts'
import { checkTenant } from '../tenants/check.ts'
import { repeatedClaims } from '../tenants/unique.ts'

export interface Counts {
  added: number
  changed: number
  removed: number
  unchanged: number
}
export interface RestorePlan {
  readonly changes: Change[]
  readonly users: User[]
  readonly kept: { service: string; entry: KeptEntry }[]
  readonly tenants: Counts
  readonly storages: Counts
  readonly settings: 'changed' | 'unchanged'
}
/** A hash in another form would make each of the user's logins fail with an error. */
const RestoredUser = User.extend({ name: z.string().min(1).max(100), hash: z.string().regex(/^scrypt\$\d{4,6}\$\d{1,2}\$\d{1,2}\$[\w-]{16,}\$[\w-]{32,}$/) })
interface Surroundings {
  readonly connectors: ReadonlyMap<string, Definition>
  readonly storages: ReadonlyMap<string, StorageDefinition>
  readonly notifiers: SettingsSurroundings['notifiers']
}
/** The documents of a backup, fit to be stored by this version. */
export interface RestoredConfiguration {
  readonly settings: FleetSettings | undefined
  readonly storages: Storage[]
  readonly tenants: Tenant[]
  readonly users: User[]
  readonly kept: { service: string; entry: KeptEntry }[]
}

/** Everything that is in a backup, checked as if it were saved now: one thing that is wrong refuses all of it. Throws ApiError `invalid`. Pure. */
export function checkedRecords(records: readonly BackupRecord[], around: Surroundings): RestoredConfiguration {
  const errors: FieldError[] = []
  const collect = <T>(what: string, checked: Checked<T>): T[] => {
    if (checked.ok) return [checked.document]
    errors.push(...checked.errors.map(({ pointer, detail }) => ({ pointer: '/backup', detail: `${what}${pointer === '' ? '' : ` ${pointer}`} ${detail}` })))
    return []
  }
  const documents = (kind: 'settings' | 'storage' | 'tenant' | 'user') => records.flatMap(record => (record.kind === kind ? [record.document] : []))
  const empty: FleetSettings = { outboundProxy: null, notifiers: [], commander: {} }

  const settings = documents('settings').flatMap(document => collect('settings', checkFleetSettings(document, empty, { ...around, generate })))
  const storages = documents('storage').flatMap(document =>
    collect(nameOf('storage', document), checkStorage(String(document.id), document, undefined, { ...around, generate })),
  )
  const storageIds = new Set(storages.map(({ id }) => id))
  const tenants = documents('tenant').flatMap(document =>
    collect(nameOf('tenant', document), checkTenant(String(document.id), document, undefined, { ...around, storageIds, generate })),
  )
  const services = new Set([...[...around.connectors.keys()].map(id => `${id}-connector`), ...[...around.storages.keys()].map(id => `${id}-provider`)])
  for (const record of records) {
    if (record.kind === 'kept' && !services.has(record.service))
      errors.push({ pointer: '/backup', detail: 'it holds what a service has kept that this version does not know' })
  }
  const users = documents('user').flatMap(document => {
    const user = RestoredUser.safeParse(document)
    return collect<User>('a user', user.success ? { ok: true, document: user.data } : { ok: false, errors: [{ pointer: '', detail: 'is not readable' }] })
  })
  if (errors.length === 0) errors.push(...contradictions(storages, tenants, around))
  const [first] = errors
  if (first !== undefined) {
    const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`
    throw new ApiError('invalid', `The backup does not fit this version: ${first.detail}${more}.`, { fields: errors, members: { reason: 'unfit' } })
  }
  const kept = records.flatMap(record => (record.kind === 'kept' ? [{ service: record.service, entry: record.entry }] : []))
  return { settings: settings[0], storages, tenants, users, kept }
}

/** What each document alone cannot show. */
function contradictions(storages: readonly Storage[], tenants: readonly Tenant[], { connectors }: Surroundings): FieldError[] {
  const details = [
    ...repeated(storages).map(name => `storage "${name}" is there twice`),
    ...repeated(tenants).map(name => `tenant "${name}" is there twice`),
    ...(storages.length > 0 && storages.filter(({ isDefault }) => isDefault).length !== 1 ? ['not exactly one storage is the default'] : []),
    ...repeatedClaims(tenants, connectors).map(
      ({ first, second, fields }) => `tenants "${first.name}" and "${second.name}" have the same ${fields.join(' and ')}`,
    ),
  ]
  return details.map(detail => ({ pointer: '/backup', detail }))
}
function repeated(documents: readonly { id: string; name: string }[]): string[] {
  const seen = new Set<string>()
  return documents.flatMap(({ id, name }) => {
    const marks = [`id ${id}`, `name ${comparableName(name)}`]
    const isRepeated = marks.some(mark => seen.has(mark))
    for (const mark of marks) seen.add(mark)
    return isRepeated ? [name] : []
  })
}
function nameOf(noun: string, { name }: Readonly<Record<string, unknown>>): string {
  return typeof name === 'string' ? `${noun} "${name}"` : `a ${noun}`
}

/** What has to happen so that the configuration is the one of the backup; what it does not know is removed. Pure. */
export function planRestore(restored: RestoredConfiguration, view: ConfigView): RestorePlan {
  const settings: FleetSettings = restored.settings ?? view.settings().document
  const isSame = changedPointers(view.settings().document, settings).length === 0
  const storages = compare(
    restored.storages,
    view.storages().map(({ document }) => document),
  )
  const tenants = compare(
    restored.tenants,
    view.tenants().map(({ document }) => document),
  )
  // what tenants need comes before them, and goes after them
  const changes: Change[] = [
    ...(isSame ? [] : [{ op: 'put' as const, collection: 'settings' as const, id: fleetSettingsId, document: settings }]),
    ...storages.put.map(document => ({ op: 'put' as const, collection: 'storages' as const, id: document.id, document })),
    ...tenants.put.map(document => ({ op: 'put' as const, collection: 'tenants' as const, id: document.id, document })),
    ...tenants.remove.map(document => ({ op: 'delete' as const, collection: 'tenants' as const, id: document.id, document })),
    ...storages.remove.map(document => ({ op: 'delete' as const, collection: 'storages' as const, id: document.id, document })),
  ]
  return {
    changes,
    users: restored.users,
    kept: restored.kept,
    tenants: tenants.counts,
    storages: storages.counts,
    settings: isSame ? 'unchanged' : 'changed',
  }
}

function compare<T extends { id: string }>(wanted: readonly T[], stored: readonly T[]): { put: T[]; remove: T[]; counts: Counts } {
  const before = new Map(stored.map(document => [document.id, document]))
  const ids = new Set(wanted.map(({ id }) => id))
  const put = wanted.filter(document => changedPointers(before.get(document.id), document).length > 0)
  const remove = stored.filter(({ id }) => !ids.has(id))
  const added = put.filter(({ id }) => !before.has(id)).length
  return { put, remove, counts: { added, changed: put.length - added, removed: remove.length, unchanged: wanted.length - put.length } }
}
