import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Built, bundle } from './bundle.ts'
import { remember, stillFresh } from './freshness.ts'
import { chosenTargets, findTargets, type Target } from './targets.ts'

const repository = join(import.meta.dirname, '../..')
let folder: string
let target: Target
let built: Built

/** Uses what the bundler replaces: the decoding of express's body parser, zod with its languages, and axios with its way by `fetch`. */
const program = `
import { createRequire } from 'node:module'
import { z } from 'zod'
const iconv = createRequire(import.meta.url)
import axios from 'axios'
import express from 'express'
const fetchIsLoaded = process.moduleLoadList.some(name => name.endsWith('deps/undici/undici'))
const unused: string = 'nobody asks for this'
function neverCalled(): string { return unused }
const app = express()
app.use(express.json())
app.post('/', (req, res) => res.json({ got: z.object({ name: z.string() }).parse(req.body), iconv: typeof iconv }))
app.use((error, _req, res, _next) => res.status(error.status ?? 500).end())
const server = app.listen(0, '127.0.0.1', async () => {
  const { port } = server.address()
  const send = (body, charset) => fetch('http://127.0.0.1:' + port, { method: 'POST', body, headers: { 'content-type': 'application/json; charset=' + charset } })
  const utf8 = await send(JSON.stringify({ name: 'Grüße' }), 'utf-8')
  const strange = await send(Buffer.from('{}'), 'utf-32be')
  const byAxios = await axios.post('http://127.0.0.1:' + port, { name: 'Ağa' })
  console.log(JSON.stringify({ status: utf8.status, answer: await utf8.json(), strange: strange.status, axios: byAxios.data, fetchIsLoaded }))
  server.close()
})
`

beforeAll(async () => {
  // below a package that has express and zod, as a service's entry file is
  mkdirSync(join(repository, 'packages/shared/.cache'), { recursive: true })
  folder = mkdtempSync(join(repository, 'packages/shared/.cache/bundle-'))
  writeFileSync(join(folder, 'index.ts'), program)
  target = { name: 'probe', kind: 'program', entry: relative(repository, join(folder, 'index.ts')), outputFolder: relative(repository, join(folder, 'dist')) }
  built = await bundle(repository, target)
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a bundled program', () => {
  it('runs alone, reads UTF-8 bodies and refuses other encodings as express does', () => {
    const alone = mkdtempSync('/tmp/um-bundle-')
    writeFileSync(join(alone, 'main.mjs'), readFileSync(join(folder, 'dist/main.mjs')))

    const { stdout, stderr } = spawnSync(process.execPath, [join(alone, 'main.mjs')], { encoding: 'utf8', cwd: alone, timeout: 20_000 })

    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      status: 200,
      answer: { got: { name: 'Grüße' }, iconv: 'function' },
      strange: 415,
      axios: { got: { name: 'Ağa' }, iconv: 'function' },
      // it costs a program 8 MiB
      fetchIsLoaded: false,
    })
    rmSync(alone, { recursive: true })
  })

  it('holds neither tables of encodings nor languages nor what nobody calls', () => {
    const text = readFileSync(join(folder, 'dist/main.mjs'), 'utf8')

    expect(built.inputs.filter(path => path.includes('iconv-lite'))).toEqual([])
    expect(built.inputs.filter(path => /zod\/v4\/locales\/(?!en\.js|index\.js)/.test(path))).toEqual([])
    expect(text).not.toMatch(/function neverCalled/)
  })

  it('has a source map beside it that it does not load', () => {
    const map = JSON.parse(readFileSync(join(folder, 'dist/main.mjs.map'), 'utf8'))

    expect(map.sources.some((source: string) => source.endsWith('index.ts'))).toBe(true)
    expect(readFileSync(join(folder, 'dist/main.mjs'), 'utf8')).not.toContain('sourceMappingURL')
  })

  it('names its sources, so that a change of one of them is noticed', () => {
    const startedAt = new Date(Date.now() + 1_000)
    remember(repository, target, built, startedAt)
    const unchanged = stillFresh(repository, target)

    const later = new Date(startedAt.getTime() + 1_000)
    utimesSync(join(folder, 'index.ts'), later, later)

    expect(unchanged?.bytes).toBe(built.bytes)
    expect(stillFresh(repository, target)).toBeUndefined()
  })

  it('is not fresh when one of its sources is gone', () => {
    remember(repository, target, { ...built, inputs: [...built.inputs, 'packages/nowhere.ts'] }, new Date(Date.now() + 10_000))

    expect(stillFresh(repository, target)).toBeUndefined()
  })
})

describe('what can be built', () => {
  it('is each service with an entry file', () => {
    const names = findTargets(repository).map(({ name }) => name)

    expect(names).toEqual(expect.arrayContaining(['api', 'telegram-connector']))
  })

  it('is nothing that needs the servers of the tests: `npm start` builds all of it', () => {
    const withTestServers = findTargets(repository).filter(({ entry }) => {
      const manifest = JSON.parse(readFileSync(join(repository, ...entry.split('/').slice(0, 2), 'package.json'), 'utf8')) as { dependencies?: object }
      return '@um/testing' in (manifest.dependencies ?? {})
    })

    expect(withTestServers.map(({ name }) => name)).toEqual([])
  })

  it('brings the page of a package along, and refuses names that nothing has', () => {
    const all: Target[] = ['lab', 'lab page', 'api'].map(name => ({ name, kind: 'program', entry: '', outputFolder: '' }))

    expect(chosenTargets(all, ['lab']).map(({ name }) => name)).toEqual(['lab', 'lab page'])
    expect(() => chosenTargets(all, ['labs'])).toThrow('nothing to build has the name labs; there are lab, lab page, api')
  })
})

describe('the command', () => {
  it('fails with the reason when a name is wrong', () => {
    expect(() => execFileSync(process.execPath, ['scripts/build.ts', '--services', 'nobody'], { cwd: repository, stdio: 'pipe' })).toThrow('nobody')
  })
})
