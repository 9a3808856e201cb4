import axios, { AxiosError, type AxiosRequestConfig } from 'axios'
import FormData from 'form-data'
import {
  CallFailed,
  type Failure,
  type HeaderFields,
  HeaderList,
  type OpenMedia,
  type PlatformAnswer,
  type PlatformCall,
  parseJson,
} from '../contract/index.ts'
import { redactText } from '../log/index.ts'
import type { AgentPool } from './agents.ts'

/** No answer came: what that says of the call. */
export interface NoAnswer {
  failure: Extract<Failure, { kind: 'retryable' }>
  cause: unknown
}
const maxAnswerBytes = 4 * 1024 * 1024
const uploadMilliseconds = 120_000
const userAgent = 'UniversalMessaging/1.0'

/** The connection was never made, or ended before anything was sent. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ERR_INVALID_URL',
  'EPROTO',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

export interface Performed {
  answer?: PlatformAnswer
  noAnswer?: NoAnswer
  /** nothing was sent: the file of a multipart call cannot be had */
  failure?: Failure
  milliseconds: number
}

/** Performs one described call. Never throws: no answer is a value, too. `openMedia` streams the file of a multipart call. */
export async function perform(
  call: PlatformCall,
  options: {
    baseUrl: string
    authorization: { headers?: Record<string, string>; query?: Record<string, string> }
    agents: AgentPool
    /** the address is not one that an administrator configured */
    isForeign?: boolean
    openMedia(media: NonNullable<PlatformCall['multipart']>['file']['media']): Promise<OpenMedia>
    signal?: AbortSignal
  },
): Promise<Performed> {
  const started = performance.now()
  const url = call.url ?? `${options.baseUrl}${call.path}`
  let media: OpenMedia | undefined
  try {
    const config: AxiosRequestConfig = {
      method: call.method,
      url,
      params: { ...options.authorization.query, ...call.query },
      headers: { 'user-agent': userAgent, accept: 'application/json', ...options.authorization.headers, ...call.headers },
      timeout: (call.timeoutSeconds ?? 15) * 1000,
      responseType: 'arraybuffer',
      maxContentLength: maxAnswerBytes,
      maxBodyLength: Number.POSITIVE_INFINITY,
      maxRedirects: 0,
      proxy: false,
      validateStatus: () => true,
      ...(options.isForeign ? options.agents.forForeign() : options.agents.forConfigured(url)),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    }
    if (call.multipart) {
      try {
        media = await options.openMedia(call.multipart.file.media)
      } catch (error) {
        return { failure: mediaFailure(error), milliseconds: performance.now() - started }
      }
      const form = multipart(call.multipart, media)
      config.data = form
      config.headers = { ...config.headers, ...form.getHeaders() }
      config.timeout = Math.max(config.timeout ?? 0, uploadMilliseconds)
    } else if (call.bytes !== undefined) {
      const { body, mime = 'application/octet-stream', size } = call.bytes
      config.data = body
      config.headers = { ...config.headers, 'content-type': mime, ...(size === undefined ? {} : { 'content-length': String(size) }) }
      config.timeout = Math.max(config.timeout ?? 0, uploadMilliseconds)
    } else if (call.form !== undefined) {
      config.data = new URLSearchParams(call.form).toString()
      config.headers = { ...config.headers, 'content-type': 'application/x-www-form-urlencoded' }
    } else if (call.json !== undefined) {
      config.data = JSON.stringify(call.json)
      config.headers = { ...config.headers, 'content-type': 'application/json; charset=utf-8' }
    }
    const answer = await axios.request<Buffer>(config)
    return { answer: { status: answer.status, headers: headersOf(answer.headers), body: bodyOf(answer.data) }, milliseconds: performance.now() - started }
  } catch (error) {
    media?.body.destroy()
    call.bytes?.body.destroy()
    return { noAnswer: { failure: noAnswer(error), cause: error }, milliseconds: performance.now() - started }
  }
}

/** The platform has not been called. A file that is gone for good is sent as a link, if the connector has that alternative. */
function mediaFailure(error: unknown): Failure {
  if (!(error instanceof CallFailed)) return noAnswer(error).certain ? noAnswer(error) : { ...noAnswer(error), certain: true }
  const { failure } = error
  if (failure.kind === 'retryable') return { ...failure, certain: true }
  return failure.kind === 'content' || failure.kind === 'unauthorized' ? { kind: 'alternative', name: 'link', why: failure.why } : failure
}

function multipart(spec: NonNullable<PlatformCall['multipart']>, media: OpenMedia): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(spec.fields)) form.append(name, value)
  form.append(spec.file.field, media.body, {
    filename: media.name ?? spec.file.media.name ?? 'file',
    ...(media.mime === undefined ? {} : { contentType: media.mime }),
    ...(media.size === undefined ? {} : { knownLength: media.size }),
  })
  return form
}

function headersOf(headers: unknown): HeaderFields {
  const result = new HeaderList()
  for (const [name, value] of Object.entries(headers as Record<string, unknown>)) {
    for (const each of Array.isArray(value) ? value : [value]) if (typeof each === 'string') result.append(name, each)
  }
  return result
}
function bodyOf(data: Buffer): unknown {
  const text = Buffer.from(data).toString('utf8')
  try {
    return parseJson(text)
  } catch {
    return text
  }
}

/** A time-out, a reset or a cut answer leaves the outcome open; everything that failed before a connection stood is certain. */
export function noAnswer(error: unknown): NoAnswer['failure'] {
  const code = codeOf(error)
  const certain = code !== undefined && neverSent.has(code)
  const text = error instanceof Error ? error.message : String(error)
  return { kind: 'retryable', certain, why: redactText(certain || code === undefined ? `no connection: ${code ?? text}` : `no answer: ${code}`) }
}
function codeOf(error: unknown): string | undefined {
  if (error instanceof AxiosError && error.code !== undefined) return error.code
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return undefined
}

/** Seconds of a Retry-After header (delta or date), if there is one. */
export function retryAfterSeconds(headers: Pick<HeaderFields, 'get'>, now: Date): number | undefined {
  const value = headers.get('retry-after')
  if (value === null) return undefined
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Number(value)
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now.getTime()) / 1000)
}
