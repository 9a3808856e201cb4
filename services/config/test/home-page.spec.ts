import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { KnownHomePageTag } from '@um/catalog/home-page-tags'
import { problemHandler } from '@um/shared/errors'
import { createLogger } from '@um/shared/log'
import { temporaryFolder } from '@um/testing/temporary-folder'
import express, { type Express } from 'express'
import request from 'supertest'
import { askPage } from '../src/ask-page.ts'
import { readFiles } from '../src/files.ts'
import { type HomePage, homePage, keepUpToDate } from '../src/home-page.ts'
import { site } from '../src/site.ts'

const log = createLogger({ name: 'test', level: 'fatal', flushMilliseconds: 0 })
const folder = temporaryFolder('home-page')
const plain = '<!doctype html><html><head><title>page</title></head><body><div id="root"></div></body></html>'
const known: readonly KnownHomePageTag[] = [
  { connector: 'acme', path: '/acme', name: 'acme-verification', file: 'acme_*.html' },
  { connector: 'bolt', path: '/bolt', name: 'bolt-verification' },
]
const tag = (name: string, content: string) => `<meta name="${name}" content="${content}">`

/** What the connectors show at their paths; undefined: they refuse. */
let pages: Record<string, string | undefined>
let connectors: Server
let app: Express
let home: HomePage

beforeAll(async () => {
  mkdirSync(join(folder.path, 'parts'))
  writeFileSync(join(folder.path, 'index.html'), plain)
  writeFileSync(join(folder.path, 'index.html.gz'), gzipSync(plain))
  writeFileSync(join(folder.path, 'acme_own.html'), 'a file of the site')
  connectors = createServer((req, res) => {
    const head = pages[req.url ?? '']
    if (head === undefined) res.writeHead(503).end()
    else res.end(`<!doctype html><html><head>${head}</head><body></body></html>`)
  })
  await new Promise<void>(resolve => connectors.listen(0, '127.0.0.1', resolve))
})
beforeEach(() => {
  pages = {}
  const { port } = connectors.address() as AddressInfo
  const ask = (_connector: string, path: string) => askPage(`http://127.0.0.1:${port}${path}`, { milliseconds: 5000, bytes: 10_000 })
  home = homePage(readFiles(folder.path), known, ask, log)
  app = express()
  app.use(site(home.files, { https: true }))
  app.use(problemHandler(() => undefined))
})
afterAll(async () => {
  folder.remove()
  await new Promise(resolve => connectors.close(resolve))
})

const look = (path = '/') => request(app).get(path).set('Accept', 'text/html')

describe('the home page', () => {
  it('is the page as it was built while no connector answers', async () => {
    const isComplete = await home.refresh()

    const { status, text, headers } = await look()
    expect([isComplete, status, text, headers['content-encoding']]).toEqual([false, 200, plain, 'gzip'])
  })

  it('carries the tags of all connectors in its head, at the page’s other addresses, too', async () => {
    pages = {
      '/acme': tag('acme-verification', 'one') + tag('acme-verification', 'two') + tag('bolt-verification', 'foreign'),
      '/bolt': tag('bolt-verification', 'b1'),
    }

    const isComplete = await home.refresh()

    const tags = tag('acme-verification', 'one') + tag('acme-verification', 'two') + tag('bolt-verification', 'b1')
    expect(isComplete).toBe(true)
    for (const path of ['/', '/tenants', '/index.html']) expect((await look(path)).text).toBe(plain.replace('</head>', `${tags}</head>`))
  })

  it('is never sent in a compressed form that was made without the tags', async () => {
    pages = { '/acme': tag('acme-verification', 'one') }
    await home.refresh()

    const { headers, text } = await look().set('Accept-Encoding', 'gzip')

    expect([headers['content-encoding'], headers['content-length']]).toEqual([undefined, String(text.length)])
    expect(text).toContain('content="one"')
  })

  it('is another one for who has it already, once its tags are others', async () => {
    pages = { '/acme': tag('acme-verification', 'one') }
    const untagged = (await look()).headers.etag ?? ''
    await home.refresh()

    const tagged = await look().set('If-None-Match', untagged)
    const again = await look().set('If-None-Match', tagged.headers.etag ?? '')

    expect([tagged.status, again.status, again.text]).toEqual([200, 304, ''])
    expect(tagged.headers['cache-control']).toBe('no-cache')
  })

  it('answers HEAD as it answers GET, without the page', async () => {
    pages = { '/acme': tag('acme-verification', 'one') }
    await home.refresh()

    const [head, get] = [await request(app).head('/').set('Accept', 'text/html'), await look().set('Accept-Encoding', 'identity')]

    expect([head.status, head.text ?? '', head.headers.etag, head.headers['content-length']]).toEqual([
      200,
      '',
      get.headers.etag,
      get.headers['content-length'],
    ])
  })

  it('keeps the tags of a connector that does not answer any more, and drops those that it does not tell any more', async () => {
    pages = { '/acme': tag('acme-verification', 'one'), '/bolt': tag('bolt-verification', 'b1') }
    await home.refresh()
    pages = { '/bolt': '' }
    await home.refresh()

    const { text } = await look()

    expect(text).toContain('content="one"')
    expect(text).not.toContain('content="b1"')
  })

  it('lets nothing in but the tags, whatever a connector shows', async () => {
    pages = {
      '/acme': `<script>alert(1)</script>${tag('acme-verification', '"><script>alert(2)</script>')}${tag('acme-verification', 'one')}`,
      '/bolt': '$& $1',
    }
    await home.refresh()

    const { text, headers } = await look()

    expect(text).toBe(plain.replace('</head>', `${tag('acme-verification', 'one')}</head>`))
    expect(headers['content-security-policy']).toContain("script-src 'self';")
  })
})

