import { type MediaRef, type Outgoing, type PlatformCall, present, type Recipient, type SettingsOf } from '@um/shared/contract'
import type { telegram } from './definition.ts'

export type Out = Outgoing<SettingsOf<typeof telegram>>

/** What to send, apart from where: a method, its own members, and what to send instead when Telegram refuses it in the way that the name says (see `classify`). */
export interface Plan {
  method: string
  fields: Record<string, unknown>
  /** uploaded; without it the fields name a URL or a file that Telegram has */
  file?: { field: string; media: MediaRef }
  instead?: Partial<Record<Refused, Plan[]>>
  auxiliary?: true
}
/** upload: the URL does not do. document: not as a picture or a voice. link, text: not at all. numbered: the buttons do not do. */
export type Refused = 'upload' | 'document' | 'link' | 'text' | 'numbered'

/** The plans as calls. Only the first quotes the guest's message. */
export function carryOut(plans: readonly Plan[], out: Out): PlatformCall[] {
  const { reply_parameters, ...target } = targetOf(out)
  return plans.map((plan, index) => callOf(plan, index === 0 && reply_parameters ? { ...target, reply_parameters } : target))
}

type Target = Record<string, unknown>
function targetOf({ to, tenant: { settings } }: Out) {
  const { thread, replyTo } = to.address
  return {
    ...chatOf(to),
    ...(thread ? { message_thread_id: Number(thread) } : {}),
    ...(replyTo ? { reply_parameters: { message_id: Number(replyTo) } } : {}),
    ...(settings.disableNotification ? { disable_notification: true } : {}),
    ...(settings.protectContent ? { protect_content: true } : {}),
  }
}
/** Ids travel as numbers; channels may also be named. */
export function chatOf({ guest, address }: Recipient): { chat_id: string | number; business_connection_id?: string } {
  return { chat_id: /^-?\d+$/.test(guest) ? Number(guest) : guest, ...(address.business ? { business_connection_id: address.business } : {}) }
}

/** A message that was to be quoted, or a topic, may be gone: then the same without it. */
function callOf(plan: Plan, target: Target): PlatformCall {
  const { reply_parameters, ...unquoted } = target
  const { message_thread_id, ...anywhere } = unquoted
  const fields = { ...target, ...present(plan.fields) }
  const alternatives = {
    ...Object.fromEntries(Object.entries(plan.instead ?? {}).map(([name, plans]) => [name, plans.map(other => callOf(other, target))])),
    ...(reply_parameters === undefined ? {} : { withoutReply: [callOf(plan, unquoted)] }),
    ...(message_thread_id === undefined ? {} : { withoutThread: [callOf(plan, anywhere)] }),
  }
  return {
    method: 'POST',
    path: `/${plan.method}`,
    ...(plan.file ? { multipart: { fields: formFields(fields), file: plan.file } } : { json: fields }),
    ...(Object.keys(alternatives).length > 0 ? { alternatives } : {}),
    ...(plan.auxiliary ? { auxiliary: true } : {}),
    // Telegram fetches a URL before it answers
    ...(plan.instead?.upload ? { timeoutSeconds: 60 } : {}),
  }
}

/** A call of the Bot API. https://core.telegram.org/bots/api#making-requests */
export function method(name: string, fields: object, more: Partial<PlatformCall> = {}): PlatformCall {
  return { method: 'POST', path: `/${name}`, json: fields, ...more }
}
/** In a form, whatever is no text is JSON. */
function formFields(fields: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]))
}
