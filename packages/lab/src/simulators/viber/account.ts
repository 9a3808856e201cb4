import { randomBytes } from 'node:crypto'
import { BoundedMap } from '../../kit/bounded-map.ts'
import type { AccountState, ChatState } from '../../kit/messenger/index.ts'
import { FixedWindow } from '../../kit/rate-limit.ts'

/** A bot account and what Viber knows of it. */
export interface Bot {
  token: string
  /** `pa:` and a number */
  readonly id: string
  eventTypes: readonly string[]
  sendName: boolean
  sendPhoto: boolean
  readonly subscribers: Set<string>
  /** messages to a guest since the guest wrote last */
  readonly unanswered: BoundedMap<string, FixedWindow>
  readonly detailCalls: BoundedMap<string, FixedWindow>
  /** what guests sent, by the name in its address */
  readonly contents: BoundedMap<string, { media: string; until: number }>
  /** what was sent to guests, newest last: by chat the tokens that are not seen yet */
  readonly unseen: BoundedMap<string, string[]>
}
/** What Viber knows of a guest besides the name. */
export interface Person {
  readonly country: string
  readonly os: string
  readonly device: string
  /** of the app */
  readonly apiVersion: number
}
export type ViberAccount = AccountState<Bot>
export type Chat = ChatState<Bot, Person>

/** https://developers.viber.com/docs/api/rest-bot-api/#error-codes and #get-user-details */
export interface ViberLimits {
  unansweredPerHour: number
  detailsPerTwelveHours: number
}
export const realLimits: ViberLimits = { unansweredPerHour: 100, detailsPerTwelveHours: 2 }
export const generousLimits: ViberLimits = { unansweredPerHour: 1_000_000, detailsPerTwelveHours: 1_000_000 }

export const compulsoryEvents = ['message', 'subscribed', 'unsubscribed']
export const allEvents = [...compulsoryEvents, 'delivered', 'seen', 'failed', 'conversation_started', 'client_status']

const remembered = 10_000
export function newBot(token: string): Bot {
  return {
    ...{ token, id: `pa:${messageToken()}`, eventTypes: allEvents, sendName: false, sendPhoto: false, subscribers: new Set() },
    ...{ unanswered: new BoundedMap(remembered), detailCalls: new BoundedMap(remembered) },
    ...{ contents: new BoundedMap(remembered), unseen: new BoundedMap(remembered) },
  }
}
/** Counts one of what is limited per guest; false when it is too many. */
export function takeOf(windows: BoundedMap<string, FixedWindow>, guest: string, limit: number, hours: number, now: number): boolean {
  const known = windows.get(guest) ?? new FixedWindow(limit, hours * 3600_000)
  windows.set(guest, known)
  return known.take(now).allowed
}

/** 64 bits: more than a JavaScript number holds. */
export function messageToken(): string {
  return `58${randomBytes(8).readBigUInt64BE().toString().padStart(20, '0').slice(-17)}`
}
/** JSON in which message tokens are the numbers that they are at Viber. */
export function exactJson(value: object): Buffer {
  return Buffer.from(JSON.stringify(value).replace(/"message_token":"(\d+)"/g, '"message_token":$1'))
}
export function guestId(): string {
  return randomBytes(16).toString('base64')
}
/** Three groups of sixteen hexadecimal digits. */
export function newToken(): string {
  return [0, 1, 2].map(() => randomBytes(8).toString('hex')).join('-')
}
