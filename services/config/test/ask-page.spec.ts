import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { askPage } from '../src/ask-page.ts'

const limits = { milliseconds: 10_000, bytes: 1000 }
let server: Server | undefined
afterEach(async () => {
  server?.closeAllConnections()
  await new Promise(resolve => (server === undefined ? resolve(undefined) : server.close(resolve)))
  server = undefined
})

async function serving(listener: RequestListener): Promise<string> {
  const started = createServer(listener)
  server = started
  await new Promise<void>(resolve => started.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/acme`
}

describe('a page of another service', () => {
  it('is its text, in however many pieces it comes', async () => {
    let asked: unknown
    const url = await serving((req, res) => {
      asked = [req.method, req.url, req.headers.accept]
      const bytes = Buffer.from('<p>Grüße</p>')
      res.write(bytes.subarray(0, 6))
      setImmediate(() => res.end(bytes.subarray(6)))
    })

    const text = await askPage(url, limits)

    expect(text).toBe('<p>Grüße</p>')
    expect(asked).toEqual(['GET', '/acme', 'text/html'])
  })

  it.each([404, 500, 302, 429])('is not there when the service answers %d', async status => {
    const url = await serving((_req, res) => res.writeHead(status, { location: '/' }).end('words'))

    await expect(askPage(url, limits)).rejects.toThrow(`it answers ${status}`)
  })

  it('is not there when nobody listens', async () => {
    const url = await serving((_req, res) => res.end())
    await new Promise(resolve => server?.close(resolve))

    await expect(askPage(url, limits)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('is read up to its limit, and given up behind it while the service still writes', async () => {
    let hungUp: Promise<void> | undefined
    const url = await serving((_req, res) => {
      const more = setInterval(() => res.write('x'.repeat(400)), 1)
      hungUp = new Promise(resolve => {
        res.on('close', () => {
          clearInterval(more)
          resolve()
        })
      })
    })

    await expect(askPage(url, limits)).rejects.toThrow('more than 1000 bytes')
    await expect(hungUp).resolves.toBeUndefined()
  })

  it('may have exactly as many bytes as the limit', async () => {
    const url = await serving((_req, res) => res.end('x'.repeat(1000)))

    expect(await askPage(url, limits)).toHaveLength(1000)
  })

  it.each([
    ['does not answer', () => undefined],
    ['never ends its answer', (res: Parameters<RequestListener>[1]) => void res.write('<head>')],
  ] as const)('is given up when the service %s', async (_what, answer) => {
    const url = await serving((_req, res) => answer(res))

    await expect(askPage(url, { ...limits, milliseconds: 50 })).rejects.toThrow('does not answer within 50 ms')
  })

  it('is not there when the service hangs up in the middle', async () => {
    const url = await serving((_req, res) => {
      res.writeHead(200, { 'content-length': '100' }).write('<head>')
      setImmediate(() => res.destroy())
    })

    await expect(askPage(url, limits)).rejects.toThrow()
  })
})
