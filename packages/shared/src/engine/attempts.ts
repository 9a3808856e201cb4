import type { Redis } from '../redis/index.ts'

const rememberSeconds = 48 * 3600
export const maxAttempts = 15

/** Seconds before attempt n+1: 1, 2, 4 ... 60, of which up to half is random. */
export function backOffMilliseconds(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(1000 * 2 ** (attempt - 1), 60_000)
  return full / 2 + (full / 2) * random()
}

/** Failed attempts per message, shared by replicas and kept over restarts. Messages that go well never get here. */
export class Attempts {
  private readonly redis: Redis
  private readonly used = new Set<string>()
  constructor(redis: Redis) {
    this.redis = redis
  }
  /** Counts one failed attempt; undefined when there were enough. */
  async next(id: string, afterSeconds?: number): Promise<{ attempt: number; milliseconds: number } | undefined> {
    const results = await this.redis.multi().incr(key(id)).expire(key(id), rememberSeconds).exec()
    const attempt = Number(results?.[0]?.[1] ?? 1)
    if (this.used.size < 10_000) this.used.add(id)
    if (attempt >= maxAttempts) return undefined
    return { attempt, milliseconds: Math.max((afterSeconds ?? 0) * 1000, backOffMilliseconds(attempt)) }
  }
  async count(id: string): Promise<number> {
    return Number((await this.redis.get(key(id))) ?? 0)
  }
  async forget(id: string): Promise<void> {
    if (this.used.delete(id)) await this.redis.del(key(id)).catch(() => undefined)
  }
}
function key(id: string): string {
  return `attempts:${id}`
}
