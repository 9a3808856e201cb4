import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { AgentAction, GuestAction, type Journey, type JourneyHop, type LabEvent, NewFault, NewPhone } from '../src/protocol.ts'
import { catalog } from './page-fake-catalog.ts'
import { FakeWorld } from './page-fake-world.ts'

export interface FakeLab {
  url: string
  world: FakeWorld
  /** cuts all event streams; new ones are refused until `accept(true)` */
  accept(streams: boolean): void
  close(): Promise<void>
}

const types: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' }

/** Serves the built page and the protocol's endpoints from a scripted world. */
export async function startFakeLab(pageFolder: string): Promise<FakeLab> {
  const instance = 'fake-1'
  const events: { id: number; event: LabEvent }[] = []
  const streams = new Set<ServerResponse>()
  let accepting = true
  const world = new FakeWorld(event => {
    const id = events.length + 1
    events.push({ id, event })
    for (const stream of streams) stream.write(frame(id, event))
  })

  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : 'failed'
      json(res, 400, { type: 'about:blank', title: 'Refused', status: 400, code: 'invalid', detail })
    })
  })

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://127.0.0.1')
    if (!url.pathname.startsWith('/lab/api/')) return servePage(res, url.pathname)
    const [, , , collection = '', id = '', part = ''] = url.pathname.split('/').map(decodeURIComponent)
    const route = `${req.method} ${collection}${id === '' ? '' : part === '' ? '/:id' : `/:id/${part}`}`
    if (route === 'GET events') return openStream(req, res, url)
    if (route.startsWith('GET media')) {
      const stored = world.media.get(id)
      res.writeHead(stored === undefined ? 404 : 200, { 'Content-Type': stored?.view.mime ?? 'text/plain' })
      return void res.end(stored?.bytes)
    }
    const body = await bodyOf(req)
    if (route === 'POST uploads') return json(res, 201, store(body, req.headers['content-type'] ?? '', url.searchParams.get('name') ?? 'file'))
    const value: unknown = body.length === 0 ? undefined : JSON.parse(body.toString())
    json(res, ...reply(route, id, value))
  }

  function reply(route: string, id: string, value: unknown): [status: number, body?: unknown] {
    switch (route) {
      case 'GET info':
        return [200, world.info(instance)]
      case 'GET accounts':
        return [200, list(world.accounts)]
      case 'GET phones':
        return [200, list([...world.phones.values()])]
      case 'POST phones':
        return [201, world.createPhone(NewPhone.parse(value))]
      case 'GET phones/:id':
        return [200, { phone: found(world.phones.get(id)), entries: world.phoneEntries.get(id) ?? [], truncated: false }]
      case 'POST phones/:id/actions':
        return [201, { entries: world.actAsGuest(found(world.phones.get(id)), GuestAction.parse(value)) }]
      case 'GET desks':
        return [200, list([])]
      case 'GET conversations':
        return [200, list([...world.conversations.values()])]
      case 'GET conversations/:id':
        return [200, { conversation: found(world.conversations.get(id)), entries: world.deskEntries.get(id) ?? [], truncated: false }]
      case 'POST conversations/:id/actions':
        return [201, { entries: world.actAsAgent(found(world.conversations.get(id)), AgentAction.parse(value)) }]
      case 'GET journeys':
        return [200, list(journeysOf(world.hops))]
      case 'GET exchanges':
        return [200, list(world.exchanges)]
      case 'GET faults/:id':
        return [200, list(catalog)]
      case 'GET faults':
        return [200, list(world.faults)]
      case 'POST faults':
        return [201, world.addFault(NewFault.parse(value))]
      case 'DELETE faults/:id':
        world.putFaults(world.faults.filter(fault => fault.id !== id))
        return [204]
      case 'DELETE faults':
        world.putFaults([])
        return [204]
      default:
        return [404, { type: 'about:blank', title: 'Not found', status: 404, code: 'notFound', detail: route }]
    }
  }

  function openStream(req: IncomingMessage, res: ServerResponse, url: URL): void {
    if (!accepting) return json(res, 503, {})
    const after = Number(req.headers['last-event-id'] ?? url.searchParams.get('after') ?? events.length)
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    res.write(`retry: 200\n${frame(after, { type: 'hello', instance })}`)
    for (const { id, event } of events) if (id > after) res.write(frame(id, event))
    streams.add(res)
    res.on('close', () => streams.delete(res))
  }

  function store(bytes: Buffer, mime: string, name: string) {
    const id = `upload-${world.media.size + 1}`
    const size = mime.startsWith('image/') ? { width: 960, height: 640 } : {}
    const media = { url: `/lab/api/media/${id}/${encodeURIComponent(name)}`, mime, name, size: bytes.length, ...size }
    world.media.set(id, { view: media, bytes })
    return { id, media }
  }

  async function servePage(res: ServerResponse, path: string): Promise<void> {
    const file = path === '/' ? 'index.html' : path.slice(1)
    const bytes = await readFile(join(pageFolder, file))
    res.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' })
    res.end(bytes)
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    world,
    accept(wanted) {
      accepting = wanted
      if (!wanted) for (const stream of streams) stream.destroy()
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function frame(id: number, event: LabEvent): string {
  return `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`
}
function list<T>(items: T[]): { items: T[]; more: boolean } {
  return { items, more: false }
}
function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not found')
  return value
}
function journeysOf(hops: JourneyHop[]): Journey[] {
  return [...Map.groupBy(hops, hop => hop.message)].map(([message, own]) => {
    const [first] = own
    const last = own.at(-1)
    if (first === undefined || last === undefined) throw new Error('a journey without hops')
    const { tenantId, guest, direction } = first
    const state = last.hop === 'waiting' ? 'stuck' : last.hop === 'failed' ? 'failed' : 'done'
    return { message, tenantId, guest, direction, firstAt: first.at, lastAt: last.at, state, hops: own }
  })
}
function json(res: ServerResponse, status: number, body?: unknown): void {
  res.writeHead(status, { 'Content-Type': 'application/json' })
  res.end(body === undefined ? undefined : JSON.stringify(body))
}
async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
