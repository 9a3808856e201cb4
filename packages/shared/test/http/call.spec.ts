import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { CallFailed, type OpenMedia, type PlatformCall } from '../../src/contract/index.ts'
import { AgentPool, AllowList, perform } from '../../src/http/index.ts'

let server: Server
let handle: RequestListener
let asked: { method: string; url: string; headers: IncomingHttpHeaders; body: string }[]
beforeEach(async () => {
  asked = []
  handle = (_req, res) => res.end('{}')
  server = createServer((req, res) => {
    buffer(req).then(
      body => {
        asked.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers, body: body.toString() })
        handle(req, res)
      },
      () => res.destroy(),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

const baseUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`
const file = (more: Partial<OpenMedia> = {}): OpenMedia => ({ body: Readable.from(['hello']), mime: 'image/png', name: 'a.png', size: 5, ...more })
const upload: PlatformCall = {
  method: 'POST',
  path: '/upload',
  multipart: { fields: { chat: '1' }, file: { field: 'photo', media: { url: 'https://f.example/a.png' } } },
}
const call = (what: Partial<PlatformCall>, openMedia: () => Promise<OpenMedia> = async () => file(), to = baseUrl()) =>
  perform(
    { method: 'GET', path: '/x', ...what },
    {
      baseUrl: to,
      authorization: { headers: { authorization: 'Bearer t' }, query: { key: 'k&1' } },
      agents: new AgentPool(new AllowList([]), () => null),
      openMedia,
    },
  )

describe('perform', () => {
  it('calls with authorization, query and headers of the call', async () => {
    const { answer } = await call({ query: { a: 'ä b' }, headers: { 'x-own': '1' } })

    expect(answer?.status).toBe(200)
    expect(asked).toHaveLength(1)
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'Bearer t',
      'x-own': '1',
      accept: 'application/json',
      'user-agent': expect.stringMatching(/^UniversalMessaging\//),
    })
    const url = new URL(asked[0]?.url ?? '', 'http://x')
    expect(url.pathname).toBe('/base/x')
    expect([...url.searchParams]).toEqual([
      ['key', 'k&1'],
      ['a', 'ä b'],
    ])
  })

  it('sends JSON and forms', async () => {
    await call({ method: 'POST', json: { text: 'é😀' } })
    await call({ method: 'PUT', form: { text: 'a b&c' } })

    expect(asked.map(({ method, body, headers }) => [method, body, headers['content-type']])).toEqual([
      ['POST', '{"text":"é😀"}', 'application/json; charset=utf-8'],
      ['PUT', 'text=a+b%26c', 'application/x-www-form-urlencoded'],
    ])
  })

  it('streams a file', async () => {
    await call(upload)

    expect(asked[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(asked[0]?.body).toContain('name="chat"\r\n\r\n1\r\n')
    expect(asked[0]?.body).toContain('name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nhello\r\n')
  })

  it.each([200, 302, 400, 401, 404, 429, 500])('answers what the platform says: %d', async status => {
    handle = (_req, res) =>
      res.writeHead(status, { 'retry-after': '7', location: '/elsewhere', 'set-cookie': ['a=1', 'b=2'] }).end('{"id":12345678901234567890}')

    const { answer, noAnswer } = await call({})

    expect(noAnswer).toBeUndefined()
    expect(answer).toMatchObject({ status, body: { id: '12345678901234567890' } })
    expect(answer?.headers.get('retry-after')).toBe('7')
    expect(answer?.headers.get('set-cookie')).toBe('a=1, b=2')
    expect(asked).toHaveLength(1)
  })

  it('answers a body that is no JSON as text', async () => {
    handle = (_req, res) => res.end('<html>')

    expect((await call({})).answer?.body).toBe('<html>')
  })
})

describe('a call without an answer', () => {
  it('was certainly not made when nobody is there', async () => {
    const gone = createServer()
    await new Promise<void>(resolve => gone.listen(0, '127.0.0.1', resolve))
    const { port } = gone.address() as AddressInfo
    await new Promise(resolve => gone.close(resolve))

    const { noAnswer } = await call({}, undefined, `http://127.0.0.1:${port}`)

    expect(noAnswer?.failure).toEqual({ kind: 'retryable', certain: true, why: 'no connection: ECONNREFUSED' })
  })

  it('may have been made when the connection broke', async () => {
    handle = req => req.socket.destroy()

    expect((await call({ method: 'POST', json: {} })).noAnswer?.failure).toEqual({ kind: 'retryable', certain: false, why: 'no answer: ECONNRESET' })
  })

  it('may have been made when time ran out', async () => {
    handle = () => undefined

    expect((await call({ timeoutSeconds: 0.05 })).noAnswer?.failure).toEqual({ kind: 'retryable', certain: false, why: 'no answer: ECONNABORTED' })
  })

  it('may have been made when the answer broke off', async () => {
    handle = (_req, res) => {
      res.writeHead(200, { 'content-length': '50' }).write('{"id":')
      setImmediate(() => res.socket?.destroy())
    }

    expect((await call({})).noAnswer?.failure).toMatchObject({ kind: 'retryable', certain: false })
  })

  it('was made to something too large to be an answer', async () => {
    handle = (_req, res) => res.end(Buffer.alloc(4 * 1024 * 1024 + 1))

    expect((await call({})).noAnswer?.failure).toMatchObject({ kind: 'retryable', certain: false })
  })
})

