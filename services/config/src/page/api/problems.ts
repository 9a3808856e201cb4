import type { FieldError, Plain } from './types.ts'

/** The API said no, in a problem document (RFC 9457). */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  readonly code: string
  readonly errors: readonly FieldError[]
  readonly members: Plain
  /** seconds, from Retry-After */
  readonly waitSeconds: number | undefined
  constructor(status: number, document: Plain, waitSeconds?: number) {
    super(typeof document.detail === 'string' ? document.detail : `HTTP ${status}`)
    this.status = status
    this.code = typeof document.code === 'string' ? document.code : ''
    this.errors = Array.isArray(document.errors) ? (document.errors as FieldError[]) : []
    this.members = document
    this.waitSeconds = waitSeconds
  }
}

/** Nobody answered: the network is down, or the installation is. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** The token is not valid any more: the session asks for the password, and the caller may try again after that. */
export class SessionEnded extends Error {
  override readonly name = 'SessionEnded'
}

export async function refusalOf(response: Response): Promise<Error> {
  // what a gateway without a service behind it says
  if ([502, 503, 504].includes(response.status) && !isProblem(response)) return new Unreachable(`HTTP ${response.status}`)
  const document: unknown = await response.json().catch(() => undefined)
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new Refused(response.status, isObject(document) ? document : {}, Number.isFinite(wait) ? wait : undefined)
}

function isProblem(response: Response): boolean {
  return (response.headers.get('content-type') ?? '').startsWith('application/problem+json')
}
function isObject(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
