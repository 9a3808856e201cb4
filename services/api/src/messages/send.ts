import { randomUUID } from 'node:crypto'
import { type Broker, exchanges, messageKey, Unroutable } from '@um/shared/amqp'
import { type Content, canShow, type Definition } from '@um/shared/contract'
import { ApiError } from '@um/shared/errors'
import type { Journal } from '@um/shared/journal'
import { conversationKey, derivedId, envelope, laneOf, writeContent } from '@um/shared/model'
import type { Tenant } from '@um/shared/settings'
import { tellAccepted, tellPublished, tellRefused } from '../journeys/tell.ts'
import type { MessageStates } from './states.ts'

export interface SentMessage {
  id: string
  kind: string
  /** degraded: the platform has nothing like it, so that the guest gets it in words or as a link */
  shown: 'asIs' | 'degraded'
}

/** Throws ApiError `invalid` for what the platform would refuse. `pointerOf`: where the message stands in the request. */
export function assertShowable(contents: readonly Content[], platform: Definition, pointerOf: (index: number) => string): void {
  const fields = contents.flatMap((content, index) =>
    platform.capabilities[content.kind]?.level === 'reject' ? [{ pointer: pointerOf(index), detail: `${platform.label} takes no ${content.kind}` }] : [],
  )
  if (fields.length > 0) throw new ApiError('invalid', 'See errors.', { fields })
}

/**
 * Hands messages to the tenant's messaging platform, in order, each confirmed before the next. With an idempotency key their ids derive from it: what a
 * failed request has sent already is recognised when the request is repeated.
 */
export async function sendMessages(
  parts: { broker: Broker; states: MessageStates; journal: Pick<Journal, 'tell'>; now: () => Date },
  request: { tenant: Tenant; platform: Definition; userId: string; contents: readonly Content[]; key: string | undefined },
): Promise<SentMessage[]> {
  const { broker, states, journal } = parts
  const { tenant, platform, userId, contents, key } = request
  const at = parts.now()
  const conversation = conversationKey(tenant.id, userId)
  const messages = contents.map((content, index) => ({
    content,
    id: key === undefined ? randomUUID() : derivedId('ivr', tenant.id, key, String(index)),
  }))
  const acceptedAt = at.toISOString()
  const fresh = await states.accept(messages.map(({ id, content }) => ({ id, tenantId: tenant.id, userId, kind: content.kind, acceptedAt })))
  const sent: SentMessage[] = []
  for (const { id, content } of messages) {
    const message = envelope(
      'um.message.v1',
      { id, source: '/api', subject: conversation, time: at },
      {
        tenantId: tenant.id,
        guest: userId,
        from: 'api',
        to: tenant.messaging.type,
        content: writeContent(content),
        author: 'ivr',
        origin: { service: 'api', id },
        at: acceptedAt,
      },
    )
    tellAccepted(journal, message, key)
    try {
      await broker.publish(exchanges.messages, messageKey('outbound', tenant.messaging.type, laneOf(tenant.id, userId)), message, {
        headers: { 'x-conversation': conversation },
      })
    } catch (error) {
      const unsent = new Set(messages.slice(sent.length).map(rest => rest.id))
      await states.forget(fresh.map(state => state.id).filter(each => unsent.has(each))).catch(() => undefined)
      const failure = partlySent(error, sent)
      tellRefused(journal, message, failure.message)
      throw failure
    }
    tellPublished(journal, message)
    sent.push({ id, kind: content.kind, shown: canShow(platform.capabilities, content) ? 'asIs' : 'degraded' })
  }
  return sent
}

/** 503 that says what has been sent nevertheless. */
function partlySent(error: unknown, sent: readonly SentMessage[]): ApiError {
  const detail = error instanceof Unroutable ? 'The connector of this platform is not installed.' : 'The message broker does not answer.'
  return new ApiError('unavailable', detail, { cause: error, headers: { 'Retry-After': '5' }, ...(sent.length === 0 ? {} : { members: { messages: sent } }) })
}
