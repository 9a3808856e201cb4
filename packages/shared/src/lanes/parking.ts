import { laneName } from '../model/ids.ts'
import type { Redis } from '../redis/index.ts'
import { steadyNow } from './steady-clock.ts'

/** Bytes of parked messages per service; beyond it lanes hold messages back in RabbitMQ instead. */
const maxParkedBytes = 128 * 1024 * 1024
const longestWaitMilliseconds = 60_000

/** Answers how many are left. Takes the head only if it is the one that was handled: a command that Redis hears late, or twice, must not take the next. */
const shiftScript = `
if redis.call('LINDEX', KEYS[1], 0) == ARGV[1] then
  redis.call('LPOP', KEYS[1])
  redis.call('DECRBY', KEYS[2], ARGV[2])
  if redis.call('HINCRBY', KEYS[3], ARGV[3], -1) <= 0 then redis.call('HDEL', KEYS[3], ARGV[3]) end
end
return redis.call('LLEN', KEYS[1])`

/**
 * Conversations that must wait longer than a moment (a failing or paused tenant, an exhausted budget), in order, in the service's own append-only Redis: so they
 * do not hold up the other conversations of their lane. Only the lane's owner touches its parked conversations.
 */
export class Parking {
  private readonly redis: Redis
  /** 'event' or 'message': which of a lane's two queues */
  private readonly kind: string
  private readonly lanes = new Map<number, Map<string, number>>()

  constructor(options: { redis: Redis; kind: string }) {
    this.redis = options.redis
    this.kind = options.kind
  }

  /** Must be called when a lane is taken over, before its first message is handled. Throws while Redis is away. */
  async load(lane: number): Promise<void> {
    const rows = await this.redis.zrange(this.dueKey(lane), 0, '-1', 'WITHSCORES')
    const parked = new Map<string, number>()
    // by the clock of the replica before us, which may have been wrong; too early is harmless, gates and budgets are asked again
    const latest = steadyNow() + longestWaitMilliseconds
    for (let index = 0; index + 1 < rows.length; index += 2) parked.set(rows[index] ?? '', Math.min(Number(rows[index + 1]), latest))
    this.lanes.set(lane, parked)
  }
  forget(lane: number): void {
    this.lanes.delete(lane)
  }

  isParked(lane: number, conversation: string): boolean {
    return this.lanes.get(lane)?.has(conversation) ?? false
  }
  dueAt(lane: number, conversation: string): number {
    return this.lanes.get(lane)?.get(conversation) ?? 0
  }
  due(now: number): { lane: number; conversation: string }[] {
    const found: { lane: number; conversation: string; at: number }[] = []
    for (const [lane, parked] of this.lanes) for (const [conversation, at] of parked) if (at <= now) found.push({ lane, conversation, at })
    return found.sort((a, b) => a.at - b.at)
  }
  count(): number {
    let sum = 0
    for (const parked of this.lanes.values()) sum += parked.size
    return sum
  }

  /** false: there is no room (or no Redis); the caller holds the messages. */
  async park(lane: number, conversation: string, bodies: readonly Buffer[], due: number): Promise<boolean> {
    const bytes = bodies.reduce((sum, body) => sum + body.length, 0)
    try {
      if (Number((await this.redis.get(this.bytesKey())) ?? 0) + bytes > maxParkedBytes) return false
      const transaction = this.redis.multi().zadd(this.dueKey(lane), due, conversation).incrby(this.bytesKey(), bytes)
      if (bodies.length > 0) {
        transaction.rpush(this.listKey(lane, conversation), ...bodies).hincrby(this.tenantsKey(), tenantOf(conversation), bodies.length)
      }
      assertDone(await transaction.exec())
    } catch {
      // perhaps it was done and only the answer got lost: looked for there first, what is there twice is recognised by its mark
      this.lanes.get(lane)?.set(conversation, due)
      return false
    }
    this.lanes.get(lane)?.set(conversation, due)
    return true
  }
  async postpone(lane: number, conversation: string, due: number): Promise<void> {
    this.lanes.get(lane)?.set(conversation, due)
    await this.redis.zadd(this.dueKey(lane), 'XX', due, conversation).catch(() => undefined)
  }
  /** All of a tenant's conversations are due now (its token works again). */
  async wake(tenantId: string): Promise<void> {
    for (const [lane, parked] of this.lanes) {
      for (const conversation of parked.keys()) if (conversation.startsWith(`${tenantId}/`)) await this.postpone(lane, conversation, 0)
    }
  }

  async head(lane: number, conversation: string): Promise<Buffer | undefined> {
    return (await this.redis.lindexBuffer(this.listKey(lane, conversation), 0)) ?? undefined
  }
  /** Removes the head; the conversation is free again when it was the last. */
  async shift(lane: number, conversation: string, body: Buffer): Promise<void> {
    const keys = [this.listKey(lane, conversation), this.bytesKey(), this.tenantsKey()]
    const left = await this.redis.eval(shiftScript, keys.length, ...keys, body, body.length, tenantOf(conversation))
    if (left === 0) await this.free(lane, conversation)
  }
  async free(lane: number, conversation: string): Promise<void> {
    await this.redis.zrem(this.dueKey(lane), conversation)
    this.lanes.get(lane)?.delete(conversation)
  }

  /** Parked messages per tenant, of all lanes and replicas. */
  async byTenant(): Promise<Map<string, number>> {
    const counts = await this.redis.hgetall(this.tenantsKey())
    return new Map(Object.entries(counts).flatMap(([tenantId, count]) => (Number(count) > 0 ? [[tenantId, Number(count)] as const] : [])))
  }

  private tenantsKey(): string {
    return `park:${this.kind}:tenants`
  }
  private dueKey(lane: number): string {
    return `park:${this.kind}:due:${laneName(lane)}`
  }
  private listKey(lane: number, conversation: string): string {
    return `park:${this.kind}:list:${laneName(lane)}:${conversation}`
  }
  private bytesKey(): string {
    return `park:${this.kind}:bytes`
  }
}

function tenantOf(conversation: string): string {
  return conversation.slice(0, conversation.indexOf('/'))
}
function assertDone(result: [Error | null, unknown][] | null): void {
  if (result === null) throw new Error('transaction was discarded')
  for (const [error] of result) if (error) throw error
}
