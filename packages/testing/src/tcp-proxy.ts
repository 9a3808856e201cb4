import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from './ports.ts'
import { Link, type LinkCondition } from './tcp-link.ts'

export interface TcpProxy {
  readonly port: number
  /** the target's URL with the proxy's host and port in it */
  url(targetUrl: string): string
  connections(): number
  /** resets (RST) all connections; new ones are let through */
  cut(): void
  /** new connections are refused (ECONNREFUSED); those that exist live on */
  refuse(): Promise<void>
  /** `refuse` and `cut`: the target is away */
  down(): Promise<void>
  /** Connections stay, and nothing passes in either direction until `restore`. New ones are accepted and get no answer. */
  blackHole(): void
  delay(each: { toServerMs?: number; toClientMs?: number }): void
  throttle(each: { toServerBytesPerSecond?: number; toClientBytesPerSecond?: number }): void
  /** as at the beginning; what waited in a black hole passes now */
  restore(): Promise<void>
  stop(): Promise<void>
}

interface Connection {
  client: Socket
  server: Socket
  links: Link[]
}

/** A wire between a program and its server (RabbitMQ, Redis, HTTP) that can be cut, slowed and mended while they talk. */
export async function startTcpProxy(target: { host?: string; port: number }): Promise<TcpProxy> {
  const port = await freePort()
  const toServer = perfect()
  const toClient = perfect()
  const connections = new Set<Connection>()
  let listener: Server | undefined = await listen()

  async function listen(): Promise<Server> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, accept)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return server
  }

  function accept(client: Socket): void {
    const server = connect({ host: target.host ?? '127.0.0.1', port: target.port, allowHalfOpen: true, noDelay: true })
    const connection: Connection = { client, server, links: [new Link(client, server, toServer), new Link(server, client, toClient)] }
    connections.add(connection)
    // whichever side breaks, the other one must feel the same; a connection that both ended in good order is left alone
    const breakBoth = (): void => {
      connections.delete(connection)
      reset(client)
      reset(server)
    }
    const closed = (): void => {
      if (client.closed && server.closed) connections.delete(connection)
    }
    for (const socket of [client, server]) {
      socket.on('error', breakBoth)
      socket.on('close', closed)
    }
  }

  function cut(): void {
    for (const { client, server } of [...connections]) {
      reset(client)
      reset(server)
    }
    connections.clear()
  }

  async function refuse(): Promise<void> {
    // the listening socket goes at once; the event comes only after the last connection, so it is not waited for
    listener?.close()
    listener = undefined
  }

  function pumpAll(): void {
    for (const { links } of connections) for (const link of links) link.pump()
  }

  return {
    port,
    url: targetUrl => replaced(targetUrl, port),
    connections: () => connections.size,
    cut,
    refuse,
    down: async () => {
      await refuse()
      cut()
    },
    blackHole: () => {
      toServer.held = true
      toClient.held = true
    },
    delay: ({ toServerMs = 0, toClientMs = 0 }) => {
      toServer.delayMs = toServerMs
      toClient.delayMs = toClientMs
    },
    throttle: ({ toServerBytesPerSecond = Number.POSITIVE_INFINITY, toClientBytesPerSecond = Number.POSITIVE_INFINITY }) => {
      toServer.bytesPerSecond = toServerBytesPerSecond
      toClient.bytesPerSecond = toClientBytesPerSecond
    },
    restore: async () => {
      Object.assign(toServer, perfect())
      Object.assign(toClient, perfect())
      pumpAll()
      listener ??= await listen()
    },
    stop: async () => {
      await refuse()
      cut()
    },
  }
}

/** A socket that is just being connected or shut down cannot be reset: libuv refuses, and Node would leave it open with its event loop spinning. */
function reset(socket: Socket): void {
  if (socket.connecting || (socket.writableEnded && !socket.writableFinished)) socket.destroy()
  else socket.resetAndDestroy()
}

function perfect(): LinkCondition {
  return { delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY, held: false }
}

function replaced(targetUrl: string, port: number): string {
  const url = new URL(targetUrl)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return url.href
}
