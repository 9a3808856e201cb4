import { refusalOf, SessionEnded, Unreachable } from './problems.ts'
import type { Plain } from './types.ts'

export interface Loaded<T> {
  data: T
  /** for If-Match */
  etag: string | undefined
  headers: Headers
}
export interface CallOptions {
  body?: unknown
  ifMatch?: string | undefined
  signal?: AbortSignal | undefined
  /** a patience of its own for what takes long; default 30 s */
  timeoutSeconds?: number
  /** for what needs no session, such as logging in */
  anonymous?: boolean
}
export interface ApiClient {
  get<T>(path: string, signal?: AbortSignal): Promise<T>
  /** Throws Refused, Unreachable or SessionEnded. */
  call<T = unknown>(method: string, path: string, options?: CallOptions): Promise<Loaded<T>>
  /** An answer that goes on; the caller reads its body. */
  open(path: string, signal: AbortSignal): Promise<Response>
}

/** The REST API of the same host. `token`: of the session, if there is one; `ended` hears when the API does not take it any more. */
export function apiClient(options: { fetch: typeof fetch; token(): string | undefined; ended(token: string): void }): ApiClient {
  async function ask(method: string, path: string, call: CallOptions, signal: AbortSignal | undefined): Promise<Response> {
    const token = call.anonymous === true ? undefined : options.token()
    const headers: Record<string, string> = {
      Accept: 'application/json, application/problem+json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(call.ifMatch === undefined ? {} : { 'If-Match': call.ifMatch }),
    }
    const response = await options
      .fetch(`/api/v1${path}`, {
        method,
        headers,
        cache: 'no-store',
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        ...(signal === undefined ? {} : { signal }),
      })
      .catch((error: unknown) => {
        if (call.signal?.aborted) throw error
        throw new Unreachable('no answer', { cause: error })
      })
    if (response.ok) return response
    const refusal = await refusalOf(response)
    if (response.status !== 401 || call.anonymous === true) throw refusal
    if (token !== undefined) options.ended(token)
    throw new SessionEnded('the session has ended', { cause: refusal })
  }

  async function call<T>(method: string, path: string, own: CallOptions = {}): Promise<Loaded<T>> {
    const patience = AbortSignal.timeout((own.timeoutSeconds ?? 30) * 1000)
    const response = await ask(method, path, own, own.signal === undefined ? patience : AbortSignal.any([own.signal, patience]))
    const text = await response.text()
    return { data: (text === '' ? undefined : JSON.parse(text)) as T, etag: response.headers.get('etag') ?? undefined, headers: response.headers }
  }

  return {
    call,
    get: async <T>(path: string, signal?: AbortSignal) => (await call<T>('GET', path, { signal })).data,
    open: (path, signal) => ask('GET', path, { signal }, signal),
  }
}

/** `?a=1&b=2` of what is there. */
export function queryOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]))
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

export function withoutStatus<T extends { status: unknown }>(document: T): Omit<T, 'status'> & Plain {
  const { status: _readOnly, ...rest } = document
  return rest
}
