import type { BackupRecord, KeptEntry } from '@um/shared/backup'
import { type CommandClient, CommandFailed } from '@um/shared/commands'
import type { Tenant } from '@um/shared/settings'
import type { Users } from '../auth/users.ts'
import type { ConfigView } from '../config/mirror.ts'

/** So many tenants are asked for at once: each question walks the keys of the service's Redis. */
const tenantsPerQuestion = 250
const withinMilliseconds = 10_000

/** What is in the API's own hands: the configuration, and who may change it. */
export async function ownRecords(view: ConfigView, users: Users): Promise<BackupRecord[]> {
  const of = (kind: 'storage' | 'tenant', entries: readonly { document: object }[]): BackupRecord[] =>
    entries.map(({ document }) => ({ kind, document: { ...document } }))
  return [
    { kind: 'settings', document: { ...view.settings().document } },
    ...of('storage', view.storages()),
    ...of('tenant', view.tenants()),
    ...(await users.list()).map((user): BackupRecord => ({ kind: 'user', document: { ...user } })),
  ]
}

/** What the connectors keep for their tenants. `silent`: services that did not answer, although tenants need them. */
export async function keptRecords(commands: CommandClient, tenants: readonly Tenant[]): Promise<{ records: BackupRecord[]; silent: string[] }> {
  const found = await Promise.all(
    [...tenantsByService(tenants)].map(async ([service, ids]) => {
      try {
        const entries = await keptOf(commands, service, ids)
        return { records: entries.map((entry): BackupRecord => ({ kind: 'kept', service, entry })), silent: [] }
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error
        // a service that was never there keeps nothing
        return { records: [], silent: error.reason === 'notInstalled' ? [] : [service] }
      }
    }),
  )
  return { records: found.flatMap(({ records }) => records), silent: found.flatMap(({ silent }) => silent) }
}

function tenantsByService(tenants: readonly Tenant[]): Map<string, string[]> {
  const pairs = tenants.flatMap(({ id, messaging, cxPlatform }) => [
    { service: `${messaging.type}-connector`, id },
    { service: `${cxPlatform.type}-connector`, id },
  ])
  return new Map([...Map.groupBy(pairs, ({ service }) => service)].map(([service, members]) => [service, members.map(({ id }) => id)]))
}

async function keptOf(commands: CommandClient, service: string, ids: readonly string[]): Promise<KeptEntry[]> {
  const entries: KeptEntry[] = []
  let waiting = [...ids]
  while (waiting.length > 0) {
    const answer = await commands.ask(service, 'readKept', { ids: waiting.slice(0, tenantsPerQuestion) }, withinMilliseconds)
    entries.push(...answer.entries)
    waiting = [...answer.rest, ...waiting.slice(tenantsPerQuestion)]
  }
  return entries
}
