import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A path prefix and the replicas behind it, as `http://host:port`. */
export interface Route {
  path: `/${string}`
  replicas(): readonly string[]
}
export interface Gateway {
  readonly url: string
  readonly port: number
  stop(): Promise<void>
}
export interface GatewayOptions {
  routes: readonly Route[]
  host?: string
  /** default: any free one */
  port?: number
  /** what `/` shows when no route leads there */
  frontPage?: () => string
}

/**
 * What an ingress controller is to the fleet: one address, requests routed by their path, which is passed on as it is, in turn to each replica. Bodies are streamed in
 * both directions. A request is offered to the next replica only when one refused the connection, so never twice to the fleet.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const routes = [...options.routes].sort((a, b) => b.path.length - a.path.length)
  const turns = new Map<Route, number>()
  const sockets = new Set<Socket>()

  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, (req, res) => {
    const path = (req.url ?? '/').split('?')[0] ?? '/'
    const route = routes.find(candidate => matches(candidate.path, path))
    if (route !== undefined) {
      const turn = turns.get(route) ?? 0
      turns.set(route, turn + 1)
      forward(req, res, inTurn(route.replicas(), turn))
    } else if (path === '/' && options.frontPage !== undefined) {
      res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(options.frontPage())
    } else {
      refuse(res, 404, 'Nothing answers at this path.')
    }
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** `/api` leads `/api` and `/api/v1`, not `/apiary`. */
function matches(prefix: string, path: string): boolean {
  return prefix === '/' || path === prefix || path.startsWith(`${prefix}/`)
}

function inTurn(replicas: readonly string[], turn: number): string[] {
  const first = replicas.length === 0 ? 0 : turn % replicas.length
  return [...replicas.slice(first), ...replicas.slice(0, first)]
}

/** The body is sent only once a connection stands: until then another replica can still have it. */
function forward(req: IncomingMessage, res: ServerResponse, replicas: readonly string[]): void {
  const [replica, ...others] = replicas
  if (replica === undefined) return refuse(res, 503, 'No replica of this service is running.')
  // no connection is used twice: one that its service closes at the same moment would lose a request that may not be repeated
  const upstream = request(replica, { method: req.method, path: req.url, headers: forwardedHeaders(req), setHost: false, agent: false })
  let connected = false
  let answered = false

  upstream.on('socket', socket => {
    socket.setNoDelay(true)
    socket.once('connect', () => {
      connected = true
      req.pipe(upstream)
    })
  })
  upstream.on('response', answer => {
    answered = true
    res.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders))
    res.flushHeaders()
    answer.pipe(res)
    answer.on('error', () => res.destroy())
    answer.on('close', () => {
      if (!answer.complete) res.destroy()
    })
  })
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    if (!connected && error.code === 'ECONNREFUSED' && !res.destroyed) return forward(req, res, others)
    req.unpipe(upstream)
    // a service may answer (413) and close while the body is still on its way: its answer counts
    if (!answered) refuse(res, 502, 'The service broke off the connection.')
  })
  res.on('close', () => {
    if (!res.writableFinished) upstream.destroy()
  })
}

function refuse(res: ServerResponse, status: number, detail: string): void {
  const body = JSON.stringify({ type: 'about:blank', status, detail })
  res.writeHead(status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store', connection: 'close' }).end(body)
}

/** RFC 9110 section 7.6.1: these concern one connection only. */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'])

function forwardedHeaders(req: IncomingMessage): string[] {
  const from = req.socket.remoteAddress ?? ''
  const before = req.headers['x-forwarded-for']
  const own = ['x-forwarded-for', before === undefined ? from : `${before}, ${from}`, 'x-forwarded-proto', 'http', 'x-forwarded-host', req.headers.host ?? '']
  // what an outsider claims about this must not reach the services
  const replaced = new Set(own.filter((_, index) => index % 2 === 0))
  const body = req.headers['transfer-encoding'] === undefined ? [] : ['transfer-encoding', 'chunked']
  return [...endToEnd(req.rawHeaders, replaced), ...own, ...body]
}

/** Raw headers keep their order, their case and their repetitions. */
function endToEnd(rawHeaders: readonly string[], without: ReadonlySet<string> = new Set()): string[] {
  const kept: string[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (!hopByHop.has(name.toLowerCase()) && !without.has(name.toLowerCase())) kept.push(name, rawHeaders[at + 1] ?? '')
  }
  return kept
}
