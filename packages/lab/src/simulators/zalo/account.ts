import { randomInt } from 'node:crypto'
import { BoundedMap } from '../../kit/bounded-map.ts'
import type { AccountState, ChatState } from '../../kit/messenger/index.ts'
import { randomToken } from '../../kit/random.ts'
import { TokenBucket } from '../../kit/rate-limit.ts'

/** A Zalo application and the Official Account that is linked to it. */
export interface Application {
  readonly appId: string
  appSecret: string
  /** signs webhooks */
  oaSecretKey: string
  /** content of the tag that proves the domain */
  domainCode: string
  /** the application demands a proof with each call */
  demandsProof: boolean
}
export interface OfficialAccount {
  readonly app: Application
  tokens: Tokens | undefined
  /** templates of the older kind are not taken everywhere */
  takesLists: boolean
  readonly uploads: BoundedMap<string, Upload>
  readonly bucket: TokenBucket
}
export interface Tokens {
  access: string
  refresh: string
  endsAt: number
  isRevoked: boolean
}
export interface Upload {
  readonly kind: string
  readonly media: string
  readonly until: number
}
export interface Person {
  follows: boolean
  /** when the guest did something last; undefined: never */
  lastAt: number | undefined
}
export type Oa = AccountState<OfficialAccount>
export type Chat = ChatState<OfficialAccount, Person>

export interface ZaloLimits {
  /** error -32 beyond that */
  messagesPerSecond: number
}
export const realLimits: ZaloLimits = { messagesPerSecond: 20 }
export const generousLimits: ZaloLimits = { messagesPerSecond: 10_000 }

export function newAccount(app: Application, { messagesPerSecond }: ZaloLimits): OfficialAccount {
  return { app, tokens: undefined, takesLists: true, uploads: new BoundedMap(5000), bucket: new TokenBucket(messagesPerSecond, messagesPerSecond) }
}
export function newApplication(facts: Partial<Application> & Pick<Application, 'appId'>): Application {
  return { appSecret: randomToken(15), oaSecretKey: randomToken(15), domainCode: randomToken(15), demandsProof: false, ...facts }
}

/** Users have nineteen digits, beyond what a number holds. */
export function userId(): string {
  return `7${String(randomInt(1e9)).padStart(9, '0')}${String(randomInt(1e9)).padStart(9, '0')}`
}
export function messageId(): string {
  return Buffer.from(randomToken(10), 'base64url').toString('hex')
}
