import { createHash } from 'node:crypto'
import { CallFailed, type InboundEvent, type PlatformCall, type Recipient, type SentFacts } from '@um/shared/contract'
import { derivedId } from '@um/shared/model'
import type { LineMessage } from './calls.ts'
import type { Ctx, Out, Settings } from './definition.ts'

/**
 * Phone Number Push: messages to people of whom only the phone number is known; LINE tells when they arrive, after the guest's consent perhaps.
 * https://developers.line.biz/en/docs/partner-docs/line-notification-messages/overview/
 */
const paths = { flexible: '/bot/pnp/push', template: '/v2/bot/message/pnp/templated/push' } as const
const tagHeader = 'X-Line-Delivery-Tag'
const arrivalSeconds = 24 * 3600
/** a little longer, so that a message that has not arrived is still known when that is told */
export const receiptWindowSeconds = arrivalSeconds + 2 * 3600

export function isPhone(guest: string): boolean {
  return !/^[UCR][0-9a-f]{32}$/.test(guest)
}
/** With country code and without what people put between the digits; undefined when it is no phone number. */
export function e164(text: string, { pnpDefaultCountry }: Settings): string | undefined {
  const digits = text.replace(/[\s().-]/g, '')
  if (/^\+\d{8,15}$/.test(digits)) return digits
  return pnpDefaultCountry !== undefined && /^0\d{8,10}$/.test(digits) ? `+${pnpDefaultCountry}${digits.slice(1)}` : undefined
}
/** How LINE wants a number: hexadecimal SHA-256 of its E.164 form. */
export function hashed(phone: string): string {
  return createHash('sha256').update(phone).digest('hex')
}

/** No retry key here: what becomes of a repeat is not known. */
export function phoneCall({ id, to, tenant: { settings } }: Out, messages: readonly LineMessage[], index: number): PlatformCall {
  const address = { to: hashed(e164(to.guest, settings) ?? to.guest) }
  const json = settings.pnpMode === 'flexible' ? { messages } : { templateKey: settings.pnpTemplateKey, body: templateBody(messages) }
  return { method: 'POST', path: paths[settings.pnpMode], headers: { [tagHeader]: derivedId(id, 'pnp', String(index)) }, json: { ...address, ...json } }
}
export function isPhoneCall({ path }: PlatformCall): boolean {
  return path === paths.flexible || path === paths.template
}
export function tagOf(call: PlatformCall): string | undefined {
  return call.headers?.[tagHeader]
}

/** Approved templates are filled in by the lines of the text: `item_key: content`, `*item_key: content` for the emphasized item, and a URL as content for a button. */
function templateBody(messages: readonly LineMessage[]): object {
  const lines = messages.flatMap(({ text, altText }) => String(text ?? altText ?? '').split('\n')).filter(line => line.trim() !== '')
  const entries = lines.map(line => /^(?<star>\*?)(?<key>[\w.-]+):\s*(?<content>.+)$/.exec(line)?.groups ?? { star: '', key: '', content: line })
  const emphasized = entries.find(({ star }) => star === '*')
  const rest = entries.filter(entry => entry !== emphasized)
  const isLink = ({ content = '' }: Record<string, string | undefined>): boolean => /^https?:\/\/\S+$/.test(content)
  return {
    ...(emphasized ? { emphasizedItem: { itemKey: emphasized.key, content: emphasized.content } } : {}),
    items: rest.filter(entry => !isLink(entry)).map(({ key, content }) => ({ itemKey: key, content })),
    buttons: rest.filter(isLink).map(({ key, content }) => ({ buttonKey: key, url: content })),
  }
}

/** Numbers that LINE could not find are refused here, before anything is sent to somebody else. */
export async function prepare(call: PlatformCall, { guest }: Recipient, { tenant: { settings } }: Ctx): Promise<PlatformCall> {
  if (!isPhoneCall(call)) return call
  if (!settings.pnpEnabled) throw new CallFailed({ kind: 'recipient', code: 'unknownGuest', why: 'this is no LINE user id, and Phone Number Push is off' })
  if (e164(guest, settings) === undefined)
    throw new CallFailed({ kind: 'recipient', code: 'unknownGuest', why: 'the phone number needs + and its country code' })
  return call
}

const agenda = 'phone'
const knownSeconds = 180 * 86_400
export async function sentEffect({ id }: SentFacts, { to }: Out, ctx: Ctx): Promise<void> {
  const phone = isPhone(to.guest) ? e164(to.guest, ctx.tenant.settings) : undefined
  if (id === undefined || phone === undefined) return
  await ctx.store.set(`tag:${id}`, phone, receiptWindowSeconds)
  await ctx.agenda(agenda).put(id, new Date(ctx.now().getTime() + arrivalSeconds * 1000))
}
/** Who has this number, as far as an arrival has told. */
export async function userOf(phone: string, { store }: Ctx): Promise<string | undefined> {
  return store.get(`user:${phone}`)
}
export async function arrived(event: InboundEvent, ctx: Ctx): Promise<void> {
  if (event.type !== 'receipt') return
  const phone = await ctx.store.get(`tag:${event.of}`)
  await ctx.agenda(agenda).remove(event.of)
  if (phone !== undefined && !isPhone(event.guest)) await ctx.store.set(`user:${phone}`, event.guest, knownSeconds)
}
/** What did not arrive in time never will. */
export async function reportLost(ctx: Ctx, emit: (events: InboundEvent[]) => Promise<void>): Promise<void> {
  for (const tag of await ctx.agenda(agenda).due(ctx.now(), 100)) {
    const guest = (await ctx.store.get(`tag:${tag}`)) ?? tag
    await emit([{ type: 'receipt', id: `${tag}:lost`, guest, of: tag, state: 'failed', code: 'expired', reason: 'LINE did not deliver it within 24 hours' }])
    await ctx.agenda(agenda).remove(tag)
  }
}
