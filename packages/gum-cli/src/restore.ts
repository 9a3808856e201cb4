import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type BackupFile, BackupRefused, parseBackup } from '@um/shared/backup'
import { z } from 'zod'
import type { Api } from './api.ts'
import { Failure } from './failure.ts'
import { counted, type Status } from './terminal.ts'

const Counts = z.object({ added: z.number(), changed: z.number(), removed: z.number(), unchanged: z.number() })
const Restored = z.object({ createdAt: z.string(), tenants: Counts, storages: Counts })

/** Sends a backup to the API, which checks it as a whole before it changes anything. Answers what to tell. */
export async function restore(api: Api, options: { file: BackupFile; passphrase: string | undefined; dryRun: boolean; status: Status }): Promise<string> {
  const { file: backup, passphrase, dryRun, status } = options
  status.show('restoring ...')
  const text = await api.ask('restore', { backup, ...(passphrase === undefined ? {} : { passphrase }), dryRun })
  status.clear()
  const { tenants, storages, createdAt } = Restored.parse(JSON.parse(text))
  const verb = dryRun ? 'would restore' : 'restored'
  return `${verb} the backup of ${createdAt}: ${summary(tenants, 'tenant')}; ${summary(storages, 'storage')}${dryRun ? '; nothing was changed' : ''}`
}

function summary({ added, changed, removed, unchanged }: z.infer<typeof Counts>, noun: string): string {
  return `${counted(added, noun)} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged`
}

/** The bytes of a file as a backup; gzip is undone. Throws Failure (backup) with one line that says why they are none. */
export async function backupOf(bytes: Buffer): Promise<BackupFile> {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
  const text = isPacked ? await unpacked(bytes) : bytes.toString('utf8')
  try {
    return parseBackup(text)
  } catch (error) {
    if (error instanceof BackupRefused) throw new Failure('backup', error.message, error)
    throw error
  }
}
async function unpacked(bytes: Buffer): Promise<string> {
  try {
    return (await promisify(gunzip)(bytes)).toString('utf8')
  } catch (error) {
    throw new Failure('backup', 'The file is compressed with gzip, and cut off or damaged.', error)
  }
}
