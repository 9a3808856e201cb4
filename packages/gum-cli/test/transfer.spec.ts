import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type BackupFile, writeBackup } from '@um/shared/backup'
import { createLogger } from '@um/shared/log'
import { Api } from '../src/api.ts'
import { backUp } from '../src/backup.ts'
import { apiUrl } from '../src/configuration.ts'
import { backupOf, restore } from '../src/restore.ts'

interface Asked {
  path: string
  authorization: string | undefined
  body: unknown
}
const log = createLogger({ name: 'test', level: 'silent', flushMilliseconds: 0 })
const status = { show: () => undefined, clear: () => undefined }
let server: Server
let answer: (asked: Asked) => { status: number; body: unknown } | 'reset'
let asked: Asked[]
let file: BackupFile
let folder: string
let api: Api

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gum-cli-test-'))
  file = await writeBackup([{ kind: 'tenant', document: { id: 't' } }], { product: '1.0.14', deployment: 'd', createdAt: new Date(0), passphrase: undefined })
  asked = []
  answer = ({ path }) => ({ status: 200, body: path.endsWith('/login') ? { token: 'the token' } : file })
  server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    const one = { path: req.url ?? '', authorization: req.headers.authorization, body: text === '' ? undefined : JSON.parse(text) }
    asked.push(one)
    const given = answer(one)
    if (given === 'reset') return void req.socket.destroy()
    res
      .writeHead(given.status, { 'content-type': 'application/json', 'retry-after': '15' })
      .end(typeof given.body === 'string' ? given.body : JSON.stringify(given.body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = apiUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  api = new Api({ url, user: 'admin', password: 'x', passphrase: undefined, ca: undefined, insecure: false, timeoutMilliseconds: 5000 }, log)
})
afterEach(async () => {
  await api.logOut()
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

describe('a backup', () => {
  const output = () => join(folder, 'backup.json')
  const make = (more: { passphrase?: string; output?: string } = {}) =>
    backUp(api, { passphrase: more.passphrase, partial: false, output: more.output, print: async text => void printed.push(text), status })
  const printed: string[] = []

  it('is asked for with the token of the log-in, and written for its owner only', async () => {
    await api.logIn()

    const told = await make({ passphrase: 'a passphrase', output: output() })

    expect(asked.map(({ path, authorization, body }) => [path, authorization, body])).toEqual([
      ['/api/v1/auth/login', undefined, { user: 'admin', password: 'x' }],
      ['/api/v1/backup', 'Bearer the token', { passphrase: 'a passphrase', partial: false }],
    ])
    expect(JSON.parse(readFileSync(output(), 'utf8'))).toEqual(file)
    expect(statSync(output()).mode & 0o777).toBe(0o600)
    expect(told).toBe(`saved 1 tenant, 0 storages and 0 users to ${output()}`)
  })

  it('goes to standard output without a file', async () => {
    await make()

    expect(JSON.parse(printed.at(-1) ?? '')).toEqual(file)
  })

  it.each([
    ['is cut off', () => JSON.stringify(file).slice(0, 200)],
    ['was changed on its way', () => JSON.stringify({ ...file, deployment: 'e' })],
    ['is something else', () => '<html>'],
  ])('that %s is not written, nor anything beside it', async (_what, text) => {
    answer = () => ({ status: 200, body: text() })

    await expect(make({ output: output() })).rejects.toMatchObject({ exitCode: 1, message: expect.stringContaining('no whole backup') })
    expect(readdirSync(folder)).toEqual([])
  })

  it('that cannot be written says where', async () => {
    await expect(make({ output: join(folder, 'nowhere/backup.json') })).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('nowhere/backup.json cannot be written'),
    })
  })
})

describe('a restore', () => {
  it('sends the backup, and tells what has changed', async () => {
    const counts = { added: 1, changed: 2, removed: 3, unchanged: 4 }
    answer = () => ({ status: 200, body: { createdAt: file.createdAt, tenants: counts, storages: { ...counts, added: 0 } } })

    const told = await restore(api, { file, passphrase: 'a passphrase', dryRun: false, status })

    expect(asked[0]?.body).toEqual({ backup: file, passphrase: 'a passphrase', dryRun: false })
    expect(told).toBe(
      `restored the backup of ${file.createdAt}: 1 tenant added, 2 changed, 3 removed, 4 unchanged; 0 storages added, 2 changed, 3 removed, 4 unchanged`,
    )
  })

  it('undoes gzip by itself', async () => {
    expect(await backupOf(gzipSync(JSON.stringify(file)))).toEqual(file)
  })

  it.each([
    ['another file', () => Buffer.from('hello')],
    ['nothing', () => Buffer.alloc(0)],
    ['a part', () => Buffer.from(JSON.stringify(file)).subarray(0, 300)],
    ['a part of a packed one', () => gzipSync(JSON.stringify(file)).subarray(0, 100)],
  ])('takes no %s', async (_what, bytes) => {
    await expect(backupOf(bytes())).rejects.toMatchObject({ exitCode: 5, message: expect.stringMatching(/^[^\n]+$/) })
  })
})

describe('the API', () => {
  it.each<[string, { status: number; body: unknown } | 'reset', number, string]>([
    ['refuses the password', { status: 401, body: { code: 'badCredentials', detail: 'no' } }, 3, 'does not take this user name and password'],
    ['makes us wait', { status: 429, body: { code: 'tooMany', detail: 'no' } }, 3, 'try again in 15 seconds'],
    ['is another server', { status: 404, body: '<html>' }, 4, 'there is no API of Universal Messaging at http://127.0.0.1'],
    ['is a page', { status: 200, body: '<html>' }, 4, 'there is no API of Universal Messaging at http://127.0.0.1'],
    ['is not ready', { status: 503, body: { code: 'unavailable', detail: 'The data store does not answer.' } }, 1, 'The data store does not answer.'],
    ['ends the connection', 'reset', 4, 'it ended the connection'],
  ])('that %s ends the program with its own code', async (_what, given, exitCode, message) => {
    answer = () => given

    await expect(api.logIn()).rejects.toMatchObject({ exitCode, message: expect.stringContaining(message) })
  })

  it('behind an ingress that takes no large requests is told so', async () => {
    answer = () => ({ status: 413, body: '<html>' })

    await expect(restore(api, { file, passphrase: undefined, dryRun: false, status })).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('proxy-body-size'),
    })
  })

  it('that says that a backup is no good is told from one that fails', async () => {
    answer = () => ({ status: 422, body: { code: 'invalid', detail: 'The passphrase is wrong.', reason: 'passphrase' } })

    await expect(restore(api, { file, passphrase: 'x', dryRun: false, status })).rejects.toMatchObject({ exitCode: 5, message: 'The passphrase is wrong.' })
  })
})
