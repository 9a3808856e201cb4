import type { IncomingMessage } from 'node:http'
import { type MultipartPart, readMultipart } from './multipart.ts'

/** A request as it came in. */
export interface RecordedCall {
  readonly method: string
  /** without the query */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly raw: Buffer
  readonly at: Date
  text(): string
  /** throws when it is not JSON */
  json(): unknown
  form(): URLSearchParams
  /** throws when it is not multipart/form-data */
  parts(): MultipartPart[]
}

export async function recordCall(req: IncomingMessage): Promise<RecordedCall> {
  const at = new Date()
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk)
  const raw = Buffer.concat(chunks)
  const url = new URL(req.url ?? '/', 'http://localhost')
  const headers = new Headers()
  for (const [name, values] of Object.entries(req.headersDistinct)) for (const value of values ?? []) headers.append(name, value)
  const text = (): string => raw.toString('utf8')
  return {
    method: req.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    raw,
    at,
    text,
    json: () => JSON.parse(text()),
    form: () => new URLSearchParams(text()),
    parts: () => readMultipart(headers.get('content-type') ?? '', raw),
  }
}
