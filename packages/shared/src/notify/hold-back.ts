import type { Redis } from '../redis/index.ts'

/** Which repeats of a trouble are told, for all replicas of a service together. */
export interface HoldBack {
  /** Counts a trouble. Undefined: it was told not long ago and is held back; else the number of repeats that were held back since. */
  claim(key: string, seconds: readonly number[]): Promise<number | undefined>
  /** Ends a trouble; true when it had been told. */
  clear(key: string): Promise<boolean>
}

const claimScript = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local quiet = tonumber(ARGV[1])
local known = redis.call('HMGET', KEYS[1], 'until', 'step', 'held')
local till = tonumber(known[1] or '0')
if till > now then
  redis.call('HINCRBY', KEYS[1], 'held', 1)
  return -1
end
local step = tonumber(known[2] or '0')
if now - till > quiet then step = 0 end
step = math.min(step + 1, #ARGV - 2)
redis.call('HSET', KEYS[1], 'until', now + tonumber(ARGV[step + 2]), 'step', step, 'held', 0)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return tonumber(known[3] or '0')`

/** A trouble that was quiet for so long starts anew. */
const quietMilliseconds = 86_400_000
/** A recovery is told even after weeks. */
const rememberMilliseconds = 30 * 86_400_000

export class RedisHoldBack implements HoldBack {
  private readonly redis: Redis
  constructor(redis: Redis) {
    this.redis = redis
  }
  async claim(key: string, seconds: readonly number[]): Promise<number | undefined> {
    const steps = seconds.map(each => Math.ceil(each * 1000))
    const held = Number(await this.redis.eval(claimScript, 1, redisKey(key), quietMilliseconds, rememberMilliseconds, ...steps))
    return held < 0 ? undefined : held
  }
  async clear(key: string): Promise<boolean> {
    return (await this.redis.del(redisKey(key))) > 0
  }
}
function redisKey(key: string): string {
  return `notify:${key}`
}
