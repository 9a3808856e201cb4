import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { problemHandler } from '@um/shared/errors'
import { temporaryFolder } from '@um/testing/temporary-folder'
import express, { type Express } from 'express'
import request from 'supertest'
import { readFiles } from '../src/files.ts'
import { site } from '../src/site.ts'

const folder = temporaryFolder('site')
let app: Express
beforeAll(() => {
  mkdirSync(join(folder.path, 'parts'))
  mkdirSync(join(folder.path, 'downloads/x'), { recursive: true })
  writeFileSync(join(folder.path, 'index.html'), '<!doctype html><title>page</title>')
  writeFileSync(join(folder.path, 'main.js'), 'plain')
  writeFileSync(join(folder.path, 'main.js.gz'), gzipSync('plain'))
  writeFileSync(join(folder.path, 'main.js.map'), '{}')
  writeFileSync(join(folder.path, 'built.json'), '{}')
  writeFileSync(join(folder.path, 'parts/ja-ABC.js'), 'ja')
  writeFileSync(join(folder.path, 'downloads/x/agent.zip'), 'zip')
  app = express()
  const files = readFiles(folder.path)
  app.use(site(() => files, { https: true }))
  app.use(problemHandler(() => undefined))
})
afterAll(() => folder.remove())

describe('the site', () => {
  it.each(['/', '/tenants', '/tenants/259bb4e2-f7e5-4b06-9a51-c528f412404b', '/status'])('shows the page at %s', async path => {
    const answer = await request(app).get(path).set('Accept', 'text/html')

    expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([200, 'text/html; charset=utf-8', '<!doctype html><title>page</title>'])
    expect(answer.headers['cache-control']).toBe('no-cache')
  })

  it.each(['/main.js.map', '/built.json', '/nothing.js', '/../package.json', '/main.js.gz'])('has nothing at %s', async path => {
    const answer = await request(app).get(path).set('Accept', 'text/html')

    expect([answer.status, answer.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8'])
  })

  it('does not answer scripts with the page', async () => {
    const answer = await request(app).get('/tenants').set('Accept', 'application/json')

    expect(answer.status).toBe(404)
  })

  it('sends compressed files to those who take them, and says that it depends', async () => {
    const packed = await request(app).get('/main.js').set('Accept-Encoding', 'gzip')
    const plain = await request(app).get('/main.js').set('Accept-Encoding', 'identity')

    expect([packed.headers['content-encoding'], packed.text, packed.headers.vary]).toEqual(['gzip', 'plain', 'Accept-Encoding'])
    expect([plain.headers['content-encoding'], plain.text]).toEqual([undefined, 'plain'])
  })

  it('lets parts be kept for ever, and tells what has not changed', async () => {
    const part = await request(app).get('/parts/ja-ABC.js')
    const again = await request(app)
      .get('/main.js')
      .set('If-None-Match', (await request(app).get('/main.js')).headers.etag ?? '')

    expect(part.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect([again.status, again.text]).toEqual([304, ''])
  })

  it('lets nothing run or be framed that is not its own', async () => {
    const { headers } = await request(app).get('/').set('Accept', 'text/html')

    const policy = headers['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toMatch(/unsafe|http|\*/)
    expect(headers['strict-transport-security']).toBe('max-age=31536000')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  it('takes no writing', async () => {
    const answer = await request(app).post('/tenants')

    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD'])
  })
})

describe('a page that has not been built', () => {
  it('is told when the service starts', () => {
    expect(() => readFiles(join(folder.path, 'parts'))).toThrow('build the page first')
  })
})
