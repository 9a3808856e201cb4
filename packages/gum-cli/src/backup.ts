import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { type BackupFile, BackupRefused, parseBackup } from '@um/shared/backup'
import type { Api } from './api.ts'
import { Failure } from './failure.ts'
import { counted, type Status, sizeOf } from './terminal.ts'

/** Makes a backup and puts it into `output`, or on standard output. Answers what to tell. */
export async function backUp(
  api: Api,
  options: { passphrase: string | undefined; partial: boolean; output: string | undefined; print(text: string): Promise<void>; status: Status },
): Promise<string> {
  const { passphrase, partial, output, status } = options
  status.show('making the backup ...')
  const text = await api.ask('backup', { ...(passphrase === undefined ? {} : { passphrase }), partial }, bytes => status.show(`received ${sizeOf(bytes)}`))
  const file = whole(text)
  status.clear()
  const line = `${text.trimEnd()}\n`
  if (output === undefined) await options.print(line)
  else save(output, line)
  const { tenants, storages, users } = file.contents
  return `saved ${counted(tenants, 'tenant')}, ${counted(storages, 'storage')} and ${counted(users, 'user')}${output === undefined ? '' : ` to ${output}`}`
}

/** What came is what was sent: a proxy in between may have cut it off. */
function whole(text: string): BackupFile {
  try {
    return parseBackup(text)
  } catch (error) {
    if (error instanceof BackupRefused) throw new Failure('failed', `what the API sent is no whole backup: ${error.message}`, error)
    throw error
  }
}

/** Whole or not at all, and for its owner only: it holds secrets. */
function save(path: string, text: string): void {
  const part = `${path}.${process.pid}.part`
  try {
    writeFileSync(part, text, { mode: 0o600, flag: 'wx' })
    renameSync(part, path)
  } catch (error) {
    rmSync(part, { force: true })
    throw new Failure('failed', `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`, error)
  }
}
