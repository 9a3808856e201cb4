import type { IncomingMessage } from 'node:http'
import busboy from 'busboy'
import { readBody } from '../../kit/exchange.ts'
import { plainMime } from '../../kit/media-store.ts'
import { BotApiError, badRequest } from './errors.ts'

export interface UploadedFile {
  bytes: Buffer
  name: string
  mime: string
}

const maxUploadBytes = 50 * 1024 * 1024
const maxRequestBytes = maxUploadBytes + 1024 * 1024

/**
 * Parameters of a Bot API call. They may come in the query, as JSON, as a form or as multipart; in the last three of these everything is text,
 * and structured values are JSON in text. Empty means absent.
 */
export class Params {
  private readonly values: Record<string, unknown>
  readonly files: ReadonlyMap<string, UploadedFile>

  constructor(values: Record<string, unknown>, files: ReadonlyMap<string, UploadedFile> = new Map()) {
    this.values = values
    this.files = files
  }

  text(name: string): string {
    const value = this.values[name]
    if (typeof value === 'string') return value
    return value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
  required(name: string): string {
    const value = this.text(name)
    if (value === '') throw badRequest(`parameter "${name}" is required`)
    return value
  }
  integer(name: string, fallback: number, min: number, max: number): number {
    const value = Number.parseInt(this.text(name), 10)
    return Number.isNaN(value) ? fallback : Math.min(max, Math.max(min, value))
  }
  number(name: string): number | undefined {
    const text = this.text(name)
    const value = Number(text)
    return text === '' || !Number.isFinite(value) ? undefined : value
  }
  flag(name: string): boolean {
    return ['true', 'yes', '1'].includes(this.text(name).toLowerCase())
  }
  has(name: string): boolean {
    return this.text(name) !== ''
  }
  /** A structured value; undefined when absent. `what` is the platform's word for it in its error. */
  json(name: string, what: string): unknown {
    const value = this.values[name]
    if (value === undefined || value === null || value === '') return undefined
    if (typeof value !== 'string') return value
    try {
      return JSON.parse(value)
    } catch {
      throw badRequest(`can't parse ${what} JSON object`)
    }
  }
}

export async function readParams(req: IncomingMessage, query: URLSearchParams): Promise<Params> {
  const fromQuery: Record<string, unknown> = Object.fromEntries(query)
  const mime = plainMime(req.headers['content-type'])
  if (mime === 'multipart/form-data') return readMultipart(req, fromQuery)
  const body = await readBody(req, maxRequestBytes)
  if (body === undefined) throw new BotApiError(413, 'Request Entity Too Large')
  if (body.length === 0) return new Params(fromQuery)
  if (mime === 'application/json') return new Params({ ...fromQuery, ...readObject(body) })
  if (mime === 'application/x-www-form-urlencoded') return new Params({ ...fromQuery, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) })
  return new Params(fromQuery)
}

function readObject(body: Buffer): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    throw badRequest("can't parse JSON object")
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest('object expected as the request body')
  return value as Record<string, unknown>
}

function readMultipart(req: IncomingMessage, values: Record<string, unknown>): Promise<Params> {
  return new Promise((resolve, reject) => {
    const files = new Map<string, UploadedFile>()
    let isTooLarge = false
    const parser = busboy({ headers: req.headers, limits: { fileSize: maxUploadBytes, files: 20 }, defParamCharset: 'utf8' })
    parser.on('field', (name, value) => {
      values[name] = value
    })
    parser.on('file', (name, stream, info) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('limit', () => {
        isTooLarge = true
      })
      stream.on('close', () => files.set(name, { bytes: Buffer.concat(chunks), name: info.filename ?? '', mime: info.mimeType }))
    })
    parser.on('close', () => (isTooLarge ? reject(new BotApiError(413, 'Request Entity Too Large')) : resolve(new Params(values, files))))
    parser.on('error', () => reject(badRequest('the multipart body is not well formed')))
    req.on('aborted', () => reject(badRequest('the request broke off')))
    req.pipe(parser)
  })
}
