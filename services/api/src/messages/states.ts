import type { DataOf } from '@um/shared/model'
import type { Redis } from '@um/shared/redis'
import { z } from 'zod'

/** What became of a message from an IVR. */
export const MessageState = z.object({
  id: z.string(),
  tenantId: z.string(),
  userId: z.string(),
  kind: z.string(),
  state: z.enum(['accepted', 'sent', 'delivered', 'read', 'failed']),
  code: z.string().nullable(),
  why: z.string().nullable(),
  acceptedAt: z.string(),
  updatedAt: z.string(),
})
export type MessageState = z.infer<typeof MessageState>
export type AcceptedMessage = Pick<MessageState, 'id' | 'tenantId' | 'userId' | 'kind' | 'acceptedAt'>

export interface MessageStates {
  /** Resolves to those that were not known yet: a repeated request must not forget how far its messages have come. */
  accept(messages: readonly AcceptedMessage[]): Promise<AcceptedMessage[]>
  forget(ids: readonly string[]): Promise<void>
  find(id: string): Promise<MessageState | undefined>
  record(receipt: DataOf<'um.receipt.v1'>): Promise<void>
}

const keepSeconds = 7 * 86_400
const keyOf = (id: string) => `message:${id}`
/** Receipts may overtake each other; failed is final. */
const ranks = { accepted: 0, sent: 1, delivered: 2, read: 3, failed: 4 } as const

const acceptScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1`
const recordScript = `
local rank = redis.call('HGET', KEYS[1], 'rank')
if not rank or tonumber(rank) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'rank', unpack(ARGV))
return 1`

export function redisMessageStates(redis: Redis): MessageStates {
  return {
    async accept(messages) {
      const isNew = await Promise.all(
        messages.map(message => {
          const fields = { ...message, state: 'accepted', rank: String(ranks.accepted), updatedAt: message.acceptedAt }
          return redis.eval(acceptScript, 1, keyOf(message.id), String(keepSeconds), ...Object.entries(fields).flat())
        }),
      )
      return messages.filter((_, index) => isNew[index] === 1)
    },
    async forget(ids) {
      if (ids.length > 0) await redis.del(...ids.map(keyOf))
    },
    async find(id) {
      const fields = await redis.hgetall(keyOf(id))
      return fields.id === undefined ? undefined : MessageState.parse({ code: null, why: null, ...fields })
    },
    async record({ of, state, code, why, at }) {
      const fields = { state, updatedAt: at, ...(code === undefined ? {} : { code }), ...(why === undefined ? {} : { why }) }
      await redis.eval(recordScript, 1, keyOf(of), String(ranks[state]), ...Object.entries(fields).flat())
    },
  }
}
