import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { membersOf, readXml } from '@um/shared/xml'
import type { Lab } from '../../src/index.ts'

interface Taken {
  method: string
  query: URLSearchParams
  text: string
  /** the elements of the body, when it is XML */
  members: Record<string, unknown>
}
type Answer = { status?: number; body?: string } | 'hang'

/** The business side: records pushes, answers the handshake, and says what it is told to (`success` when it is told nothing). */
export class Server {
  readonly pushes: Taken[] = []
  readonly handshakes: URLSearchParams[] = []
  echoes = true
  private readonly answers: Answer[] = []
  private readonly waiting: { count: number; done: () => void }[] = []
  private readonly server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', chunk => chunks.push(chunk))
    req.on('end', () => {
      const query = new URL(req.url ?? '', 'http://x').searchParams
      if (req.method === 'GET') {
        this.handshakes.push(query)
        return void res.end(this.echoes ? query.get('echostr') : 'hello')
      }
      const text = Buffer.concat(chunks).toString('utf8')
      const root = readXml(text)
      this.pushes.push({ method: req.method ?? '', query, text, members: root === undefined ? {} : membersOf(root) })
      const answer = this.answers.shift() ?? { body: 'success' }
      if (answer !== 'hang') res.writeHead(answer.status ?? 200).end(answer.body ?? '')
      for (const { count, done } of this.waiting) if (this.pushes.length >= count) done()
    })
  })

  static async open(): Promise<Server> {
    const made = new Server()
    await new Promise<void>(resolve => made.server.listen(0, '127.0.0.1', resolve))
    return made
  }
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/wechat`
  }
  script(...answers: Answer[]): void {
    this.answers.push(...answers)
  }
  async until(count: number): Promise<Taken[]> {
    if (this.pushes.length < count) await new Promise<void>(done => this.waiting.push({ count, done }))
    return this.pushes
  }
  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => this.server.close(() => resolve()))
    this.server.closeAllConnections()
    await closed
  }
}

export interface Called {
  status: number
  mime: string
  json: Record<string, unknown>
  bytes: Buffer
}
/** Calls the simulated WeChat as a connector would. */
export async function ask(lab: Lab, method: string, path: string, query: Record<string, string> = {}, body?: unknown): Promise<Called> {
  const isForm = body instanceof FormData
  const answer = await fetch(`${lab.side('wechat').url}${path}?${new URLSearchParams(query)}`, {
    method,
    ...(body === undefined ? {} : { body: isForm ? body : typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const mime = answer.headers.get('content-type') ?? ''
  return { status: answer.status, mime, bytes, json: mime.startsWith('application/json') ? JSON.parse(bytes.toString('utf8')) : {} }
}
