import { type MediaRef, type PlatformCall, present } from '@um/shared/contract'
import { shorten } from '@um/shared/degrade'
import type { Out, Tenant } from './definition.ts'

/** What a message says, without receiver and sender. https://developers.viber.com/docs/api/rest-bot-api/#message-types */
export type ViberMessage = Readonly<Record<string, unknown>> & { readonly keyboard?: object; readonly min_api_version?: number }
export const maxText = 7000
const maxName = 28
const maxBodyBytes = 30_000
/** of everything that is sent here */
const highestVersion = 7
export const sendPath = '/send_message'
export const detailsPath = '/get_user_details'

/** `plain`: the words instead, when Viber or the guest's app does not like the rest (`numbered` as in PlatformCall). `file`: instead, if it is too large. `upload`: its size is to be found out. */
type More = { plain?: { text: string; numbered?: true }; file?: PlatformCall[]; upload?: MediaRef }
/** A message to the guest, and what to try instead. The status codes are told apart by `classify`. */
export function send(out: Out, message: ViberMessage, { plain, file, upload }: More = {}): PlatformCall {
  const words = plain && [{ ...bare(out, { type: 'text', text: shorten(plain.text, maxText) }), ...present({ numbered: plain.numbered }) }]
  const simpler: Record<string, PlatformCall[]> = present({ file, text: words })
  const call = (min_api_version = message.min_api_version): PlatformCall => {
    const whole = bare(out, { ...openKeyboard(out, message), ...message, ...present({ min_api_version }) })
    return { ...whole, ...present({ upload }), alternatives: simpler }
  }
  return { ...call(), alternatives: { ...simpler, newer: [call(highestVersion)], register: [{ ...registerCall(out.tenant), auxiliary: true }, call()] } }
}
function bare({ to, tenant, author, agentName }: Out, message: ViberMessage): PlatformCall {
  const version = Math.max(tenant.settings.minApiVersion, message.min_api_version ?? 1)
  const sender = senderOf(tenant, author === 'agent' ? agentName : undefined)
  return { method: 'POST', path: sendPath, json: { receiver: to.guest, sender, ...message, min_api_version: version } }
}

/** https://developers.viber.com/docs/tools/keyboards/#general-keyboard-parameters */
export function withKeyboard(message: ViberMessage, keyboard: object): ViberMessage {
  return { ...message, keyboard, ...('InputFieldState' in keyboard ? { min_api_version: 4 } : {}) }
}

/** Buttons vanish with the next message, so each repeats those that wait for an answer (`sent` in api.ts), unless it offers others. */
function openKeyboard({ to: { address } }: Out, message: ViberMessage): ViberMessage {
  const { keyboard } = address
  if (!keyboard || message.keyboard !== undefined || message.type === 'rich_media') return {}
  const repeated = withKeyboard({}, JSON.parse(keyboard) as object)
  return fitsOneBody({ ...message, ...repeated }) ? repeated : {}
}
/** With room for receiver and sender. */
export function fitsOneBody(message: ViberMessage): boolean {
  return Buffer.byteLength(JSON.stringify(message)) < maxBodyBytes - 1000
}

export function senderOf({ name, settings, state }: Tenant, agentName?: string): { name: string; avatar?: string } {
  const { senderName, senderAvatar, useAgentSender } = settings
  const shown = (useAgentSender && agentName) || senderName || state.accountName || name
  return { name: cut(shown, maxName), ...(senderAvatar ? { avatar: senderAvatar } : {}) }
}
/** Without an ellipsis, which would cost a letter of a name; nor with half a character at the end. */
export function cut(text: string, maxUnits: number): string {
  return text.slice(0, maxUnits).replace(/[\uD800-\uDBFF]$/, '')
}

/** https://developers.viber.com/docs/api/rest-bot-api/#setting-a-webhook */
export function registerCall({ webhookUrl, settings: { eventTypes, sendName, sendPhoto } }: Tenant): PlatformCall {
  const json = { url: webhookUrl, event_types: eventTypes, send_name: sendName, send_photo: sendPhoto }
  return { method: 'POST', path: '/set_webhook', json, idempotent: true }
}
