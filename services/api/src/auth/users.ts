import type { Redis } from '@um/shared/redis'
import { z } from 'zod'

/** Somebody who may use the API. */
const User = z.object({
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
  }
}
function userKey(name: string): string {
  return `user:${name}`
}
