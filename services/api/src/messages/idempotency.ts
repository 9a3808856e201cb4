import { createHash } from 'node:crypto'
import { ApiError } from '@um/shared/errors'
import type { Redis } from '@um/shared/redis'
import { z } from 'zod'

/** Answers to requests with an `Idempotency-Key`, so that a repeated request gets the same one and sends nothing again. */
export interface RememberedAnswers {
  /** Throws ApiError `invalid` when the key was used for another request. */
  find(tenantId: string, key: string, request: unknown): Promise<unknown>
  keep(tenantId: string, key: string, request: unknown, answer: unknown): Promise<void>
}

const keepSeconds = 86_400
const Stored = z.object({ request: z.string(), answer: z.unknown() })
const IdempotencyKey = z.string().trim().min(1).max(255)

/** Undefined without the header. */
export function idempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const key = IdempotencyKey.safeParse(header)
  if (key.success) return key.data
  throw new ApiError('malformed', 'Idempotency-Key must have 1 to 255 characters.')
}

export function redisRememberedAnswers(redis: Redis): RememberedAnswers {
  const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('base64url')
  const keyOf = (tenantId: string, key: string) => `idempotency:${tenantId}:${hash(key)}`
  return {
    async find(tenantId, key, request) {
      const text = await redis.get(keyOf(tenantId, key))
      if (text === null) return undefined
      const stored = Stored.parse(JSON.parse(text))
      if (stored.request !== hash(request)) throw new ApiError('invalid', 'This Idempotency-Key was used for another request.')
      return stored.answer
    },
    async keep(tenantId, key, request, answer) {
      await redis.set(keyOf(tenantId, key), JSON.stringify({ request: hash(request), answer }), 'EX', keepSeconds)
    },
  }
}
