import { randomUUID } from 'node:crypto'

/** An error answer of the Platform API: https://developer.genesys.cloud/platform/api/response-codes */
export class PlatformError extends Error {
  override readonly name = 'PlatformError'
  readonly status: number
  readonly code: string
  readonly params: Readonly<Record<string, string>>
  readonly template: string
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, code: string, template: string, options: { params?: Record<string, string>; headers?: Record<string, string> } = {}) {
    const params = options.params ?? {}
    super(template.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole))
    this.status = status
    this.code = code
    this.template = template
    this.params = params
    this.headers = options.headers ?? {}
  }

  body(): object {
    return {
      message: this.message,
      code: this.code,
      status: this.status,
      messageWithParams: this.template,
      messageParams: this.params,
      contextId: randomUUID(),
      details: [],
      errors: [],
    }
  }
}

export function badRequest(message: string, code: 'bad.request' | 'invalid.value' = 'bad.request'): PlatformError {
  return new PlatformError(400, code, message)
}
export function notFound(what: string): PlatformError {
  return new PlatformError(404, 'not.found', `The requested ${what} was not found`)
}
export function noToken(): PlatformError {
  return new PlatformError(401, 'authentication.required', 'No authentication bearer token specified in authorization header.')
}
export function badToken(): PlatformError {
  return new PlatformError(401, 'bad.credentials', 'Invalid login credentials.')
}
export function expiredToken(): PlatformError {
  return new PlatformError(401, 'credentials.expired', 'The supplied credentials are expired and cannot be used.')
}
export function missingPermission(permission: string): PlatformError {
  return new PlatformError(403, 'missing.permissions', 'Unable to perform the requested action. You are missing the following permission(s): {permissions}', {
    params: { permissions: permission },
  })
}
export function tooManyRequests(limit: number, retryAfterSeconds: number): PlatformError {
  return new PlatformError(429, 'too.many.requests', 'Rate limit exceeded the maximum [{limit}] requests within [{seconds}] seconds', {
    params: { limit: String(limit), seconds: '60' },
    headers: { 'Retry-After': String(retryAfterSeconds) },
  })
}
export function serverError(status: number): PlatformError {
  const code = { 502: 'bad.gateway', 503: 'service.unavailable', 504: 'gateway.timeout' }[status] ?? 'internal.server.error'
  return new PlatformError(status, code, 'The server encountered an unexpected condition which prevented it from fulfilling the request.')
}

/** The login host speaks OAuth's own form of errors. */
export class LoginError extends Error {
  override readonly name = 'LoginError'
  readonly status: number
  readonly error: string
  constructor(status: number, error: string, description: string) {
    super(description)
    this.status = status
    this.error = error
  }
  body(): object {
    return { error: this.error, description: this.message, error_description: this.message }
  }
}
