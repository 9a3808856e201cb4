import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { pipeline, Readable } from 'node:stream'
import { z } from 'zod'
import type { StoredObject, StoreRequest } from './store.ts'

/** A provider did not store it. `isRetryable`: it may when asked again with the bytes from their start, after `afterSeconds` if it said so. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed'
  readonly status: number | undefined
  readonly isRetryable: boolean
  readonly afterSeconds: number | undefined
  constructor(message: string, options: { status?: number; isRetryable: boolean; afterSeconds?: number | undefined; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.status = options.status
    this.isRetryable = options.isRetryable
    this.afterSeconds = options.afterSeconds
  }
}

/** What an object was made of: the same names as at its storing. */
export type StoredSource = Pick<StoreRequest, 'storageId' | 'tenantId' | 'guest' | 'sourceId'>

const Stored = z.object({
  objectId: z.string(),
  url: z.string(),
  name: z.string(),
  mime: z.string(),
  size: z.number(),
  expiresAt: z.string().optional(),
})
const Refused = z.object({ detail: z.string().catch('the provider refused'), retryable: z.boolean().optional().catch(undefined) })
const maxAnswerBytes = 64 * 1024
const maxNameLength = 250
const idleMilliseconds = 90_000
/** Kept alive, because a server that is to close the connection after its answer does so while the body is still coming, and the answer is lost. */
const keepAlive = { keepAlive: true, timeout: 4000, scheduling: 'lifo' } as const
const httpAgent = new HttpAgent(keepAlive)
const httpsAgent = new HttpsAgent(keepAlive)

/**
 * Sends bytes to a storage provider's internal address, as fast as it takes them, and returns the public reference. `body` is consumed, or destroyed when the
 * provider answers before its end (a repeat, a refusal). Throws StoreFailed.
 */
export async function storeAtProvider(
  provider: { url: string; token: string },
  request: StoreRequest,
  body: Readable,
  signal?: AbortSignal,
): Promise<StoredObject> {
  const url = new URL('/internal/objects', provider.url)
  // a request line has its limits; the end of a name says more than its beginning
  for (const [name, value] of Object.entries({ ...request, name: request.name?.slice(-maxNameLength) })) {
    if (value !== undefined) url.searchParams.set(name, value instanceof Date ? value.toISOString() : String(value))
  }
  const { status, text, retryAfter } = await send('PUT', url, provider.token, body, signal)
  if (status === 201) return readStored(text)
  throw refused(status, text, retryAfter)
}
function refused(status: number, text: string, retryAfter: string | undefined): StoreFailed {
  const { detail, retryable } = readJsonAs(Refused, text) ?? { detail: `the provider answers ${status}` }
  // what stands in front of the provider (a Kubernetes Service, a mesh) answers 502 or 503 in its own words while a replica goes
  return new StoreFailed(detail, { status, isRetryable: retryable ?? status >= 500, afterSeconds: retryAfter === undefined ? undefined : Number(retryAfter) })
}

/** Removes what was stored of a source; content when there is nothing. Throws StoreFailed. */
export async function removeAtProvider(provider: { url: string; token: string }, source: StoredSource): Promise<void> {
  const url = new URL('/internal/objects', provider.url)
  for (const [name, value] of Object.entries(source)) url.searchParams.set(name, value)
  const { status, text, retryAfter } = await send('DELETE', url, provider.token, Readable.from([]), undefined)
  if (status !== 204) throw refused(status, text, retryAfter)
}

interface Answer {
  status: number
  text: string
  retryAfter: string | undefined
}

function send(method: 'PUT' | 'DELETE', url: URL, token: string, body: Readable, signal: AbortSignal | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let sourceError: unknown
    const fail = (cause: unknown): void => {
      body.destroy()
      const message = sourceError === undefined ? 'the provider cannot be reached' : 'the source broke'
      reject(new StoreFailed(message, { isRetryable: true, cause: sourceError ?? cause }))
    }
    const isSecure = url.protocol === 'https:'
    // no Content-Length: the announced size travels in the query, so that the provider notices at once when the body ends before it
    const req = (isSecure ? httpsRequest : httpRequest)(url, {
      method,
      agent: isSecure ? httpsAgent : httpAgent,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
      ...(signal === undefined ? {} : { signal }),
    })
    req.setTimeout(idleMilliseconds, () => req.destroy(new Error('the provider does not answer')))
    req.on('response', res => {
      const chunks: Buffer[] = []
      let bytes = 0
      res.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > maxAnswerBytes) req.destroy(new Error('the answer is too large'))
        else chunks.push(chunk)
      })
      res.on('error', fail)
      res.on('end', () => {
        // an answer before the end of the body: the rest is not wanted
        if (!body.readableEnded) body.destroy()
        resolve({ status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8'), retryAfter: res.headers['retry-after'] })
        if (!req.writableFinished) req.destroy()
      })
    })
    req.on('error', fail)
    body.once('error', error => {
      sourceError = error
    })
    // a repeat is answered before the first byte
    req.flushHeaders()
    pipeline(body, req, () => undefined)
  })
}

function readStored(text: string): StoredObject {
  const stored = readJsonAs(Stored, text)
  if (stored === undefined) throw new StoreFailed('the answer of the provider cannot be read', { isRetryable: true })
  const { expiresAt, ...facts } = stored
  return { ...facts, ...(expiresAt === undefined ? {} : { expiresAt }) }
}
function readJsonAs<S extends z.ZodType>(schema: S, text: string): z.infer<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
