import { createHash } from 'node:crypto'
import { type Refusal, readJson, type Webhook } from '@um/shared/contract'
import { isSame } from '@um/shared/kit'
import type { Tenant } from './definition.ts'
import { Event } from './schema.ts'

/** What the account does, and what becomes of its messages, is told with the account as the sender. */
const ofAccount = /^(oa_send_|user_received_message$|user_seen_message$)/

export function accountOf({ event_name, oa_id, sender, recipient }: Event): string {
  return oa_id ?? (ofAccount.test(event_name) ? sender : recipient)?.id ?? ''
}
export function guestOf({ event_name, sender, recipient, follower }: Event): string | undefined {
  return (follower ?? (ofAccount.test(event_name) ? recipient : sender))?.id
}

/** Zalo switches off a webhook that it cannot deliver. When the address is entered it posts an empty object, unsigned. */
export function locate({ headers, raw }: Webhook): string | Refusal {
  const body = raw.length === 0 ? {} : readJson(raw)
  if (body !== null && typeof body === 'object' && Object.keys(body).length === 0) return { refused: 'ignored', why: 'Zalo tries the address' }
  if (!headers.has('x-zevent-signature')) return { refused: 'unauthenticated', why: 'the signature is missing' }
  const event = Event.safeParse(body)
  return event.success ? `${event.data.app_id}:${accountOf(event.data)}` : { refused: 'malformed', why: 'the body is no event of Zalo' }
}
export const unlocated = 'ignored'
export function keys({ settings: { appId, oaId } }: Tenant): string[] {
  return [`${appId}:${oaId}`]
}

/** A plain digest that begins and ends with what only both sides know. https://developers.zalo.me/docs/official-account/webhook/tong-quan */
export function verify({ headers, raw }: Webhook, { settings }: Tenant, now: Date): Refusal | undefined {
  const event = Event.safeParse(readJson(raw)).data
  const given = (headers.get('x-zevent-signature') ?? '').replace(/^mac=/, '').toLowerCase()
  // which of the two times is signed Zalo's pages leave open
  const times = [event?.timestamp ?? '', headers.get('x-zevent-timestamp') ?? ''].filter(time => /^\d{1,15}$/.test(time))
  const time = times.find(each =>
    isSame(given, createHash('sha256').update(settings.appId).update(raw).update(each).update(settings.oaSecretKey).digest('hex')),
  )
  if (time === undefined || event?.app_id !== settings.appId) return { refused: 'unauthenticated', why: 'the signature is wrong' }
  const isStale = settings.maxClockSkewSeconds > 0 && Math.abs(now.getTime() - Number(time)) > settings.maxClockSkewSeconds * 1000
  return isStale ? { refused: 'stale', why: 'the timestamp is too far from now' } : undefined
}
