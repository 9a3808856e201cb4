import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { Logger } from '@um/shared/log'
import { z } from 'zod'
import type { Settings } from './configuration.ts'
import { Failure } from './failure.ts'

interface Answer {
  readonly status: number
  readonly text: string
  readonly retryAfter: string | undefined
}
/** How far a transfer is, in bytes. */
export type Progress = (bytes: number) => void
const Token = z.object({ token: z.string() })
const Problem = z.object({ code: z.string(), detail: z.string(), reason: z.string().optional() })

/** The API as this program needs it: logs in, asks once, logs out. */
export class Api {
  private readonly settings: Settings
  private readonly log: Logger
  private readonly agent: HttpAgent | HttpsAgent
  private token: string | undefined

  constructor(settings: Settings, log: Logger) {
    this.settings = settings
    this.log = log
    // a proxy of the environment is used where this version of Node can do so
    const options = { proxyEnv: process.env }
    this.agent =
      settings.url.protocol === 'http:'
        ? new HttpAgent(options)
        : new HttpsAgent({
            ...options,
            rejectUnauthorized: !settings.insecure,
            ...(settings.ca === undefined ? {} : { ca: [...rootCertificates, settings.ca] }),
          })
  }

  async logIn(): Promise<void> {
    const { user, password } = this.settings
    const answer = await this.post('auth/login', { user, password })
    if (answer.status === 401) throw new Failure('refused', `${this.name} does not take this user name and password`)
    if (answer.status === 429) throw new Failure('refused', `too many failed attempts: try again in ${answer.retryAfter ?? 'some'} seconds`)
    this.token = parsed(Token, this.succeeded(answer))?.token
    if (this.token === undefined) throw this.noApi()
  }
  /** Best effort: the token ends by itself. */
  async logOut(): Promise<void> {
    if (this.token !== undefined) await this.post('auth/logout', undefined).catch(() => undefined)
    this.agent.destroy()
  }
  /** The text of the answer. Throws Failure. */
  async ask(path: string, body: object, progress?: Progress): Promise<string> {
    return this.succeeded(await this.post(path, body, progress))
  }

  private succeeded(answer: Answer): string {
    if (answer.status >= 200 && answer.status < 300) return answer.text
    const problem = parsed(Problem, answer.text)
    if (problem === undefined && answer.status === 413)
      throw new Failure('failed', `what stands before ${this.name} takes no request of this size: raise the limit of the ingress (nginx: proxy-body-size)`)
    if (problem === undefined) throw answer.status === 404 ? this.noApi() : new Failure('failed', `${this.name} answered with ${answer.status}`)
    if (answer.status === 401) throw new Failure('refused', problem.detail)
    throw new Failure(problem.reason === undefined ? 'failed' : 'backup', problem.detail)
  }
  private noApi(): Failure {
    return new Failure('unreachable', `there is no API of Universal Messaging at ${this.settings.url.href}`)
  }
  private get name(): string {
    return this.settings.url.host
  }

  private async post(path: string, body: object | undefined, progress?: Progress): Promise<Answer> {
    const url = new URL(path, this.settings.url)
    const started = performance.now()
    try {
      const answer = await this.send(url, body, progress)
      this.log.debug(
        { method: 'POST', path: url.pathname, status: answer.status, bytes: answer.text.length, milliseconds: Math.round(performance.now() - started) },
        'request',
      )
      return answer
    } catch (error) {
      this.log.debug({ method: 'POST', path: url.pathname, err: error }, 'request failed')
      throw this.unreachable(error)
    }
  }

  private send(url: URL, body: object | undefined, progress: Progress = () => undefined): Promise<Answer> {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    return new Promise((resolve, reject) => {
      const req = (url.protocol === 'http:' ? httpRequest : httpsRequest)(url, {
        method: 'POST',
        agent: this.agent,
        headers: {
          accept: 'application/json',
          ...(bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': bytes.length }),
          ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        },
      })
      req.setTimeout(this.settings.timeoutMilliseconds, () => req.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })))
      req.on('error', reject)
      req.on('response', res => {
        const chunks: Buffer[] = []
        let received = 0
        res.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          received += chunk.length
          progress(received)
        })
        res.on('error', reject)
        res.on('end', () => resolve({ status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8'), retryAfter: res.headers['retry-after'] }))
      })
      req.end(bytes)
    })
  }

  private unreachable(error: unknown): Failure {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
    const why =
      reasons[code] ?? (certificateCode.test(code) ? `its certificate is not trusted (${code}): name its authority with --ca` : `${code || String(error)}`)
    return new Failure('unreachable', `${this.name} cannot be reached: ${why}`, error)
  }
}

const certificateCode = /CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO|HOSTNAME/
const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'names cannot be looked up now',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it ended the connection',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'it does not answer in time',
  EPROTO: 'it does not speak TLS; if it is to be so, give the host as http://...',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; if it is to be so, give the host as http://...',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS; if it is to be so, give the host as http://...',
}

function parsed<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
