import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { AgentPool, AllowList, MediaTooLarge, MediaUnavailable, openUrl, PrivateAddress } from '../../src/http/index.ts'

class Files {
  readonly asked: { path: string; headers: IncomingHttpHeaders }[] = []
  handle: RequestListener = (_req, res) => res.end('hello')
  private readonly server: Server
  constructor() {
    this.server = createServer((req, res) => {
      this.asked.push({ path: req.url ?? '', headers: req.headers })
      this.handle(req, res)
    })
  }
  async start(): Promise<this> {
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve))
    return this
  }
  get port(): number {
    return (this.server.address() as AddressInfo).port
  }
  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }
  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }
}
let own: Files
let other: Files
beforeEach(async () => {
  own = await new Files().start()
  other = await new Files().start()
})
afterEach(() => Promise.all([own.stop(), other.stop()]))

const open = (
  url: string,
  more: { allowed?: string[]; maxBytes?: number; headers?: Record<string, string>; trusted?: string[]; timeoutMilliseconds?: number } = {},
) => {
  const allow = new AllowList(more.allowed ?? [])
  return openUrl(url, {
    agents: new AgentPool(allow, () => null),
    allow,
    trustedOrigins: more.trusted ?? [own.url],
    maxBytes: more.maxBytes ?? 100,
    ...(more.headers === undefined ? {} : { headers: more.headers }),
    ...(more.timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds: more.timeoutMilliseconds }),
  })
}
const redirect = (files: Files, location: string, status = 302) => {
  files.handle = (_req, res) => res.writeHead(status, { location }).end()
}

describe('openUrl', () => {
  it('streams what is there, with its type, name and size', async () => {
    own.handle = (_req, res) => res.writeHead(200, { 'content-type': 'Image/PNG; charset=x', 'content-length': '5' }).end('hello')

    const media = await open(`${own.url}/files/a%20b.png?sig=1`)

    expect(await text(media.body)).toBe('hello')
    expect(media).toMatchObject({ mime: 'image/png', name: 'a b.png', size: 5 })
    expect(own.asked).toMatchObject([{ path: '/files/a%20b.png?sig=1', headers: { 'accept-encoding': 'identity' } }])
  })

  it.each([
    ['attachment; filename="plan.pdf"', 'plan.pdf'],
    ['attachment; filename="x.pdf"; filename*=UTF-8\'\'pl%C3%A4n.pdf', 'plän.pdf'],
    ['inline', 'path.bin'],
  ])('takes the name of %s', async (disposition, name) => {
    own.handle = (_req, res) => res.writeHead(200, { 'content-disposition': disposition }).end('x')

    const media = await open(`${own.url}/path.bin`)
    media.body.destroy()

    expect(media.name).toBe(name)
  })

  it('goes nowhere private', async () => {
    await expect(open(`${own.url}/x`, { trusted: [] })).rejects.toThrow(PrivateAddress)
    await expect(open(`http://localhost:${own.port}/x`)).rejects.toThrow(PrivateAddress)
    expect(own.asked).toEqual([])
  })

  it('goes where the deployer or the tenant’s settings allow it', async () => {
    for (const more of [{ trusted: [own.url] }, { trusted: [], allowed: [`127.0.0.1:${own.port}`] }, { trusted: [], allowed: ['127.0.0.0/8'] }])
      expect(await text((await open(`${own.url}/x`, more)).body)).toBe('hello')
  })

  it.each([301, 302, 303, 307, 308])('follows a redirect %d', async status => {
    own.handle = (req, res) => (req.url === '/end' ? res.end('end') : res.writeHead(status, { location: '/end' }).end())

    expect(await text((await open(`${own.url}/start`)).body)).toBe('end')
  })

  it('does not follow a redirect to a private address, nor to another scheme', async () => {
    for (const location of [`${other.url}/x`, `http://localhost:${other.port}/x`, 'http://[::ffff:127.0.0.1]/x', 'file:///etc/passwd']) {
      redirect(own, location)

      await expect(open(`${own.url}/x`)).rejects.toThrow(PrivateAddress)
    }
    expect(other.asked).toEqual([])
  })

  it('does not take credentials along to another origin', async () => {
    redirect(own, `${other.url}/x`)

    await text((await open(`${own.url}/x`, { trusted: [own.url, other.url], headers: { authorization: 'Bearer t' } })).body)

    expect(own.asked[0]?.headers.authorization).toBe('Bearer t')
    expect(other.asked[0]?.headers).not.toHaveProperty('authorization')
  })

  it('takes them along within the origin', async () => {
    own.handle = (req, res) => (req.url === '/end' ? res.end('end') : res.writeHead(302, { location: '/end' }).end())

    await text((await open(`${own.url}/start`, { headers: { authorization: 'Bearer t' } })).body)

    expect(own.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer t', 'Bearer t'])
  })

  it('gives up a circle of redirects', async () => {
    redirect(own, '/again')

    await expect(open(`${own.url}/x`)).rejects.toMatchObject({ name: 'MediaUnavailable', lasting: true })
    expect(own.asked).toHaveLength(6)
  })

  it('takes a redirect to nonsense for a file that is not there', async () => {
    redirect(own, 'http://')

    await expect(open(`${own.url}/x`)).rejects.toMatchObject({ name: 'MediaUnavailable', lasting: true })
  })

  it.each([
    [404, true],
    [403, true],
    [410, true],
    [204, false],
    [408, false],
    [429, false],
    [500, false],
    [503, false],
  ])('tells whether asking again helps after %d', async (status, lasting) => {
    own.handle = (_req, res) => res.writeHead(status).end()

    await expect(open(`${own.url}/x`)).rejects.toMatchObject({ name: 'MediaUnavailable', status, lasting })
  })

  it('does not wait for ever', async () => {
    own.handle = () => undefined

    await expect(open(`${own.url}/x`, { timeoutMilliseconds: 50 })).rejects.toMatchObject({ name: 'MediaUnavailable', lasting: false })
  })

  it('tells that nobody answers', async () => {
    const { url } = other
    await other.stop()
    other = await new Files().start()

    await expect(open(`${url}/x`, { trusted: [url] })).rejects.toMatchObject({ name: 'MediaUnavailable', lasting: false })
  })

  it('refuses a file that says it is too large, and not one that just fits', async () => {
    own.handle = (_req, res) => res.end('x'.repeat(11))

    await expect(open(`${own.url}/x`, { maxBytes: 10 })).rejects.toThrow(MediaTooLarge)
    expect(await text((await open(`${own.url}/x`, { maxBytes: 11 })).body)).toHaveLength(11)
  })

  it('stops a file that grows too large without having said so', async () => {
    own.handle = (_req, res) => {
      res.write('x'.repeat(8))
      res.end('y'.repeat(8))
    }

    const media = await open(`${own.url}/x`, { maxBytes: 10 })

    expect(media.size).toBeUndefined()
    await expect(text(media.body)).rejects.toThrow(MediaTooLarge)
  })

  it('tells the reader of a file that breaks off', async () => {
    own.handle = (_req, res) => {
      res.writeHead(200, { 'content-length': '50' }).write('only the beginning')
      setImmediate(() => res.socket?.destroy())
    }

    const media = await open(`${own.url}/x`)

    await expect(text(media.body)).rejects.toThrow()
  })

  it('names the error by its class', async () => {
    own.handle = (_req, res) => res.writeHead(404).end()

    await expect(open(`${own.url}/x`)).rejects.toThrow(MediaUnavailable)
  })
})
