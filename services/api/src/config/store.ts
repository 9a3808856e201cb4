import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError } from '@um/shared/errors'
import type { Logger } from '@um/shared/log'
import type { Redis } from '@um/shared/redis'
import { type AuditEntry, auditCommand } from '../audit/trail.ts'
import { type Change, keys, writesOf } from './changes.ts'
import { ConfigMirror, type ConfigView } from './mirror.ts'

/** What a transaction decided, and what it answers when that is stored. */
export interface Plan<T> {
  readonly changes: readonly Change[]
  readonly audit?: readonly AuditEntry[]
  /** further Redis commands of the same transaction */
  readonly commands?: readonly string[][]
  result(view: ConfigView): T
}

/** The source of truth of the configuration. Any number of replicas read and write it side by side. */
export interface ConfigStore {
  /** As fresh as Redis is. Throws what ioredis throws while Redis is away. */
  read(): Promise<ConfigView>
  /** What was read last; for those who cannot wait. */
  recall(): ConfigView
  /**
   * Decides on a view and stores the decision; when somebody else has stored something meanwhile, decides again. `decide` is pure: it may run more than once.
   * Resolves when Redis has it; the fleet hears of it through the outbox.
   */
  transact<T>(decide: (view: ConfigView) => Plan<T>): Promise<T>
}

/** All or nothing, and only if the configuration is still the one that the decision was made on. */
const commitScript = `
if (redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], ARGV[3], 'NX')
for _, command in ipairs(cjson.decode(ARGV[4])) do redis.call(unpack(command)) end
return 1`

const maxAttempts = 20

export function configStore(options: { redis: Redis; key: Buffer; log: Logger; now: () => Date; stored?: () => void }): ConfigStore {
  const { redis, now } = options
  const mirror = new ConfigMirror({ redis, key: options.key, log: options.log })
  let turn: Promise<unknown> = Promise.resolve()
  let refreshing: Promise<void> | undefined

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }
  /** Readers that wait for their turn share one refresh, which begins after they have asked. */
  const refreshed = (): Promise<void> => {
    refreshing ??= inTurn(() => {
      refreshing = undefined
      return mirror.refresh()
    })
    return refreshing
  }

  const attempt = async <T>(decide: (view: ConfigView) => Plan<T>): Promise<{ result: T } | undefined> => {
    await mirror.refresh()
    const before = mirror.revision
    const plan = decide(mirror)
    if (plan.changes.length === 0 && (plan.commands ?? []).length === 0) return { result: plan.result(mirror) }
    // the clock keeps revisions growing even when a crash of Redis has lost the last of them
    const { commands, last } =
      plan.changes.length === 0 ? { commands: [], last: before } : writesOf(plan.changes, Math.max(before + 1, now().getTime()), options.key)
    const all = [...commands, ...(plan.commands ?? []), ...(plan.audit ?? []).map(entry => auditCommand(entry, now()))]
    const committed = await redis.eval(commitScript, 2, keys.revision, keys.epoch, String(before), String(last), randomUUID(), JSON.stringify(all))
    if (committed !== 1) return undefined
    await mirror.refresh()
    return { result: plan.result(mirror) }
  }

  return {
    async read() {
      await refreshed()
      return mirror
    },
    recall: () => mirror,
    async transact(decide) {
      const done = await inTurn(async () => {
        for (let count = 0; count < maxAttempts; count++) {
          const outcome = await attempt(decide)
          if (outcome !== undefined) return outcome
          await sleep(Math.random() * 10 * (count + 1))
        }
        throw new ApiError('unavailable', 'Others are saving at the same time.', { headers: { 'Retry-After': '1' } })
      })
      options.stored?.()
      return done.result
    },
  }
}
