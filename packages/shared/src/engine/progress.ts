import type { Redis } from '../redis/index.ts'

const progressSeconds = 48 * 3600
/** more than can be in hand at once; beyond it the oldest are forgotten */
const maxRemembered = 10_000

type Fields = Record<string, string | undefined>

/**
 * How far the sending of each message has got: which parts and calls are done, and which calls were claimed because they may not be repeated. It is kept in Redis, so that whoever
 * goes on knows it. What this process knows for certain counts more: Redis may be away just when it should hear that a claimed call was never made, or that it went well.
 */
export class SendProgress {
  private readonly redis: Redis
  private readonly certain = new Map<string, Fields>()
  /** messages with something in Redis to forget */
  private readonly touched = new Set<string>()
  constructor(redis: Redis) {
    this.redis = redis
  }

  async read(messageId: string): Promise<Readonly<Fields>> {
    return { ...(await this.redis.hgetall(progressKey(messageId))), ...this.certain.get(messageId) }
  }

  /** Before a call that may not be repeated. When this throws, the call is not made: a claim that reached Redis all the same means nothing. */
  async claim(messageId: string, call: string): Promise<void> {
    const field = claimOf(call)
    this.remember(messageId, field, undefined)
    await this.write(messageId, field, '1')
    this.unremember(messageId, field)
  }
  /** It was surely not delivered. */
  async unclaim(messageId: string, call: string): Promise<void> {
    const field = claimOf(call)
    this.remember(messageId, field, undefined)
    await this.redis.hdel(progressKey(messageId), field)
    this.unremember(messageId, field)
  }
  isClaimed(progress: Readonly<Fields>, call: string): boolean {
    return progress[claimOf(call)] !== undefined
  }

  /** A part or a call went well. `keep`: there is more to send, so others must know it, too. */
  async done(messageId: string, field: string, value: string, keep: boolean): Promise<void> {
    this.remember(messageId, field, value)
    if (keep) await this.write(messageId, field, value)
  }

  async forget(messageId: string): Promise<void> {
    this.certain.delete(messageId)
    if (this.touched.delete(messageId)) await this.redis.del(progressKey(messageId)).catch(() => undefined)
  }

  private async write(messageId: string, field: string, value: string): Promise<void> {
    this.touched.add(messageId)
    await this.redis.multi().hset(progressKey(messageId), field, value).expire(progressKey(messageId), progressSeconds).exec()
  }
  private remember(messageId: string, field: string, value: string | undefined): void {
    const oldest = this.certain.size >= maxRemembered ? this.certain.keys().next().value : undefined
    if (oldest !== undefined) this.certain.delete(oldest)
    this.certain.set(messageId, { ...this.certain.get(messageId), [field]: value })
  }
  private unremember(messageId: string, field: string): void {
    const { [field]: _, ...left } = this.certain.get(messageId) ?? {}
    if (Object.keys(left).length === 0) this.certain.delete(messageId)
    else this.certain.set(messageId, left)
  }
}

function claimOf(call: string): string {
  return `${call}.claim`
}
function progressKey(messageId: string): string {
  return `send:${messageId}`
}
