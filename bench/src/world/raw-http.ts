import { connect, createServer, type Socket } from 'node:net'

/**
 * As much of HTTP/1.1 as the programs under test speak: Content-Length, keep-alive, no chunks. A load generator must cost less than what it measures, and Node's own client and server cost
 * about as much as the relay's whole webhook.
 */
export interface Incoming {
  method: string
  path: string
  body: Buffer
}
export interface Answer {
  status: number
  body: string | Buffer
  type?: string
}

const headEnd = '\r\n\r\n'
const lengthHeader = /\r\ncontent-length: *(\d+)/i

function bodyLength(head: string): number {
  return Number(lengthHeader.exec(head)?.[1] ?? 0)
}

/** Answers each request at once, or never (`undefined`): then its connection waits until the caller gives up. */
export async function listen(answer: (incoming: Incoming) => Answer | undefined): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket)
    let rest: Buffer = Buffer.alloc(0)
    socket.on('data', chunk => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      for (;;) {
        const end = rest.indexOf(headEnd)
        if (end < 0) return
        const head = rest.toString('latin1', 0, end)
        const from = end + headEnd.length
        const length = bodyLength(head)
        if (rest.length < from + length) return
        const [method = '', path = ''] = head.split(' ', 2)
        const given = answer({ method, path, body: rest.subarray(from, from + length) })
        rest = rest.subarray(from + length)
        if (given !== undefined) write(socket, given)
      }
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', 4096, () => resolve())
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    port: address.port,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function write(socket: Socket, { status, body, type = 'application/json' }: Answer): void {
  const head = `HTTP/1.1 ${status} X\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
  if (typeof body === 'string') socket.write(head + body)
  else {
    socket.write(head)
    socket.write(body)
  }
}

interface Waiting {
  bytes: Buffer
  done: (status: number) => void
}

/** Keep-alive connections to the replicas of a service, in turn. What finds none free waits; it is the caller who counts that time. */
export class Pool {
  private readonly ports: readonly number[]
  private readonly max: number
  private readonly idle: Socket[] = []
  private readonly queue: Waiting[] = []
  private readonly open = new Set<Socket>()
  private opened = 0

  constructor(ports: readonly number[], max: number) {
    this.ports = ports
    this.max = max
  }

  /** `done` gets 0 when the connection broke before an answer came. */
  send(bytes: Buffer, done: (status: number) => void): void {
    const socket = this.idle.shift()
    if (socket !== undefined) this.ask(socket, { bytes, done })
    else if (this.open.size < this.max) this.connect({ bytes, done })
    else this.queue.push({ bytes, done })
  }
  close(): void {
    for (const socket of this.open) socket.destroy()
  }

  private readonly asked = new Map<Socket, Waiting>()
  private ask(socket: Socket, waiting: Waiting): void {
    this.asked.set(socket, waiting)
    socket.write(waiting.bytes)
  }

  private connect(waiting: Waiting): void {
    const socket = connect({ host: '127.0.0.1', port: this.ports[this.opened++ % this.ports.length] ?? 0, noDelay: true })
    this.open.add(socket)
    let rest: Buffer = Buffer.alloc(0)
    socket.on('data', chunk => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const end = rest.indexOf(headEnd)
      if (end < 0) return
      const head = rest.toString('latin1', 0, end)
      if (rest.length < end + headEnd.length + bodyLength(head)) return
      rest = Buffer.alloc(0)
      const current = this.asked.get(socket)
      this.asked.delete(socket)
      current?.done(Number(head.slice(9, 12)))
      const next = this.queue.shift()
      if (next === undefined) this.idle.push(socket)
      else this.ask(socket, next)
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.open.delete(socket)
      const at = this.idle.indexOf(socket)
      if (at >= 0) this.idle.splice(at, 1)
      this.asked.get(socket)?.done(0)
      this.asked.delete(socket)
      const next = this.queue.shift()
      if (next !== undefined) this.send(next.bytes, next.done)
    })
    this.ask(socket, waiting)
  }
}
