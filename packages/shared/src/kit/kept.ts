import type { z } from 'zod'
import type { Store } from '../contract/index.ts'

/** Records of one form in `ctx.store` or `ctx.vault`, as JSON. */
export interface Kept<T> {
  get(key: string): Promise<T | undefined>
  set(key: string, value: T, ttlSeconds?: number): Promise<void>
  delete(key: string): Promise<void>
}
export function kept<T>(store: Store, schema: z.ZodType<T>, prefix = ''): Kept<T> {
  return {
    get: async key => {
      const text = await store.get(`${prefix}${key}`)
      return text === undefined ? undefined : schema.parse(JSON.parse(text))
    },
    set: (key, value, ttlSeconds) => store.set(`${prefix}${key}`, JSON.stringify(value), ttlSeconds),
    delete: key => store.delete(`${prefix}${key}`),
  }
}
