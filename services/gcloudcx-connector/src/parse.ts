import { type Author, type InboundEvent, present, type ReceiptState, type Refusal, readJson, type Verified } from '@um/shared/contract'
import { readContents } from './contents.ts'
import type { Tenant } from './definition.ts'
import { partIds } from './message-ids.ts'
import { reasonCode } from './reasons.ts'
import { OpenMessage } from './schema.ts'

/** What Genesys Cloud sends towards the guest: messages, typing, presence, and receipts of the guest's messages. */
export function parse(hook: Verified, tenant: Tenant): InboundEvent[] | Refusal {
  const message = OpenMessage.safeParse(readJson(hook.raw)).data
  if (message === undefined) return { refused: 'malformed', why: 'the body is not an Open Messaging message' }
  const guest = guestOf(message, tenant)
  if (guest === undefined) return { refused: 'malformed', why: 'the body names no guest' }
  const common: Common = {
    ...timeOf(message),
    guest,
    ...present({ address: message.conversationId === undefined ? undefined : { conversationId: message.conversationId } }),
  }
  switch (message.type) {
    case 'Receipt':
      return receipts(message, common)
    case 'Event':
      return happenings(message, common)
    default:
      return messages(message, common)
  }
}
type Common = Pick<InboundEvent, 'at' | 'guest' | 'address'>

/** `to`, except where the integration itself is named there (receipts of what the guest wrote). */
function guestOf({ channel: { id, to, from } }: OpenMessage, tenant: Tenant): string | undefined {
  const integrations = [id, tenant.state.integrationId]
  return [to?.id, from?.id].find(candidate => candidate !== undefined && candidate !== '' && !integrations.includes(candidate))
}
/** Every message has a time; one that cannot be read is left to the engine rather than that the message is lost. */
function timeOf({ channel }: OpenMessage): { at?: Date } {
  const at = new Date(channel.time ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? {} : { at }
}
/** Genesys Cloud says that id and time together are unique; the same id comes back in receipts. */
function identity(message: OpenMessage, ...more: readonly (string | undefined)[]): string {
  return [message.type, message.id, message.channel.time, ...more].join(':')
}
function authorOf({ originatingEntity }: OpenMessage): Author {
  return originatingEntity === 'Human' ? 'agent' : 'bot'
}

function messages(message: OpenMessage, common: Common): InboundEvent[] {
  const contents = readContents(message)
  const ids = partIds(message.id, contents)
  return contents.map((content, index) => {
    const messageId = ids[index] ?? message.id
    return { ...common, type: 'message', id: identity(message, messageId), messageId, content, author: authorOf(message) }
  })
}

const receiptStates: Readonly<Record<string, ReceiptState>> = { Published: 'delivered', Delivered: 'delivered', Read: 'read', Sent: 'sent', Failed: 'failed' }

function receipts(message: OpenMessage, common: Common): InboundEvent[] {
  const state = receiptStates[message.status ?? '']
  if (state === undefined) return []
  const [reason] = message.reasons
  const told = state === 'failed' ? present({ reason: reason?.message ?? reason?.code, code: reasonCode(reason?.code) }) : {}
  return [{ ...common, type: 'receipt', id: identity(message, message.status), of: message.id, state, ...told }]
}

function happenings(message: OpenMessage, common: Common): InboundEvent[] {
  return message.events.flatMap(({ eventType, typing, presence }, index): InboundEvent[] => {
    const id = identity(message, String(index))
    if (eventType === 'Typing') {
      const content = { kind: 'typing', on: typing?.type !== 'Off', durationSeconds: (typing?.duration ?? 5000) / 1000 } as const
      return [{ ...common, type: 'message', id, content, author: authorOf(message) }]
    }
    if (eventType === 'Presence' && presence?.type === 'Disconnect') return [{ ...common, type: 'lifecycle', id, change: 'ended' }]
    if (eventType === 'Presence' && presence?.type === 'Join') return [{ ...common, type: 'lifecycle', id, change: 'joined' }]
    return []
  })
}
