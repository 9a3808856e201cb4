import type { Redis } from '@um/shared/redis'
import { z } from 'zod'

/** Somebody who may use the API. */
export const User = z.object({
  name: z.string(),
  hash: z.string(),
  /** installed: given at the installation, which may give another one. changed: chosen by the user, which no installation overwrites. */
  origin: z.enum(['installed', 'changed']),
  changedAt: z.string(),
  /** grows with every password: tokens of an earlier generation are void */
  generation: z.number(),
})
export type User = z.infer<typeof User>

export interface Users {
  find(name: string): Promise<User | undefined>
  /** false when there is one of that name */
  create(user: User): Promise<boolean>
  save(user: User): Promise<void>
  /** by name */
  list(): Promise<User[]>
}

export function redisUsers(redis: Redis): Users {
  return {
    async find(name) {
      const text = await redis.get(userKey(name))
      return text === null ? undefined : User.parse(JSON.parse(text))
    },
    async create(user) {
      return (await redis.set(userKey(user.name), JSON.stringify(user), 'NX')) === 'OK'
    },
    async save(user) {
      await redis.set(userKey(user.name), JSON.stringify(user))
    },
    async list() {
      const keys = new Set<string>()
      let cursor = '0'
      do {
        const [next, page] = await redis.scan(cursor, 'MATCH', userKey('*'), 'COUNT', 500)
        for (const key of page) keys.add(key)
        cursor = next
      } while (cursor !== '0')
      const texts = keys.size === 0 ? [] : await redis.mget([...keys].sort())
      return texts.flatMap(text => (text === null ? [] : [User.parse(JSON.parse(text))]))
    },
  }
}
/** A command, for writers that want it in their own transaction: adds the user, unless there is one of that name. */
export function addUserCommand(user: User): string[] {
  return ['SET', userKey(user.name), JSON.stringify(user), 'NX']
}
function userKey(name: string): string {
  return `user:${name}`
}
