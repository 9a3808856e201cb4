import type { Redis } from '@um/shared/redis'
import { seal, unseal } from '@um/shared/settings'
import { DeadLetter } from './letter.ts'

export interface DeadLetters {
  /** Resolves to how many of the oldest had to go for it. */
  add(letter: DeadLetter, body: string): Promise<number>
  /** latest first */
  list(): Promise<DeadLetter[]>
  find(id: string): Promise<DeadLetter | undefined>
  body(id: string): Promise<string | undefined>
  /** false when there was none */
  remove(id: string): Promise<boolean>
  count(): Promise<number>
  /** Runs `work` for one caller at a time; undefined when another one is at it. */
  claim<T>(id: string, work: () => Promise<T>): Promise<T | undefined>
}

const index = 'dead:index'
const letters = 'dead:letters'
const bodyKey = (id: string) => `dead:body:${id}`
const claimSeconds = 60

/** Bodies hold what people said: they are sealed, and gone with the letter or after `keepDays`. */
export function redisDeadLetters(redis: Redis, options: { key: Buffer; maxLetters: number; keepDays: number; now: () => Date }): DeadLetters {
  const keepMilliseconds = options.keepDays * 86_400_000

  const drop = async (ids: readonly string[]): Promise<number> => {
    if (ids.length === 0) return 0
    const results = await redis
      .multi()
      .zrem(index, ...ids)
      .hdel(letters, ...ids)
      .del(...ids.map(bodyKey))
      .exec()
    return Number(results?.[0]?.[1] ?? 0)
  }
  const parse = (text: string | null | undefined): DeadLetter[] => (text === null || text === undefined ? [] : [DeadLetter.parse(JSON.parse(text))])

  return {
    async add(letter, body) {
      const [before] = parse(await redis.hget(letters, letter.id))
      const entry = { ...letter, times: (before?.times ?? 0) + 1 }
      await redis
        .multi()
        .hset(letters, letter.id, JSON.stringify(entry))
        .set(bodyKey(letter.id), seal(body, options.key, `dead/${letter.id}`))
        .zadd(index, options.now().getTime(), letter.id)
        .exec()
      const old = await redis.zrange(index, '-inf', String(options.now().getTime() - keepMilliseconds), 'BYSCORE')
      const surplus = (await redis.zcard(index)) - old.length - options.maxLetters
      const oldest = surplus > 0 ? await redis.zrange(index, String(old.length), String(old.length + surplus - 1)) : []
      await drop([...old, ...oldest])
      return oldest.length
    },
    async list() {
      const ids = await redis.zrange(index, '0', '-1', 'REV')
      const found: DeadLetter[] = []
      for (let at = 0; at < ids.length; at += 500) {
        const texts = await redis.hmget(letters, ...ids.slice(at, at + 500))
        found.push(...texts.flatMap(parse))
      }
      return found
    },
    async find(id) {
      return parse(await redis.hget(letters, id))[0]
    },
    async body(id) {
      const sealed = await redis.get(bodyKey(id))
      return sealed === null ? undefined : String(unseal(sealed, options.key, `dead/${id}`))
    },
    async remove(id) {
      return (await drop([id])) === 1
    },
    async count() {
      return redis.zcard(index)
    },
    async claim(id, work) {
      const key = `dead:claim:${id}`
      if ((await redis.set(key, '1', 'EX', claimSeconds, 'NX')) !== 'OK') return undefined
      try {
        return await work()
      } finally {
        await redis.del(key).catch(() => undefined)
      }
    },
  }
}