describe('the file of a tag', () => {
  beforeEach(async () => {
    pages = { '/acme': tag('acme-verification', 'Code_1-x') + tag('acme-verification', 'own'), '/bolt': tag('bolt-verification', 'b1') }
    await home.refresh()
  })

  it('shows that tag alone, for GET and HEAD', async () => {
    const get = await look('/acme_Code_1-x.html')
    const head = await request(app).head('/acme_Code_1-x.html')

    expect([get.status, get.headers['content-type'], head.status]).toEqual([200, 'text/html; charset=utf-8', 200])
    expect(get.text.match(/<meta name="[^"]*verification"[^>]*>/g)).toEqual([tag('acme-verification', 'Code_1-x')])
    expect(get.text.indexOf(tag('acme-verification', 'Code_1-x'))).toBeLessThan(get.text.indexOf('</head>'))
  })

  it.each(['/acme_Code_1-y.html', '/acme_code_1-x.html', '/acme_.html', '/acme_*.html', '/acme_b1.html', '/acme_Code_1-x.htm', '/x/acme_Code_1-x.html'])(
    'is not there at %s',
    async path => {
      expect((await look(path)).status).toBe(404)
    },
  )

  it('does not take the place of a file of the site', async () => {
    expect((await look('/acme_own.html')).text).toBe('a file of the site')
  })

  it('is gone with its tag', async () => {
    pages = { '/acme': '', '/bolt': '' }
    await home.refresh()

    expect((await look('/acme_Code_1-x.html')).status).toBe(404)
  })
})

describe('asking', () => {
  const every = { milliseconds: 60_000, unansweredMilliseconds: 10_000 }
  const files = () => new Map()
  afterEach(() => {
    jest.useRealTimers()
  })

  it('is done again after a while, sooner when somebody did not answer, and never behind the end', async () => {
    jest.useFakeTimers()
    const stopping = new AbortController()
    const answers = [false, true, true]
    const refresh = jest.fn(async () => answers.shift() ?? true)
    const askedWithin = async (milliseconds: number) => {
      refresh.mockClear()
      await jest.advanceTimersByTimeAsync(milliseconds)
      return refresh.mock.calls.length
    }

    await keepUpToDate({ files, refresh }, every, stopping.signal)

    expect(refresh).toHaveBeenCalledTimes(1)
    expect([await askedWithin(9_999), await askedWithin(1)]).toEqual([0, 1])
    expect([await askedWithin(59_999), await askedWithin(1)]).toEqual([0, 1])
    stopping.abort()
    expect([await askedWithin(60_000), await askedWithin(600_000)]).toEqual([0, 0])
  })
})
