import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  /** with the query */
  path: string
  headers: IncomingHttpHeaders
  raw: Buffer
  json: Record<string, unknown>
  at: number
}
type Answer = number | { status: number; headers?: Record<string, string>; body?: string } | 'hang' | 'reset'

/** The other end of webhooks: records what comes, answers as told (200 when nothing is told). */
export class Receiver {
  readonly requests: Received[] = []
  private readonly answers: Answer[] = []
  private readonly waiting: { count: number; done: () => void }[] = []
  private readonly server = createServer((req, res) => void this.take(req, res))

  static async open(): Promise<Receiver> {
    const receiver = new Receiver()
    await new Promise<void>(resolve => receiver.server.listen(0, '127.0.0.1', resolve))
    return receiver
  }
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`
  }
  /** One answer per request, in order. */
  script(...answers: Answer[]): void {
    this.answers.push(...answers)
  }
  /** Resolves once `count` requests have come. */
  async until(count: number): Promise<Received[]> {
    if (this.requests.length < count) await new Promise<void>(done => this.waiting.push({ count, done }))
    return this.requests
  }
  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => this.server.close(() => resolve()))
    this.server.closeAllConnections()
    await closed
  }

  private async take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks)
    this.requests.push({ path: req.url ?? '', headers: req.headers, raw, json: JSON.parse(raw.toString('utf8')) as Record<string, unknown>, at: Date.now() })
    this.answer(res, this.answers.shift() ?? 200)
    for (const waiter of this.waiting) if (this.requests.length >= waiter.count) waiter.done()
  }
  private answer(res: ServerResponse, answer: Answer): void {
    if (answer === 'hang') return
    if (answer === 'reset') {
      res.socket?.resetAndDestroy()
      return
    }
    const { status, headers, body }: Exclude<Answer, number | string> = typeof answer === 'number' ? { status: answer } : answer
    res.writeHead(status, headers)
    res.end(body)
  }
}

/** A request that must have come. */
export function received(request: Received | undefined): Received {
  if (request === undefined) throw new Error('the webhook did not come')
  return request
}

/** Resolves as soon as `look` gives something; for what has no event of its own. */
export async function eventually<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    await new Promise(resolve => setImmediate(resolve))
  }
}
