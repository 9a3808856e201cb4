import { BackupFile, BackupRefused, checkBackup, readBackup, writeBackup } from '@um/shared/backup'
import type { CommandClient } from '@um/shared/commands'
import type { Definition, StorageDefinition } from '@um/shared/contract'
import { ApiError } from '@um/shared/errors'
import { z } from 'zod'
import type { AuditTrail } from '../audit/trail.ts'
import { addUserCommand, type Users } from '../auth/users.ts'
import type { ConfigStore } from '../config/store.ts'
import { type Operation, operation } from '../http/operation.ts'
import { statesKey } from '../reports/states.ts'
import type { SettingsSurroundings } from '../settings/check.ts'
import { keptRecords, ownRecords } from './gather.ts'
import { keptCommands } from './kept-outbox.ts'
import { checkedRecords, planRestore, type RestorePlan } from './plan.ts'

const tag = 'Backup'
const passphrase = z.string().min(8, 'must have at least 8 characters').max(1000)
const BackupRequest = z.strictObject({
  passphrase: passphrase.optional().meta({ description: 'Encrypts the backup, which holds all secrets. Without it they are in the clear.' }),
  partial: z.boolean().default(false).meta({ description: 'true: also when connectors do not answer; what they keep is missing then.' }),
})
const RestoreRequest = z.strictObject({
  backup: z.unknown(),
  passphrase: z.string().max(1000).optional(),
  dryRun: z.boolean().default(false).meta({ description: 'true: only tells what would happen.' }),
})
const Counts = z.object({ added: z.number(), changed: z.number(), removed: z.number(), unchanged: z.number() })
const RestoreAnswer = z
  .object({
    createdAt: z.string(),
    product: z.string(),
    dryRun: z.boolean(),
    tenants: Counts,
    storages: Counts,
    settings: z.enum(['changed', 'unchanged']),
    users: z.number().meta({ description: 'In the backup. Those who exist keep their passwords.' }),
    kept: z.number().meta({ description: 'Tenants whose connectors are given back what only they know.' }),
  })
  .meta({ id: 'Restored' })

/** A fleet of ten thousand tenants, base64 and all. */
const maxRestoreBytes = 64 * 1024 * 1024

export function backupOperations(options: {
  store: ConfigStore
  users: Users
  audit: AuditTrail
  commands: CommandClient
  connectors: ReadonlyMap<string, Definition>
  storages: ReadonlyMap<string, StorageDefinition>
  notifiers: SettingsSurroundings['notifiers']
  announced(): Promise<void>
  sealKey: Buffer
  version: string
  deployment: string
  now: () => Date
}): Operation[] {
  const { store, users, audit, commands } = options
  return [
    operation({
      id: 'makeBackup',
      method: 'POST',
      path: '/backup',
      tag,
      summary: 'Make a backup',
      description:
        'All tenants, storages, settings and users, and what only the connectors know (tokens that a platform gives once). Not in it: messages, conversations, attachments, dead letters, the audit trail.',
      access: 'administrator',
      body: BackupRequest,
      bodyExample: { partial: false },
      answers: {
        200: {
          description: 'The backup, a file to be kept as it is.',
          schema: BackupFile.meta({ id: 'Backup' }),
          headers: { 'Content-Disposition': 'Its name.' },
        },
      },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid'],
      async handle({ body, administrator, address }) {
        const view = await store.read()
        // a file without them would be taken for a whole backup, and the older, whole ones thrown away
        if (view.unreadable > 0)
          throw new ApiError('unavailable', `${view.unreadable} stored documents cannot be read: has SECRET_KEY changed? A backup would not hold them.`)
        const tenants = view.tenants().map(({ document }) => document)
        const own = await ownRecords(view, users)
        const { records, silent } = await keptRecords(commands, tenants)
        if (silent.length > 0 && !body.partial)
          throw new ApiError(
            'unavailable',
            `What ${silent.join(', ')} keep for their tenants cannot be read: they do not answer. Start them, or ask for a partial backup.`,
            {
              members: { silent },
            },
          )
        const createdAt = options.now()
        const file = await writeBackup([...own, ...records], {
          product: options.version,
          deployment: options.deployment,
          createdAt,
          passphrase: body.passphrase,
        })
        await audit.record({ who: administrator.user, address, action: 'backup' })
        const name = `universal-messaging-${createdAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}.json`
        return { status: 200, headers: { 'Content-Disposition': `attachment; filename="${name}"` }, body: file }
      },
    }),
    operation({
      id: 'restoreBackup',
      method: 'POST',
      path: '/restore',
      tag,
      summary: 'Restore a backup',
      description:
        'All or nothing: it is checked as a whole before anything changes. Afterwards the configuration is the one of the backup; what is not in it is removed. Users who exist keep their passwords, and services keep what they know already.',
      access: 'administrator',
      body: RestoreRequest,
      bodySchema: RestoreRequest.extend({ backup: BackupFile.meta({ id: 'Backup' }) }),
      maxBodyBytes: maxRestoreBytes,
      answers: { 200: { description: 'Restored; the services hear of it.', schema: RestoreAnswer } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid'],
      async handle({ body, administrator, address }) {
        const file = refusing(() => checkBackup(body.backup))
        const records = await readBackup(file, body.passphrase).catch(error => {
          throw translateRefusal(error)
        })
        const restored = checkedRecords(records, options)
        const summary = ({ tenants, storages, settings, users: named, kept }: RestorePlan) => ({
          ...{ createdAt: file.createdAt, product: file.product, dryRun: body.dryRun, tenants, storages, settings },
          users: named.length,
          kept: kept.length,
        })
        if (body.dryRun) return { status: 200, body: summary(planRestore(restored, await store.read())) }
        const done = await store.transact(view => {
          const plan = planRestore(restored, view)
          const target = { collection: 'backup', id: file.createdAt }
          return {
            changes: plan.changes,
            commands: [...forgottenReports(plan), ...plan.users.map(addUserCommand), ...keptCommands(plan.kept, options.sealKey)],
            audit: [{ who: administrator.user, address, action: 'restore', target }],
            result: () => summary(plan),
          }
        })
        await options.announced()
        return { status: 200, body: done }
      },
    }),
  ]
}

/** What services have reported of documents that are no more. */
function forgottenReports({ changes }: RestorePlan): string[][] {
  return changes.flatMap(change => (change.op === 'delete' ? [['DEL', statesKey(change.collection, change.id)]] : []))
}

function refusing<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw translateRefusal(error)
  }
}
/** One line that says why. */
function translateRefusal(error: unknown): unknown {
  if (!(error instanceof BackupRefused)) return error
  const pointer = error.reason === 'passphrase' ? '/passphrase' : '/backup'
  return new ApiError('invalid', error.message, { fields: [{ pointer, detail: error.message }], members: { reason: error.reason } })
}
