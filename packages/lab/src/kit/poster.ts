import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

/** What became of a webhook call. `status` 0: no answer, and `why` says what happened instead. */
export interface PostOutcome {
  status: number
  why: string
  retryAfterSeconds?: number
  ms: number
  /** what the answer said, its beginning: some platforms take a reply from it */
  text: string
}

const keptBytes = 64 * 1024
const quotedCharacters = 300

/** Posts webhooks over connections that are kept alive. Redirects are not followed: no platform here follows them. */
export class Poster {
  private readonly plain: HttpAgent
  private readonly secure: HttpsAgent
  private readonly timeoutMs: number

  constructor(options: { timeoutMs: number; maxSockets: number }) {
    this.timeoutMs = options.timeoutMs
    const agent = { keepAlive: true, maxSockets: options.maxSockets, scheduling: 'lifo' as const }
    this.plain = new HttpAgent(agent)
    this.secure = new HttpsAgent(agent)
  }

  post(url: string, headers: Record<string, string>, body: Buffer): Promise<PostOutcome> {
    const began = performance.now()
    return new Promise(resolve => {
      const done = (outcome: Omit<PostOutcome, 'ms'>) => resolve({ ...outcome, ms: Math.round(performance.now() - began) })
      let target: URL
      try {
        target = new URL(url)
      } catch {
        return done({ status: 0, why: 'the address is not a URL', text: '' })
      }
      const isSecure = target.protocol === 'https:'
      const options = { method: 'POST', agent: isSecure ? this.secure : this.plain, headers: { ...headers, 'Content-Length': body.length } }
      const req = isSecure ? httpsRequest(target, options) : httpRequest(target, options)
      const timer = setTimeout(() => req.destroy(new Error('no answer in time')), this.timeoutMs)
      req.on('error', error => {
        clearTimeout(timer)
        done({ status: 0, why: error.message || ('code' in error ? String(error.code) : 'connection failed'), text: '' })
      })
      req.on('response', res => {
        readText(res).then(
          text => {
            clearTimeout(timer)
            done(answered(res, text))
          },
          error => {
            clearTimeout(timer)
            done({ status: 0, why: error instanceof Error ? error.message : 'the answer broke off', text: '' })
          },
        )
      })
      req.end(body)
    })
  }

  close(): void {
    this.plain.destroy()
    this.secure.destroy()
  }
}

function answered(res: IncomingMessage, text: string): Omit<PostOutcome, 'ms'> {
  const status = res.statusCode ?? 0
  const retryAfter = Number(res.headers['retry-after'])
  return {
    status,
    why: status >= 200 && status < 300 ? '' : `${status} ${res.statusMessage ?? ''}`.trim() + (text === '' ? '' : `: ${text.slice(0, quotedCharacters)}`),
    text,
    ...(Number.isFinite(retryAfter) && retryAfter > 0 ? { retryAfterSeconds: retryAfter } : {}),
  }
}

/** The beginning of the answer; all of it is consumed, so that the connection can be used again. */
function readText(res: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    res.on('data', (chunk: Buffer) => {
      if (size < keptBytes) chunks.push(chunk)
      size += chunk.length
    })
    res.on('end', () => resolve(Buffer.concat(chunks).subarray(0, keptBytes).toString('utf8')))
    res.on('error', reject)
    res.on('aborted', () => reject(new Error('the answer broke off')))
  })
}
