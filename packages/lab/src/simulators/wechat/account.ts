import { randomBytes } from 'node:crypto'
import { BoundedMap } from '../../kit/bounded-map.ts'
import type { AccountState, ChatState } from '../../kit/messenger/index.ts'
import { randomToken } from '../../kit/random.ts'

export interface IssuedToken {
  token: string
  /** milliseconds */
  until: number
}
/** What a guest did lets the account answer so often, until then. */
export interface Allowance {
  left: number
  until: number
}
/** An official account and what the Official Accounts Platform knows of it. */
export interface OfficialAccount {
  readonly appId: string
  appSecret: string
  /** of the page Server configuration */
  token: string
  encodingAesKey: string
  encryptionMode: 'plain' | 'compatible' | 'safe'
  dataFormat: 'xml' | 'json'
  /** how many answers a message of a guest allows; five in reality */
  answers: number
  /** older accounts are still told the names of their followers */
  tellsNames: boolean
  stable: IssuedToken | undefined
  /** still works for a while after its successor was made */
  readonly predecessors: IssuedToken[]
  classic: IssuedToken | undefined
  readonly forced: number[]
  readonly media: BoundedMap<string, { media: string; type: string; until: number }>
  readonly allowances: BoundedMap<string, Allowance[]>
}
/** What WeChat knows of a guest besides the name. */
export interface Person {
  readonly unionId: string
  subscribedAt: number
  scene: string
  /** of the last exchange with the account, milliseconds */
  exchangedAt: number
}
export type WechatAccount = AccountState<OfficialAccount>
export type Chat = ChatState<OfficialAccount, Person>

/** https://developers.weixin.qq.com/doc/service/en/guide/product/kf/intro.html */
export const realAnswers = 5
export const generousAnswers = 1000
const messageMs = 48 * 3600_000
const clickMs = 60_000
const clickAnswers = 3
const mediaMs = 3 * 24 * 3600_000
const remembered = 10_000

export type NewAccount = Partial<
  Pick<OfficialAccount, 'appId' | 'appSecret' | 'token' | 'encodingAesKey' | 'encryptionMode' | 'dataFormat' | 'answers' | 'tellsNames'>
>
export function newAccount(wanted: NewAccount): OfficialAccount {
  return {
    appId: `wx${randomBytes(8).toString('hex')}`,
    appSecret: randomBytes(16).toString('hex'),
    token: randomBytes(12).toString('hex'),
    encodingAesKey: randomBytes(32).toString('hex').slice(0, 43),
    encryptionMode: 'safe',
    dataFormat: 'xml',
    answers: generousAnswers,
    tellsNames: false,
    ...wanted,
    stable: undefined,
    predecessors: [],
    classic: undefined,
    forced: [],
    media: new BoundedMap(remembered),
    allowances: new BoundedMap(remembered),
  }
}
export function openId(): string {
  return `o${randomToken(21).slice(0, 27)}`
}
export function messageId(): string {
  return `2${randomBytes(8).readBigUInt64BE().toString().padStart(20, '0').slice(-16)}`
}

/** A message opens answers for two days; what is only pressed, or followed, for a minute. */
export function allow({ account: { data }, guest }: Chat, by: 'message' | 'click', now: number): void {
  guest.data.exchangedAt = now
  const open = (data.allowances.get(guest.id) ?? []).filter(({ until }) => until > now)
  const more = by === 'message' ? { left: data.answers, until: now + messageMs } : { left: clickAnswers, until: now + clickMs }
  // another message begins anew, and does not add
  const others = by === 'message' ? open.filter(({ until }) => until <= now + clickMs) : open
  data.allowances.set(guest.id, [...others, more])
}
/** undefined: it may answer, and has one less. Otherwise WeChat's error. */
export function takeAnswer({ account: { data }, guest }: Chat, now: number): 45015 | 45047 | undefined {
  const open = (data.allowances.get(guest.id) ?? []).filter(({ until }) => until > now)
  if (open.length === 0) return 45015
  const used = open.filter(({ left }) => left > 0).sort((a, b) => a.until - b.until)[0]
  if (used === undefined) return 45047
  used.left -= 1
  guest.data.exchangedAt = now
  return undefined
}

/** Media of guests and of the business lie at WeChat for three days. */
export function keepMedia({ data }: WechatAccount, media: string, type: string, now: number): string {
  const id = randomToken(32)
  data.media.set(id, { media, type, until: now + mediaMs })
  return id
}
