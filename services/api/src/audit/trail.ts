import type { Redis } from '@um/shared/redis'

/** Who did what. Holds no values, so no secrets either: `changed` are JSON pointers. */
export interface AuditEntry {
  who: string
  address: string
  action:
    | 'login'
    | 'loginFailed'
    | 'lockedOut'
    | 'logout'
    | 'changePassword'
    | 'backup'
    | 'restore'
    | 'create'
    | 'update'
    | 'delete'
    | 'replayDeadLetter'
    | 'discardDeadLetter'
    | 'readDeadLetterBody'
  /** what it was done to */
  target?: { collection: string; id: string; name?: string }
  changed?: string[]
}
export interface StoredAuditEntry extends AuditEntry {
  at: string
}
export interface AuditTrail {
  record(entry: AuditEntry): Promise<void>
  /** latest first; `before` is the `id` of the last entry of the page before */
  list(limit: number, before?: string): Promise<(StoredAuditEntry & { id: string })[]>
}

const key = 'audit'
const maxEntries = 10_000

/** A command that adds the entry, for writers that want it in their own transaction. */
export function auditCommand(entry: AuditEntry, now: Date): string[] {
  return ['XADD', key, 'MAXLEN', '~', String(maxEntries), '*', 'entry', JSON.stringify({ at: now.toISOString(), ...entry } satisfies StoredAuditEntry)]
}

export function redisAuditTrail(redis: Redis, now: () => Date): AuditTrail {
  return {
    async record(entry) {
      const [command = '', ...args] = auditCommand(entry, now())
      await redis.call(command, ...args)
    },
    async list(limit, before) {
      const rows = await redis.xrevrange(key, before === undefined ? '+' : `(${before}`, '-', 'COUNT', limit)
      return rows.map(([id, fields]) => ({ id, ...(JSON.parse(fields[1] ?? '{}') as StoredAuditEntry) }))
    },
  }
}
