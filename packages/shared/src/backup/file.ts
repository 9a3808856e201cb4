import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { z } from 'zod'
import { decrypt, Encryption, encrypt, newEncryption } from './encryption.ts'
import { BackupContents, BackupRecord, contentsOf } from './records.ts'

/**
 * A backup is one JSON object: a header that anyone may read, then the records as `payload`: JSON lines, gzip, encrypted when there is a passphrase, base64.
 * `checksum` is over header and payload, so that damage is told from a wrong passphrase. Whitespace and the order of members do not matter.
 */
export const backupFormat = 'universal-messaging-backup'
export const backupVersion = 1

export const BackupHeader = z.object({
  format: z.literal(backupFormat),
  version: z.literal(backupVersion),
  /** version of the product that made it */
  product: z.string(),
  deployment: z.string(),
  createdAt: z.iso.datetime(),
  contents: BackupContents,
  encryption: Encryption.nullable(),
})
export type BackupHeader = z.infer<typeof BackupHeader>
export const BackupFile = BackupHeader.extend({ payload: z.base64(), checksum: z.string() })
export type BackupFile = z.infer<typeof BackupFile>

/** Says in one line why a file is no (whole, readable) backup. Holds no secret. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
  readonly reason: 'foreign' | 'later' | 'damaged' | 'passphrase'
  constructor(reason: BackupRefused['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

const beginning = new RegExp(`^\\s*\\{\\s*"format"\\s*:\\s*"${backupFormat}"`)
/** Far more than any fleet has; a small file that unpacks to more is no backup. */
const maxUnpackedBytes = 256 * 1024 * 1024

export async function writeBackup(
  records: readonly BackupRecord[],
  facts: { product: string; deployment: string; createdAt: Date; passphrase: string | undefined },
): Promise<BackupFile> {
  const packed = await promisify(gzip)(records.map(record => `${JSON.stringify(record)}\n`).join(''))
  const header: BackupHeader = {
    format: backupFormat,
    version: backupVersion,
    product: facts.product,
    deployment: facts.deployment,
    createdAt: facts.createdAt.toISOString(),
    contents: contentsOf(records),
    encryption: facts.passphrase === undefined ? null : newEncryption(),
  }
  const bytes =
    header.encryption === null || facts.passphrase === undefined ? packed : await encrypt(packed, facts.passphrase, header.encryption, canonical(header))
  const payload = bytes.toString('base64')
  return { ...header, payload, checksum: checksumOf(header, payload) }
}

/** The text of a file as a whole backup: format, version and checksum are right. Throws BackupRefused. */
export function parseBackup(text: string): BackupFile {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    if (beginning.test(text)) throw new BackupRefused('damaged', 'The backup is cut off or damaged: it is not whole JSON.')
    throw foreign()
  }
  return checkBackup(value)
}

/** The same for what has been read as JSON already. */
export function checkBackup(value: unknown): BackupFile {
  const { format, version } = z.object({ format: z.unknown(), version: z.unknown() }).safeParse(value).data ?? {}
  if (format !== backupFormat) throw foreign()
  if (typeof version === 'number' && version > backupVersion)
    throw new BackupRefused('later', `The backup has format ${version}, made by a later version of Universal Messaging; this one reads up to ${backupVersion}.`)
  const file = BackupFile.safeParse(value)
  if (!file.success) throw new BackupRefused('damaged', `The backup is damaged: its member ${file.error.issues[0]?.path.join('.') ?? ''} is not right.`)
  const { payload, checksum, ...header } = file.data
  if (checksum !== checksumOf(header, payload)) throw new BackupRefused('damaged', 'The backup is damaged: its checksum is wrong.')
  return file.data
}

/** Everything in a backup. Throws BackupRefused. */
export async function readBackup(file: BackupFile, passphrase: string | undefined): Promise<BackupRecord[]> {
  const { payload, checksum: _checked, ...header } = file
  const packed = await opened(header, Buffer.from(payload, 'base64'), passphrase)
  const records = await unpacked(packed)
  if (canonicalContents(contentsOf(records)) !== canonicalContents(header.contents))
    throw new BackupRefused('damaged', 'The backup is damaged: it does not hold as much as it says.')
  return records
}

async function opened(header: BackupHeader, bytes: Buffer, passphrase: string | undefined): Promise<Buffer> {
  if (header.encryption === null) return bytes
  if (passphrase === undefined) throw new BackupRefused('passphrase', 'The backup is encrypted: give its passphrase.')
  const packed = await decrypt(bytes, passphrase, header.encryption, canonical(header))
  if (packed === undefined) throw new BackupRefused('passphrase', 'The passphrase is wrong.')
  return packed
}

async function unpacked(packed: Buffer): Promise<BackupRecord[]> {
  try {
    const text = (await promisify(gunzip)(packed, { maxOutputLength: maxUnpackedBytes })).toString('utf8')
    return text
      .split('\n')
      .filter(line => line !== '')
      .map(line => BackupRecord.parse(JSON.parse(line)))
  } catch {
    throw new BackupRefused('damaged', 'The backup is damaged: its records cannot be read.')
  }
}

function checksumOf(header: BackupHeader, payload: string): string {
  return `sha256:${createHash('sha256').update(canonical(header)).update('\n').update(payload).digest('hex')}`
}
/** Members in the order of the schema, without whitespace: how the file is laid out does not matter. */
function canonical(header: BackupHeader): string {
  return JSON.stringify(BackupHeader.parse(header))
}
function canonicalContents(contents: BackupContents): string {
  return JSON.stringify(BackupContents.parse(contents))
}
function foreign(): BackupRefused {
  return new BackupRefused('foreign', 'This is not a backup of Universal Messaging.')
}
