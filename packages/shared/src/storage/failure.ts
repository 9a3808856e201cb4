import type { Failure } from '../contract/connector.ts'
import { ApiError, type ErrorCode } from '../errors/index.ts'
import { redactText } from '../log/redact.ts'
import { type BodyFault, BodyRefused } from './body.ts'
import { RecordsAway } from './records.ts'

const bodyErrors: Readonly<Record<BodyFault, { code: ErrorCode; retryable: boolean }>> = {
  tooLarge: { code: 'tooLarge', retryable: false },
  tooShort: { code: 'lengthMismatch', retryable: true },
  tooLong: { code: 'malformed', retryable: false },
  interrupted: { code: 'lengthMismatch', retryable: true },
  stalled: { code: 'unavailable', retryable: true },
}

/** Every answer of the storage routes that is not a success says whether asking again may help. */
export function refusal(
  code: ErrorCode,
  detail: string,
  retryable: boolean,
  more: { afterSeconds?: number | undefined; kind?: string; cause?: unknown } = {},
): ApiError {
  return new ApiError(code, detail, {
    members: { retryable, ...(more.kind === undefined ? {} : { kind: more.kind }) },
    ...(more.afterSeconds === undefined ? {} : { headers: { 'retry-after': String(Math.max(1, Math.ceil(more.afterSeconds))) } }),
    ...(more.cause === undefined ? {} : { cause: more.cause }),
  })
}

export function bodyError(error: BodyRefused): ApiError {
  const { code, retryable } = bodyErrors[error.fault]
  return refusal(code, error.message, retryable, { cause: error })
}

/** What the provider's cloud said, as an answer to the caller. */
export function failureError(failure: Failure): ApiError {
  const why = redactText(failure.kind === 'moved' ? `moved to ${failure.to}` : failure.why)
  const { kind } = failure
  switch (kind) {
    case 'retryable':
      return refusal('unavailable', why, true, { kind, afterSeconds: failure.afterSeconds })
    case 'rateLimited':
      return refusal('unavailable', why, true, { kind, afterSeconds: failure.afterSeconds })
    case 'content':
      return refusal(failure.code === 'tooLarge' ? 'tooLarge' : 'upstream', why, false, { kind })
    default:
      return refusal('upstream', why, false, { kind })
  }
}

/** Undefined when the error is none that was foreseen. */
export function knownError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error
  if (error instanceof BodyRefused) return bodyError(error)
  if (error instanceof RecordsAway) return refusal('unavailable', error.message, true, { afterSeconds: 2, cause: error })
  return undefined
}
