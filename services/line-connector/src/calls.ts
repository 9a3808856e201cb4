import type { PlatformCall } from '@um/shared/contract'
import { inGroups, shorten } from '@um/shared/degrade'
import { derivedId } from '@um/shared/model'
import type { Out } from './definition.ts'
import { isPhone, phoneCall } from './phone.ts'

/** A message object. https://developers.line.biz/en/reference/messaging-api/#message-objects */
export type LineMessage = { readonly type: string } & Readonly<Record<string, unknown>>
const maxMessages = 5

export const push = '/v2/bot/message/push'
export const reply = '/v2/bot/message/reply'
const markAsRead = { token: '/v2/bot/chat/markAsRead', user: '/v2/bot/message/markAsRead' } as const

/** The words instead, when LINE does not like the rest. `numbered`: as in PlatformCall */
export interface Plain {
  text: string
  numbered?: true
}

/** The messages to whom they are for, as many to a request as LINE takes. */
export function deliver(out: Out, messages: readonly LineMessage[], plain?: Plain): PlatformCall[] {
  const sender = senderOf(out)
  const parts = inGroups(messages, maxMessages).map(part => part.map(message => ({ ...message, ...sender })))
  if (isPhone(out.to.guest)) return parts.map((part, index) => phoneCall(out, part, index))
  const words = plain && [
    { ...pushCall(out, [{ type: 'text', text: shorten(plain.text, 5000), ...sender }], 'plain'), ...(plain.numbered ? { numbered: plain.numbered } : {}) },
  ]
  const calls = parts.map((part, index) => pushCall(out, part, String(index), index === 0 && words ? { text: words } : {}))
  const [first, ...others] = calls
  // marks last: once they are made a repeat has none, and the messages must keep their places
  return [...(first ? [replyInstead(out, first), ...others] : []), ...readCalls(out)]
}

/** LINE knows a repeat by its key for a day. https://developers.line.biz/en/docs/messaging-api/retrying-api-request/ */
function pushCall({ id, to, tenant: { settings } }: Out, messages: readonly object[], part: string, alternatives?: PlatformCall['alternatives']): PlatformCall {
  const { switcherServiceCode: code } = settings
  return {
    method: 'POST',
    path: push,
    headers: { 'X-Line-Retry-Key': derivedId(id, part), ...(code === undefined ? {} : { 'X-Line-ServiceCode': code }) },
    json: { to: to.guest, messages },
    idempotent: true,
    ...(alternatives === undefined ? {} : { alternatives }),
  }
}
/** A reply is free, a push counts. Whether the token is still good only LINE knows; a reply cannot be repeated, as it takes no retry key. */
function replyInstead({ at, to: { address } }: Out, pushed: PlatformCall): PlatformCall {
  const { replyToken, replyUntil } = address
  if (!replyToken || !replyUntil || at > new Date(replyUntil)) return pushed
  const { messages } = pushed.json as { messages: object[] }
  return { method: 'POST', path: reply, json: { replyToken, messages }, alternatives: { ...pushed.alternatives, push: [pushed] } }
}

/** The agent who answers has read. Repeating it does no harm. */
export function readCalls({ author, to: { guest, address }, tenant: { settings } }: Pick<Out, 'author' | 'to' | 'tenant'>): PlatformCall[] {
  if (settings.markAsRead === 'off' || !address.unread || author === 'ivr') return []
  const json = settings.markAsRead === 'token' ? { markAsReadToken: address.unread } : { chat: { userId: guest } }
  return [{ method: 'POST', path: markAsRead[settings.markAsRead], json, idempotent: true, auxiliary: true }]
}
export function isReadCall({ path }: PlatformCall): boolean {
  return path === markAsRead.token || path === markAsRead.user
}
function senderOf({ author, agentName, tenant }: Out): { sender?: { name: string } } {
  return tenant.settings.useAgentSender && author === 'agent' && agentName ? { sender: { name: shorten(agentName, 20) } } : {}
}
