import type { BudgetRule } from '../contract/index.ts'
import { type Redis, RedisScript } from '../redis/index.ts'

/** Who goes first when a budget is short: a lower class leaves a share of the budget to the higher ones. */
export const priorities = { agent: 0, guest: 0.02, ivr: 0.05, failedReceipt: 0.1, receipt: 0.3, typing: 0.5 } as const
export type Priority = keyof typeof priorities

/**
 * Sliding windows in twelve slots, so that no window of the platform ever sees more than the limit, whatever its phase. All rules are drawn from together or not at all.
 * Answers 0, or the milliseconds until it is worth asking again. A platform's Retry-After blocks a rule's key until its end.
 */
const drawScript = new RedisScript(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local reserve = tonumber(ARGV[1])
local wait = 0
local plans = {}
for i = 1, #KEYS do
  local limit = tonumber(ARGV[i * 2])
  local window = tonumber(ARGV[i * 2 + 1])
  local blocked = redis.call('PTTL', KEYS[i] .. ':blocked')
  if blocked > 0 and blocked > wait then wait = blocked end
  local slot = math.max(1, math.ceil(window / 12))
  local current = math.floor(now / slot)
  local used = 0
  local oldest = current
  local fields = redis.call('HGETALL', KEYS[i])
  local stale = {}
  for f = 1, #fields, 2 do
    local at = tonumber(fields[f])
    if at <= current - 13 then stale[#stale + 1] = fields[f]
    else
      used = used + tonumber(fields[f + 1])
      if at < oldest then oldest = at end
    end
  end
  if #stale > 0 then redis.call('HDEL', KEYS[i], unpack(stale)) end
  local usable = math.max(1, limit - math.floor(limit * reserve))
  if used + 1 > usable then
    local until_free = (oldest + 13) * slot - now
    if until_free > wait then wait = math.max(until_free, 1) end
  end
  plans[i] = { current, window }
end
if wait > 0 then return wait end
for i = 1, #KEYS do
  redis.call('HINCRBY', KEYS[i], plans[i][1], 1)
  redis.call('PEXPIRE', KEYS[i], plans[i][2] * 2)
end
return 0`)

/** For metrics: who had to wait, and what the platform itself refused. */
export interface BudgetObserver {
  waited(priority: Priority): void
  limited(): void
}

export class Budgets {
  private readonly redis: Redis
  private readonly observer: BudgetObserver | undefined
  constructor(redis: Redis, observer?: BudgetObserver) {
    this.redis = redis
    this.observer = observer
  }

  /** 0: go. Otherwise the milliseconds to wait. Throws while Redis is away. */
  async draw(scope: string, rules: readonly BudgetRule[], priority: Priority): Promise<number> {
    if (rules.length === 0) return 0
    const keys = rules.map(rule => budgetKey(scope, rule.key))
    const numbers = rules.flatMap(rule => [rule.limit, rule.perSeconds * 1000])
    const wait = Number(await drawScript.run(this.redis, keys, [priorities[priority], ...numbers]))
    if (wait > 0) this.observer?.waited(priority)
    return wait
  }

  /**
   * The platform said how long to wait: nobody draws from this key until then. Of several answers to calls that were under way together the longest counts.
   * `tenantId`: whose calls these are, for people who ask why nothing moves.
   */
  async block(scope: string, key: string, seconds: number, tenantId?: string): Promise<void> {
    this.observer?.limited()
    const blocked = `${budgetKey(scope, key)}:blocked`
    const milliseconds = Math.max(1, Math.ceil(seconds * 1000))
    const transaction = this.redis.multi().set(blocked, '1', 'PX', milliseconds, 'NX').pexpire(blocked, milliseconds, 'GT')
    if (tenantId !== undefined) transaction.zadd(limitedKey(scope), 'GT', Date.now() + milliseconds, tenantId).expire(limitedKey(scope), 86_400)
    await transaction.exec()
  }

  /** Tenants whose platform has told them to wait, and until when (milliseconds since 1970). */
  async limited(scope: string, now: number): Promise<Map<string, number>> {
    const key = limitedKey(scope)
    await this.redis.zremrangebyscore(key, '-inf', now)
    const rows = await this.redis.zrange(key, 0, '-1', 'WITHSCORES')
    return new Map(rows.flatMap((row, index) => (index % 2 === 0 ? [[row, Number(rows[index + 1])] as const] : [])))
  }
}
function limitedKey(scope: string): string {
  return `limited:${scope}`
}
function budgetKey(scope: string, key: string): string {
  return `budget:${scope}:${key}`
}
