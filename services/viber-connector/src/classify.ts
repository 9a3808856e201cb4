import type { Failure, PlatformAnswer, PlatformCall } from '@um/shared/contract'
import { otherwise, rateLimited } from '@um/shared/kit'
import { detailsPath, sendPath } from './calls.ts'
import { Answer } from './schema.ts'

/** What the codes mean for a message. https://developers.viber.com/docs/api/rest-bot-api/#error-codes */
const broken = [2, 7, 8, 9, 15]
const tooMuch = [3, 4, 11, 13]
const unknownGuest = [5, 21]
const refused = [16, 17, 18, 19, 20, 22]
const unpaid = [23, 24]
const [unreachable, left, webhookNotSet, tooMany, tooOld] = [1, 6, 10, 12, 14]
/** Limits of a guest: of the messages without an answer in an hour, and of the questions in half a day. */
const aboutGuest = [sendPath, detailsPath]
/** Viber names no time to wait. */
const waitSeconds = 60

export function classify({ status: http, headers, body }: PlatformAnswer, call: PlatformCall): Failure | undefined {
  const { status, status_message: words = `HTTP ${http}` } = Answer.safeParse(body).data ?? { status: undefined, status_message: undefined }
  const why = `Viber: ${words}${status === undefined ? '' : ` (${status})`}`.slice(0, 300)
  if (http === 429) return rateLimited(headers, waitSeconds, why)
  // only a gateway that waited in vain cannot know whether the message went out; nor can we when the answer is not Viber's
  if (http >= 500 || status === undefined) return { kind: 'retryable', why, certain: http >= 500 && http !== 504 }
  if (status === 0) return undefined
  if (broken.includes(status)) return { kind: 'subscription', why }
  if (tooMuch.includes(status)) return otherwise(call, ['text'], why)
  if (status === tooOld) return otherwise(call, ['newer', 'text'], why, 'unsupported')
  if (unknownGuest.includes(status)) return { kind: 'recipient', why, code: 'unknownGuest' }
  if (status === left) return { kind: 'recipient', why, code: 'blocked', optOut: true }
  // answers to guests who have just written are free, so those go on
  if (unpaid.includes(status)) return { kind: 'content', why, code: 'subscription' }
  if (refused.includes(status)) return { kind: 'content', why }
  if (status === webhookNotSet) return call.alternatives?.register ? { kind: 'alternative', name: 'register', why } : { kind: 'subscription', why }
  if (status === tooMany) return rateLimited(headers, waitSeconds, why, aboutGuest.includes(call.path) ? 'guest' : 'tenant')
  return { kind: 'retryable', why: status === unreachable ? `${why}: Viber does not reach the webhook` : why, certain: true }
}
