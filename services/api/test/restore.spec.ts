import { describe, expect, it } from '@jest/globals'
import { connectors, storages } from '@um/catalog'
import type { BackupRecord } from '@um/shared/backup'
import { checkedNotifierSettings } from '@um/shared/notify'
import { FleetSettings } from '@um/shared/settings'
import { checkedRecords, planRestore, type RestoredConfiguration } from '../src/backup/plan.ts'
import type { ConfigView } from '../src/config/mirror.ts'
import { tenantNamed } from './support/running-api.ts'

const around = { connectors, storages, notifiers: checkedNotifierSettings({ allowAnyHost: false }) }
const ids = ['259bb4e2-f7e5-4b06-9a51-c528f412404b', '359bb4e2-f7e5-4b06-9a51-c528f412404b', '459bb4e2-f7e5-4b06-9a51-c528f412404b'] as const
const bucket = {
  id: ids[2],
  type: 'aws',
  name: 'Bucket',
  isDefault: true,
  purgeDelay: 300,
  settings: { accessKeyId: 'AKIAEXAMPLEEXAMPLE', secretAccessKey: 'storage secret', region: 'ap-northeast-1', bucket: 'acme-attachments' },
}
const tenantOf = (id: string, name: string) => ({ ...tenantNamed(name), id })
const recordsOf = (tenants: object[], more: BackupRecord[] = []): BackupRecord[] => [
  { kind: 'settings', document: {} },
  { kind: 'storage', document: bucket },
  ...tenants.map((document): BackupRecord => ({ kind: 'tenant', document: { ...document } })),
  ...more,
]
const viewOf = ({ tenants, storages: sheds }: Pick<RestoredConfiguration, 'tenants' | 'storages'>): ConfigView => ({
  revision: 1,
  unreadable: 0,
  tenants: () => tenants.map(document => ({ revision: 1, document })),
  tenant: () => undefined,
  storages: () => sheds.map(document => ({ revision: 1, document })),
  storage: () => undefined,
  settings: () => ({ revision: 0, document: FleetSettings.parse({}) }),
})
const empty = viewOf({ tenants: [], storages: [] })

describe('the records of a backup', () => {
  it('are taken when this version could store each of them', () => {
    const restored = checkedRecords(recordsOf([tenantOf(ids[0], 'One')]), around)

    expect(restored.tenants).toMatchObject([{ id: ids[0], name: 'One', messaging: { settings: { apiToken: expect.stringContaining(':AAbb') } } }])
    expect(restored.storages).toMatchObject([{ id: ids[2], isDefault: true }])
  })

  it.each<[string, BackupRecord[], string]>([
    [
      'a platform that this version does not know',
      recordsOf([{ ...tenantOf(ids[0], 'One'), messaging: { type: 'nowhere' } }]),
      'tenant "One" /messaging/type is not one of',
    ],
    [
      'settings that do not fit',
      recordsOf([{ ...tenantOf(ids[0], 'One'), messaging: { type: 'telegram', settings: { apiToken: 'x' } } }]),
      'tenant "One" /messaging/settings/apiToken',
    ],
    [
      'a storage that is not in it',
      recordsOf([{ ...tenantOf(ids[0], 'One'), cxPlatform: { ...tenantNamed('One').cxPlatform, storageId: ids[1] } }]),
      'is not a storage that exists',
    ],
    ['two tenants of one name', recordsOf([tenantOf(ids[0], 'One'), { ...tenantOf(ids[1], 'Other'), name: 'ONE' }]), 'tenant "ONE" is there twice'],
    ['two tenants of one bot', recordsOf([tenantOf(ids[0], 'One'), { ...tenantOf(ids[1], 'One'), name: 'Two' }]), 'have the same apiToken'],
    ['no default storage', recordsOf([], [{ kind: 'storage', document: { ...bucket, id: ids[1], name: 'Second' } }]), 'not exactly one storage is the default'],
    [
      'what a service has kept that nobody knows',
      recordsOf([], [{ kind: 'kept', service: 'x'.repeat(300), entry: { id: ids[0], state: {}, store: {} } }]),
      'this version does not know',
    ],
    [
      'a password in another form',
      recordsOf([], [{ kind: 'user', document: { name: 'admin', hash: 'scrypt$x$8$5$a$b', origin: 'changed', changedAt: '', generation: 1 } }]),
      'a user is not readable',
    ],
    ['a user without a password', recordsOf([], [{ kind: 'user', document: { name: 'admin' } }]), 'a user is not readable'],
  ])('are refused in one line for %s', (_what, records, why) => {
    const refuse = () => checkedRecords(records, around)

    expect(refuse).toThrow(why)
    expect(refuse).toThrow(/^[^\n]+$/)
  })
})

describe('a restore', () => {
  it('adds, changes and removes until all is as it was, storages before the tenants that need them', () => {
    const before = checkedRecords(recordsOf([tenantOf(ids[0], 'One'), tenantOf(ids[1], 'Two')]), around)
    const now = checkedRecords(recordsOf([{ ...tenantOf(ids[0], 'One'), enabled: false }, tenantOf('559bb4e2-f7e5-4b06-9a51-c528f412404b', 'New')]), around)

    const plan = planRestore(before, viewOf({ ...now, storages: [] }))

    expect(plan.tenants).toEqual({ added: 1, changed: 1, removed: 1, unchanged: 0 })
    expect(plan.changes.map(({ op, collection, document }) => [op, collection, 'name' in document ? document.name : ''])).toEqual([
      ['put', 'storages', 'Bucket'],
      ['put', 'tenants', 'One'],
      ['put', 'tenants', 'Two'],
      ['delete', 'tenants', 'New'],
    ])
  })

  it('changes nothing when all is as it was', () => {
    const restored = checkedRecords(recordsOf([tenantOf(ids[0], 'One')]), around)

    // a generated webhook secret is in every stored tenant, and so in every backup
    const plan = planRestore(restored, viewOf(restored))

    expect(plan.changes).toEqual([])
    expect(plan.tenants).toEqual({ added: 0, changed: 0, removed: 0, unchanged: 1 })
  })

  it('fills an empty fleet', () => {
    const plan = planRestore(checkedRecords(recordsOf([tenantOf(ids[0], 'One')]), around), empty)

    expect([plan.tenants.added, plan.storages.added, plan.settings]).toEqual([1, 1, 'unchanged'])
  })
})
