import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Refusal, TenantView, Webhook } from '../contract/index.ts'

/** In constant time, and without showing a difference of lengths. */
export function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

export interface SignatureRules<V> {
  /** where the signature stands, e.g. 'x-line-signature'; a function where it may stand elsewhere */
  header: string
  from?(hook: Webhook): string | undefined
  encoding: 'hex' | 'base64'
  /** before the signature, e.g. 'sha256=' */
  prefix?: string
  /** any of them may have signed; those that are not set do not count */
  secrets(settings: V): readonly (string | undefined)[]
  /** what is signed; default: the body */
  signed?(hook: Webhook): readonly (string | Buffer)[]
  /** the header that tells when it was signed, in seconds since 1970, and how far that may be from now; without it repeats are recognised by what they are about */
  time?: { header: string; toleranceSeconds(settings: V): number }
}

/** A `verify` for webhooks that are signed with HMAC-SHA256 over the bytes as they came. */
export function signature<V>(rules: SignatureRules<V>): (hook: Webhook, tenant: TenantView<V>, now: Date) => Refusal | undefined {
  const { header, encoding, prefix = '', secrets, signed = ({ raw }) => [raw], time } = rules
  return (hook, { settings }, now) => {
    const given = rules.from === undefined ? hook.headers.get(header) : rules.from(hook)
    if (!given) return { refused: 'unauthenticated', why: `${header} is missing` }
    const late = time && judgeTime(hook.headers.get(time.header) ?? '', time.toleranceSeconds(settings), time.header, now)
    if (late !== undefined) return late
    const isSigned = secrets(settings).some(secret => secret !== undefined && isSame(given, prefix + hmac(secret, signed(hook), encoding)))
    return isSigned ? undefined : { refused: 'unauthenticated', why: `${header} is wrong` }
  }
}
function hmac(secret: string, parts: readonly (string | Buffer)[], encoding: 'hex' | 'base64'): string {
  const sum = createHmac('sha256', secret)
  for (const part of parts) sum.update(part)
  return sum.digest(encoding)
}
function judgeTime(text: string, toleranceSeconds: number, header: string, now: Date): Refusal | undefined {
  if (!/^\d{1,12}$/.test(text)) return { refused: 'unauthenticated', why: `${header} is missing or no number` }
  const isNear = Math.abs(now.getTime() / 1000 - Number(text)) <= toleranceSeconds
  return isNear ? undefined : { refused: 'stale', why: `${header} is too far from now` }
}
