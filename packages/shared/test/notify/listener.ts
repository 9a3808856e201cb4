import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

export interface Heard {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: Record<string, unknown>
}
export interface Reply {
  status?: number
  headers?: Record<string, string>
  body?: string
}

/** Never ends. */
function flood(): Readable {
  return new Readable({
    read() {
      this.push('x'.repeat(1000))
    },
  })
}

/** A destination on this machine: remembers what it was sent, and answers 200 `ok` or what `respond` says. */
export class Listener {
  readonly heard: Heard[] = []
  respond: (heard: Heard) => Reply | 'hang' | 'reset' | 'drip' | 'flood' = () => ({})
  private readonly server: Server
  private port = 0
  private constructor() {
    this.server = createServer((req, res) => {
      text(req).then(
        body => this.answer({ method: req.method ?? '', path: req.url ?? '', headers: req.headers, body: JSON.parse(body === '' ? '{}' : body) }, res),
        () => res.destroy(),
      )
    })
  }
  private answer(heard: Heard, res: ServerResponse): void {
    this.heard.push(heard)
    const reply = this.respond(heard)
    if (reply === 'hang') return
    if (reply === 'reset') return void res.destroy()
    if (reply === 'drip') return void res.writeHead(200, { 'content-length': '1000' }).write('o')
    if (reply === 'flood') return void flood().pipe(res.writeHead(404))
    res.writeHead(reply.status ?? 200, reply.headers).end(reply.body ?? 'ok')
  }
  static async start(): Promise<Listener> {
    const listener = new Listener()
    await new Promise<void>(resolve => listener.server.listen(0, '127.0.0.1', resolve))
    listener.port = (listener.server.address() as AddressInfo).port
    return listener
  }
  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }
  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }
}
