import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { agentsFor } from './proxy.ts'

/** A public URL does not give the object to someone without credentials. `code`: the cloud's own word (`AccessDenied`), if it said one. */
export class NotPublic extends Error {
  override readonly name = 'NotPublic'
  readonly status: number | undefined
  readonly code: string | undefined
  constructor(message: string, options: { status?: number; code?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.status = options.status
    this.code = options.code
  }
}

const maxRedirects = 5
const timeoutMilliseconds = 20_000
const maxBytes = 64 * 1024

/** Fetches a small object as a stranger would: no credentials, following redirects. Throws NotPublic. */
export async function fetchPublicly(url: string, proxy: string | undefined): Promise<Buffer> {
  let target = url
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const answer = await get(target, proxy)
    if (answer.status === 200) return answer.body
    const { location, status } = answer
    if (status < 300 || status >= 400 || location === undefined || !URL.canParse(location, target)) {
      const code = /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(answer.body.toString('utf8'))?.[1]
      throw new NotPublic(`the public URL answers ${status}${code === undefined ? '' : ` (${code})`}`, { status, code })
    }
    target = new URL(location, target).href
  }
  throw new NotPublic(`the public URL redirects more than ${maxRedirects} times`)
}

interface Answer {
  status: number
  location: string | undefined
  body: Buffer
}

function get(url: string, proxy: string | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const isSecure = url.startsWith('https:')
    const { httpAgent, httpsAgent } = agentsFor(url, proxy)
    const options = { headers: { accept: '*/*', 'user-agent': 'UniversalMessaging/1.0' }, agent: isSecure ? httpsAgent : httpAgent }
    const req = (isSecure ? httpsRequest : httpRequest)(url, options, (res: IncomingMessage) => {
      const chunks: Buffer[] = []
      let bytes = 0
      res.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > maxBytes) req.destroy(new NotPublic('the public URL gives something else than was stored'))
        else chunks.push(chunk)
      })
      res.on('error', reject)
      res.on('end', () => resolve({ status: res.statusCode ?? 0, location: res.headers.location, body: Buffer.concat(chunks) }))
    })
    req.setTimeout(timeoutMilliseconds, () => req.destroy(new NotPublic(`the public URL does not answer within ${timeoutMilliseconds / 1000} s`)))
    req.on('error', (error: NodeJS.ErrnoException) =>
      reject(error instanceof NotPublic ? error : new NotPublic(`the public URL cannot be reached: ${error.code ?? error.message}`, { cause: error })),
    )
    req.end()
  })
}
