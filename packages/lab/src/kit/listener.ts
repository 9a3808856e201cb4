import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * An HTTP port that can really go away: `down` refuses connections and cuts those that are open, `raise` takes the same port again.
 */
export class Listener {
  readonly host: string
  readonly port: number
  private readonly handler: RequestListener
  private server: Server | undefined

  static async open(handler: RequestListener, host: string, port: number): Promise<Listener> {
    const server = await listen(handler, host, port)
    return new Listener(handler, host, (server.address() as AddressInfo).port, server)
  }
  private constructor(handler: RequestListener, host: string, port: number, server: Server) {
    this.handler = handler
    this.host = host
    this.port = port
    this.server = server
  }

  get isUp(): boolean {
    return this.server !== undefined
  }
  async down(): Promise<void> {
    const server = this.server
    if (server === undefined) return
    this.server = undefined
    const closed = new Promise<void>(resolve => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }
  async raise(): Promise<void> {
    this.server ??= await listen(this.handler, this.host, this.port)
  }
}

function listen(handler: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0, noDelay: true }, handler)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}
