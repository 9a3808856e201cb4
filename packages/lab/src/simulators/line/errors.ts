import type { ApiAnswer } from '../../kit/messenger/index.ts'

export interface Detail {
  message: string
  property: string
}

/** LINE says no. */
export class LineError extends Error {
  readonly answer: ApiAnswer
  constructor(status: number, message: string, more: { details?: readonly Detail[]; headers?: Record<string, string> } = {}) {
    super(message)
    const { details, headers } = more
    this.answer = {
      status,
      json: { message, ...(details ? { details } : {}) },
      why: [message, ...(details ?? []).map(each => `${each.property} ${each.message}`)].join('; '),
      ...(headers ? { headers } : {}),
    }
  }
}
export function invalidBody(details: readonly Detail[]): LineError {
  return new LineError(400, `The request body has ${details.length} error(s)`, { details })
}
export function invalidProperty(property: string): LineError {
  return new LineError(400, `The property, '${property}', in the request body is invalid (line: -, column: -)`, {
    details: [{ message: 'is invalid', property }],
  })
}
export const notFound = (): LineError => new LineError(404, 'Not found')
export const badToken = (): LineError =>
  new LineError(401, 'Authentication failed due to the following reason: invalid token. Confirm that the access token in the authorization header is valid.')
export const rateLimited = (headers?: Record<string, string>): LineError =>
  new LineError(429, 'The API rate limit has been exceeded. Try again later.', headers ? { headers } : {})
export const monthlyLimit = (): LineError => new LineError(429, 'You have reached your monthly limit.')
export const noContract = (): LineError => new LineError(403, 'Access to this API is not available for your account')
export const withdrawn = (): LineError => new LineError(410, 'The content has been withdrawn by the sender')

/** The token end points have their own form. https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
export class TokenError extends Error {
  readonly answer: ApiAnswer
  constructor(status: number, error: string, description: string) {
    super(description)
    this.answer = { status, json: { error, error_description: description }, why: description }
  }
}
