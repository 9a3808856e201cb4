import { type JsonWebKey, randomBytes } from 'node:crypto'
import { BoundedMap } from '../../kit/bounded-map.ts'
import { TokenBucket } from '../../kit/rate-limit.ts'

/** A Messaging API channel and what LINE knows of it. */
export interface Channel {
  readonly channelId: string
  channelSecret: string
  /** the one of the console; undefined: never issued */
  longLivedToken: string | undefined
  /** issued over the API: token → its end */
  readonly tokens: Map<string, { kind: 'stateless' | 'v2.1' | 'shortLived'; until: number; keyId?: string }>
  /** public keys that were registered in the console, by key id */
  readonly publicKeys: Map<string, JsonWebKey>
  /** switch "Use webhook" of the console */
  webhookActive: boolean
  /** switch "Webhook redelivery" of the console */
  redelivery: boolean
  /** messages a month that the plan allows; undefined: no limit */
  quota: number | undefined
  used: number
  /** contracts */
  pnp: boolean
  switcherSecret: string | undefined
  readonly replyTokens: BoundedMap<string, { guest: string; from: number; eventAt: number; used: boolean; redelivered: boolean }>
  readonly retryKeys: BoundedMap<string, { at: number; answer: object; requestId: string }>
  /** content of what guests sent, by message id */
  readonly contents: BoundedMap<string, { media: string; gone: boolean }>
  readonly readTokens: BoundedMap<string, string>
  readonly buckets: Map<string, TokenBucket>
}
/** What LINE knows of a guest besides the name. */
export interface Person {
  /** E.164 */
  readonly phone: string
}

export interface LineLimits {
  /** https://developers.line.biz/en/reference/messaging-api/#rate-limits */
  messagesPerSecond: number
  loadingPerSecond: number
}
export const realLimits: LineLimits = { messagesPerSecond: 2000, loadingPerSecond: 100 }
export const generousLimits: LineLimits = { messagesPerSecond: 1_000_000, loadingPerSecond: 1_000_000 }

const remembered = 10_000
export function newChannel(
  facts: Pick<Channel, 'channelId' | 'channelSecret'> & { longLivedToken?: string; switcherSecret?: string; quota?: number },
): Channel {
  return {
    channelId: facts.channelId,
    channelSecret: facts.channelSecret,
    longLivedToken: facts.longLivedToken,
    tokens: new Map(),
    publicKeys: new Map(),
    webhookActive: true,
    redelivery: true,
    quota: facts.quota,
    used: 0,
    pnp: true,
    switcherSecret: facts.switcherSecret,
    replyTokens: new BoundedMap(remembered),
    retryKeys: new BoundedMap(remembered),
    contents: new BoundedMap(remembered),
    readTokens: new BoundedMap(remembered),
    buckets: new Map(),
  }
}

/** Milliseconds to wait; 0: go on. */
export function takeOf(channel: Channel, operation: string, perSecond: number, now: number): number {
  const bucket = channel.buckets.get(operation) ?? new TokenBucket(perSecond, perSecond)
  channel.buckets.set(operation, bucket)
  return bucket.take(now)
}

export function hexId(prefix: 'U' | 'C' | 'R' | ''): string {
  return `${prefix}${randomBytes(16).toString('hex')}`
}
/** Message ids are decimal and have eighteen digits. */
export function messageId(): string {
  return `5${randomBytes(8).readBigUInt64BE().toString().padStart(20, '0').slice(-17)}`
}
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** https://github.com/ulid/spec : ten characters of time, sixteen of chance. */
export function ulid(now: number): string {
  const time = Array.from({ length: 10 }, (_, index) => crockford[Math.floor(now / 32 ** (9 - index)) % 32])
  return [...time, ...Array.from(randomBytes(16), byte => crockford[byte % 32])].join('')
}