describe('a file on its way', () => {
  it('is let go when the connection breaks', async () => {
    handle = () => undefined
    const body = new Readable({ read() {} })
    body.push('hel')
    server.on('connection', socket => setTimeout(() => socket.destroy(), 20))

    const { noAnswer } = await call(upload, async () => file({ body }))

    expect(noAnswer?.failure.kind).toBe('retryable')
    expect(body.destroyed).toBe(true)
  })
})

describe('a file that cannot be had', () => {
  const failed = async (error: unknown) => {
    const { failure, answer, noAnswer } = await call(upload, () => Promise.reject(error))
    expect([answer, noAnswer, asked.length]).toEqual([undefined, undefined, 0])
    return failure
  }

  it('means that the platform was certainly not called', async () => {
    expect(await failed(new CallFailed({ kind: 'retryable', certain: false, why: 'HTTP 503' }))).toEqual({ kind: 'retryable', certain: true, why: 'HTTP 503' })
    expect(await failed(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))).toMatchObject({ kind: 'retryable', certain: true })
  })

  it.each(['content', 'unauthorized'] as const)('is sent as a link when it is gone: %s', async kind => {
    expect(await failed(new CallFailed({ kind, why: 'HTTP 404' }))).toEqual({ kind: 'alternative', name: 'link', why: 'HTTP 404' })
  })

  it('breaks the call when it breaks off', async () => {
    const body = new Readable({ read() {} })
    body.push('hel')
    setImmediate(() => body.destroy(new Error('broken')))

    const { answer, noAnswer } = await call(upload, async () => file({ body }))

    expect(answer).toBeUndefined()
    expect(noAnswer?.failure.kind).toBe('retryable')
    expect(body.destroyed).toBe(true)
  })
})

describe('bytes', () => {
  it('go out as they are, with their length, to the address that the platform has named', async () => {
    const url = baseUrl().replace('/base', '/named/by/the/platform')

    const { answer } = await call({ method: 'POST', path: '/bytes', url, bytes: file({ mime: 'application/octet-stream' }) })

    expect(answer?.status).toBe(200)
    expect(asked).toMatchObject([{ method: 'POST', body: 'hello', headers: { 'content-length': '5', 'content-type': 'application/octet-stream' } }])
    expect(asked[0]?.url).toMatch(/^\/named\/by\/the\/platform\?/)
  })

  it('are let go when nobody takes them', async () => {
    const bytes = file()

    const { noAnswer } = await call({ method: 'POST', path: '/bytes', bytes }, async () => file(), 'http://127.0.0.1:1')

    expect(noAnswer?.failure).toMatchObject({ kind: 'retryable', certain: true })
    expect(bytes.body.destroyed).toBe(true)
  })
})
