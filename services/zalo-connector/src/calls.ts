import type { PlatformCall } from '@um/shared/contract'
import { splitText } from '@um/shared/degrade'
import type { Out } from './definition.ts'

/** Before the id of a guest who is not signed in; there are no profiles of them. */
export const anonymous = 'anonymous:'

export interface Attachment {
  type: string
  payload: object
}
export function template(template_type: string, payload: object): Attachment {
  return { type: 'template', payload: { template_type, ...payload } }
}

/** https://developers.zalo.me/docs/official-account/tin-nhan/tin-tu-van/gui-tin-tu-van-dang-van-ban */
export function message({ to: { guest, address } }: Out, content: { text?: string; attachment?: Attachment }): PlatformCall {
  const visitor = guest.startsWith(anonymous) ? guest.slice(anonymous.length) : undefined
  const recipient = visitor === undefined ? { user_id: guest } : { anonymous_id: visitor, conversation_id: address.conversation ?? '' }
  return { method: 'POST', path: '/v3.0/oa/message/cs', json: { recipient, message: content } }
}
/** Zalo echoes each of them to us, so each is remembered as sent. */
export function texts(text: string, out: Out, more: { numbered?: true } = {}): PlatformCall[] {
  const pieces = splitText(text, out.tenant.settings.maxTextLength)
  return pieces.map((piece, index) => ({ ...message(out, { text: piece }), ...(index === pieces.length - 1 ? more : {}) }))
}
