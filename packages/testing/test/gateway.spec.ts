import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { eventually } from '../src/eventually.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../src/gateway.ts'
import { freePort } from '../src/ports.ts'

const stops: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function replica(handle: (req: IncomingMessage, res: ServerResponse) => void): Promise<string> {
  const server: Server = createServer(handle).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
async function named(name: string): Promise<string> {
  return await replica((req, res) => res.end(`${name} ${req.url}`))
}
async function gateway(options: GatewayOptions): Promise<Gateway> {
  const started = await startGateway(options)
  stops.push(() => started.stop())
  return started
}
async function text(url: string, init?: RequestInit): Promise<string> {
  return await (await fetch(url, init)).text()
}

describe('the gateway', () => {
  it('routes by path and passes the path on as it is', async () => {
    const api = await named('api')
    const site = await named('site')
    const { url } = await gateway({
      routes: [
        { path: '/', replicas: () => [site] },
        { path: '/api', replicas: () => [api] },
      ],
    })

    const answers = await Promise.all(['/api', '/api/v1/x?y=1', '/apiary', '/'].map(path => text(url + path)))

    expect(answers).toEqual(['api /api', 'api /api/v1/x?y=1', 'site /apiary', 'site /'])
  })

  it('answers 404 where no route leads, and its own front page at the root', async () => {
    const { url } = await gateway({ routes: [], frontPage: () => '<h1>links</h1>' })

    const nowhere = await fetch(`${url}/api`)
    const root = await fetch(url)

    expect(nowhere.status).toBe(404)
    expect(await root.text()).toBe('<h1>links</h1>')
  })

  it('gives each replica its turn', async () => {
    const replicas = [await named('a'), await named('b'), await named('c')]
    const { url } = await gateway({ routes: [{ path: '/x', replicas: () => replicas }] })

    const answers: string[] = []
    for (let n = 0; n < 6; n++) answers.push(await text(`${url}/x`))

    expect(answers.join()).toBe('a /x,b /x,c /x,a /x,b /x,c /x')
  })

  it('offers a request with its whole body to the next replica when one refuses the connection', async () => {
    const away = `http://127.0.0.1:${await freePort()}`
    const echo = await replica((req, res) => req.pipe(res))
    const { url } = await gateway({ routes: [{ path: '/x', replicas: () => [away, echo] }] })

    const answer = await text(`${url}/x`, { method: 'POST', body: 'hello' })

    expect(answer).toBe('hello')
  })

  it('does not offer a request again that a replica took and dropped', async () => {
    let calls = 0
    const dropping = await replica(req => {
      calls += 1
      req.socket.resetAndDestroy()
    })
    const { url } = await gateway({ routes: [{ path: '/x', replicas: () => [dropping, dropping] }] })

    const { status } = await fetch(`${url}/x`, { method: 'POST', body: 'once' })

    expect({ status, calls }).toEqual({ status: 502, calls: 1 })
  })

  it('answers 503 when no replica listens', async () => {
    const { url } = await gateway({ routes: [{ path: '/x', replicas: () => [] }] })

    expect((await fetch(`${url}/x`)).status).toBe(503)
  })

  it('tells the service who asks, and does not believe outsiders about host and scheme', async () => {
    const seen: IncomingMessage['headers'][] = []
    const service = await replica((req, res) => {
      seen.push(req.headers)
      res.end()
    })
    const { url, port } = await gateway({ routes: [{ path: '/x', replicas: () => [service] }] })

    await fetch(`${url}/x`, {
      headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example', 'x-mine': 'kept' },
    })

    expect(seen[0]).toMatchObject({
      host: `127.0.0.1:${port}`,
      'x-forwarded-for': '203.0.113.9, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `127.0.0.1:${port}`,
      'x-mine': 'kept',
    })
  })

  it('passes status, repeated headers and the order of bytes', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 253))
    const service = await replica((_req, res) =>
      res
        .writeHead(
          207,
          [
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
            ['x-y', 'z'],
          ].flat(),
        )
        .end(bytes),
    )
    const { url } = await gateway({ routes: [{ path: '/x', replicas: () => [service] }] })

    const answer = await fetch(`${url}/x`)

    expect(answer.status).toBe(207)
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
  })

  it('passes each part of an answer on at once, as server-sent events need it', async () => {
    let open: ServerResponse | undefined
    const service = await replica((_req, res) => {
      open = res
      res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    })
    const { url } = await gateway({ routes: [{ path: '/x', replicas: () => [service] }] })

    const answer = await fetch(`${url}/x`)
    const reader = answer.body?.getReader()
    open?.write('data: 1\n\n')
    const first = await reader?.read()
    open?.write('data: 2\n\n')
    const second = await reader?.read()

    expect([first, second].map(part => Buffer.from(part?.value ?? []).toString())).toEqual(['data: 1\n\n', 'data: 2\n\n'])
    await reader?.cancel()
    await eventually(() => open?.closed === true)
  })

  it('passes each part of a request on at once', async () => {
    const parts: string[] = []
    const service = await replica((req, res) => {
      req.on('data', part => parts.push(String(part)))
      req.on('end', () => res.end())
    })
    const { url } = await gateway({ routes: [{ path: '/x', replicas: () => [service] }] })
    const upload = request(`${url}/x`, { method: 'PUT' })
    const answered = once(upload, 'response')

    upload.write('one')
    await eventually(() => expect(parts).toEqual(['one']))
    upload.end('two')
    await answered

    expect(parts).toEqual(['one', 'two'])
  })

  it('breaks the answer off when the service breaks it off', async () => {
    const service = await replica((_req, res) => {
      res.writeHead(200, { 'content-length': 10 }).write('half')
      setImmediate(() => res.destroy())
    })
    const { url } = await gateway({ routes: [{ path: '/x', replicas: () => [service] }] })

    await expect(text(`${url}/x`)).rejects.toThrow()
  })
})
