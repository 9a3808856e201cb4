import { z } from 'zod'
import { KeptEntry } from './kept-entry.ts'

const document = z.record(z.string(), z.unknown())

/** What a backup consists of. Documents are checked by whoever restores them, with the schemas of its own version. */
export const BackupRecord = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('settings'), document }),
  z.object({ kind: z.literal('storage'), document }),
  z.object({ kind: z.literal('tenant'), document }),
  z.object({ kind: z.literal('user'), document }),
  z.object({ kind: z.literal('kept'), service: z.string(), entry: KeptEntry }),
])
export type BackupRecord = z.infer<typeof BackupRecord>

/** How much there is of what. */
export const BackupContents = z.object({
  tenants: z.number().int().min(0),
  storages: z.number().int().min(0),
  users: z.number().int().min(0),
  kept: z.number().int().min(0),
})
export type BackupContents = z.infer<typeof BackupContents>

export function contentsOf(records: readonly BackupRecord[]): BackupContents {
  const count = (kind: BackupRecord['kind']) => records.filter(record => record.kind === kind).length
  return { tenants: count('tenant'), storages: count('storage'), users: count('user'), kept: count('kept') }
}
