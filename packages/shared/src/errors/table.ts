/** Every error that leaves a service over HTTP, in one place: code, status, title. `detail` and `advice` come with the occurrence. */
export const errorTable = {
  malformed: { status: 400, title: 'The request cannot be read' },
  invalid: { status: 422, title: 'Some fields are not valid' },
  unauthenticated: { status: 401, title: 'Authentication is required' },
  badCredentials: { status: 401, title: 'User name or password is wrong' },
  stale: { status: 401, title: 'The request is too old' },
  forbidden: { status: 403, title: 'This is not allowed' },
  notFound: { status: 404, title: 'Not found' },
  methodNotAllowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'This conflicts with what is stored' },
  changed: { status: 412, title: 'It was changed by someone else meanwhile' },
  tooLarge: { status: 413, title: 'The body is too large' },
  mediaType: { status: 415, title: 'This media type is not understood' },
  lengthMismatch: { status: 400, title: 'The body is shorter than announced' },
  tooMany: { status: 429, title: 'Too many requests' },
  bug: { status: 500, title: 'Something we did not foresee happened' },
  upstream: { status: 502, title: 'The provider refused' },
  unavailable: { status: 503, title: 'Not available right now, please repeat' },
} as const satisfies Record<string, { status: number; title: string }>
export type ErrorCode = keyof typeof errorTable

/** One entry per offending field, RFC 9457 style: `pointer` is a JSON Pointer into the request body. */
export interface FieldError {
  pointer: string
  detail: string
}

/** An expected failure on its way to an HTTP answer. Holds no secret. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode
  readonly fields: readonly FieldError[]
  readonly headers: Readonly<Record<string, string>>
  /** further members of the problem document, e.g. `retryable` */
  readonly members: Readonly<Record<string, unknown>>
  constructor(
    code: ErrorCode,
    detail: string,
    options: { fields?: readonly FieldError[]; headers?: Record<string, string>; members?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.fields = options.fields ?? []
    this.headers = options.headers ?? {}
    this.members = options.members ?? {}
  }
}
