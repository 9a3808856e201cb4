/** An answer with `ok: false`. The description carries its prefix ("Bad Request: ..."), as on the wire. */
export class BotApiError extends Error {
  override readonly name = 'BotApiError'
  readonly code: number
  readonly parameters: { retry_after?: number } | undefined
  constructor(code: number, description: string, parameters?: { retry_after?: number }) {
    super(description)
    this.code = code
    this.parameters = parameters
  }
}

export function badRequest(reason: string): BotApiError {
  return new BotApiError(400, `Bad Request: ${reason}`)
}
export function forbidden(reason: string): BotApiError {
  return new BotApiError(403, `Forbidden: ${reason}`)
}
export function tooManyRequests(retryAfterSeconds: number): BotApiError {
  return new BotApiError(429, `Too Many Requests: retry after ${retryAfterSeconds}`, { retry_after: retryAfterSeconds })
}
export const unauthorized = () => new BotApiError(401, 'Unauthorized')
export const notFound = () => new BotApiError(404, 'Not Found')
