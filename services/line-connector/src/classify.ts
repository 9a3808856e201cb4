import type { Failure, PlatformAnswer, PlatformCall } from '@um/shared/contract'
import { otherwise, statusFailure } from '@um/shared/kit'
import { isReadCall } from './calls.ts'
import { isPhoneCall } from './phone.ts'
import { Refused } from './schema.ts'

/** LINE names no time to wait. https://developers.line.biz/en/reference/messaging-api/#rate-limits */
const waitSeconds = 5

/** https://developers.line.biz/en/reference/messaging-api/#error-responses */
export function classify(answer: PlatformAnswer, call: PlatformCall): Failure | undefined {
  const { status, body } = answer
  if (status < 300) return undefined
  const read = Refused.safeParse(body)
  const { message, error, error_description, details = [] } = read.success ? read.data : {}
  const text = message ?? error_description ?? error ?? `HTTP ${status}`
  const why = `LINE: ${[text, ...details.map(detail => [detail.property, detail.message].filter(Boolean).join(': '))].join('; ')}`.slice(0, 500)
  // our first try had been taken
  if (status === 409 && call.headers?.['X-Line-Retry-Key'] !== undefined) return undefined
  // a mark that cannot be made hurts nobody, and the message is there already; only the token has to be known
  if (isReadCall(call) && status !== 401) return undefined
  switch (status) {
    case 400:
      return call.anonymous ? { kind: 'subscription', why } : badRequest(text, details, why, call)
    case 403:
      return isPhoneCall(call) ? { kind: 'content', why, code: 'subscription' } : { kind: 'subscription', why }
    case 404:
      return details.some(isAddress) ? { kind: 'recipient', why, code: 'unknownGuest' } : { kind: 'content', why }
    case 422:
      return { kind: 'recipient', why, code: 'unknownGuest' }
    case 423:
      return { kind: 'retryable', why, certain: true }
    case 429:
      // until next month, or until the plan is changed: the job `quota` tells the admin; replies go on
      if (/monthly limit/i.test(text)) return { kind: 'content', why, code: 'rateLimited' }
  }
  return statusFailure(answer, call, why, { waitSeconds })
}

interface Detail {
  property?: string | undefined
}
type Details = readonly Detail[]
const addresses = new Set(['userId', 'groupId', 'roomId', 'to'])
function isAddress({ property = '' }: Detail): boolean {
  return addresses.has(property)
}
function badRequest(text: string, details: Details, why: string, call: PlatformCall): Failure {
  if (/invalid reply token/i.test(text)) return { kind: 'alternative', name: 'push', why }
  const isUnknown = /failed to send messages|the property, 'to'/i.test(text) || details.some(isAddress)
  if (isUnknown) return { kind: 'recipient', why, code: 'unknownGuest' }
  return otherwise(call, ['text'], why, /duration|url/i.test(why) ? 'mediaType' : undefined)
}
