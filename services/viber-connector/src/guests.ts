import { createHash } from 'node:crypto'
import { type InboundEvent, type PlatformCall, present, type Recipient } from '@um/shared/contract'
import { tried } from '@um/shared/kit'
import { detailsPath } from './calls.ts'
import type { Ctx } from './definition.ts'
import { withSize } from './render-attachment.ts'
import { Details } from './schema.ts'

/** Viber answers twice in twelve hours, and only of guests who have written. https://developers.viber.com/docs/api/rest-bot-api/#get-user-details */
const askAgainSeconds = 12 * 3600
const linkSeconds = 30 * 86_400

export async function enrich(event: InboundEvent, ctx: Ctx): Promise<InboundEvent> {
  if (event.type !== 'message') return event
  const device = await deviceOf(event.guest, ctx)
  const from = { ...event.from, participantData: { ...device, ...event.from?.participantData } }
  const text = event.content.kind === 'text' ? event.content.text : ''
  // Viber posts the address of an opened link as if the guest had written it
  const isOpened = /^https?:/.test(text) && (await ctx.store.get(linkKey(event.guest, text))) !== undefined
  return { ...event, from, ...(isOpened ? { content: { kind: 'system', text: `Link opened: ${text}` } } : {}) }
}

/** Empty when it is not to be had; the message does not wait for it. */
async function deviceOf(guest: string, ctx: Ctx): Promise<Record<string, string>> {
  const key = `device:${guest}`
  const known = await ctx.store.get(key)
  if (known !== undefined) return JSON.parse(known) as Record<string, string>
  const call: PlatformCall = { method: 'POST', path: detailsPath, json: { id: guest }, idempotent: true, timeoutSeconds: 5 }
  const details = await tried(ctx, 'the details of a guest could not be had', ctx.http.call(call, Details))
  const device: Record<string, string> = present({ deviceOS: details?.user.primary_device_os, deviceType: details?.user.device_type })
  await ctx.store.set(key, JSON.stringify(device), askAgainSeconds)
  return device
}

type Offer = { Buttons: { ActionType: string; ActionBody: string }[] }
/** Before a message goes out: links that are offered are remembered, to know their addresses when they come back. */
export async function prepare(call: PlatformCall, to: Recipient, ctx: Ctx): Promise<PlatformCall> {
  const { keyboard, rich_media = keyboard } = (call.json ?? {}) as { keyboard?: Offer; rich_media?: Offer }
  for (const { ActionType, ActionBody } of rich_media?.Buttons ?? [])
    if (ActionType === 'open-url') await ctx.store.set(linkKey(to.guest, ActionBody), '1', linkSeconds)
  return withSize(call, ctx)
}
function linkKey(guest: string, url: string): string {
  return `link:${createHash('sha256').update(`${guest} ${url}`).digest('base64url')}`
}
