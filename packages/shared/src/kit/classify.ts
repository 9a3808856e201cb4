import { type Failure, type HeaderFields, type PlatformAnswer, type PlatformCall, present, type ReasonCode } from '../contract/index.ts'

/** What is to be waited after a 429: what the platform asks for (RFC 9110, in seconds), or what is usual where it does not say. */
export function rateLimited(headers: HeaderFields, usualSeconds: number, why: string, scope: 'tenant' | 'guest' = 'tenant'): Failure {
  return { kind: 'rateLimited', why, afterSeconds: Number(headers.get('retry-after')) || usualSeconds, scope }
}

const refusals: Readonly<Record<number, ReasonCode>> = { 413: 'tooLarge', 415: 'mediaType' }

export interface StatusRules {
  /** after a 429 that names no time */
  waitSeconds: number
  /** Of which errors of the server does the platform say that nothing was done? Default: of none. */
  isCertain?(status: number): boolean
}

/**
 * What a status means by itself, once the platform's own words have been read and say no more. An answer below 400 that comes this far is not the platform's
 * (a proxy, a page to sign in): nobody knows what became of the call.
 */
export function statusFailure({ status, headers }: PlatformAnswer, call: PlatformCall, why: string, { waitSeconds, isCertain }: StatusRules): Failure {
  if (status === 429) return rateLimited(headers, waitSeconds, why)
  if (status < 400 || status === 408 || status >= 500) return { kind: 'retryable', why, certain: isCertain?.(status) ?? false }
  if (status === 401) return { kind: call.anonymous ? 'subscription' : 'unauthorized', why }
  if (status === 403) return { kind: 'subscription', why }
  return { kind: 'content', why, ...present({ code: refusals[status] }) }
}
