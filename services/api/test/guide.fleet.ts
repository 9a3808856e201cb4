import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseBackup } from '@um/shared/backup'
import { eventually } from '@um/testing'
import { type Fleet, startFleet } from '@um/testing/fleet'
import { run } from '@um/testing/process'
import { repository } from '@um/testing/repository'
import { type Printed, startPrinted } from './support/printed.ts'

/** Chapters 2 and 4 of the guide: every command as it is printed there, against a fleet. LINE itself is played by a server that says yes to all. */
const tenantId = '259bb4e2-f7e5-4b06-9a51-c528f412404b'
const tenantName = 'Tenant with Social Media X and Genesys Cloud CX'
let fleet: Fleet
let line: Server
let printed: Printed
const lineCalls: { path: string; body: unknown }[] = []
let token: string

beforeAll(async () => {
  line = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    lineCalls.push({ path: req.url ?? '', body: text === '' ? undefined : JSON.parse(text) })
    res.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        userId: 'Ubot',
        basicId: '@acme',
        displayName: 'ACME',
        endpoint: 'https://www.acme.org/line',
        active: true,
        success: true,
        sentMessages: [{ id: '1' }],
      }),
    )
  })
  await new Promise<void>(resolve => line.listen(0, '127.0.0.1', resolve))
  await run(process.execPath, ['scripts/build.ts', '--quiet', '--services', 'gum-cli'], { cwd: repository })
  // the guide's password; a real installation refuses it
  fleet = await startFleet({
    services: ['api', 'line-connector'],
    admin: { user: 'admin', password: 'xxx' },
    env: { PUBLIC_URL: 'https://www.acme.org', ALLOWED_PRIVATE_HOSTS: '127.0.0.1' },
  })
  const bunyan = createRequire(join(repository, 'packages/gum-cli/package.json')).resolve('bunyan/bin/bunyan')
  printed = await startPrinted({
    target: new URL(fleet.urls('api')[0] ?? ''),
    hosts: ['www.acme.org', 'host', 'host.local.net'],
    programs: { 'gum-cli': [process.execPath, join(repository, 'packages/gum-cli/dist/main.mjs')], bunyan: [process.execPath, bunyan] },
  })
  const api = fleet.urls('api')[0]
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${api}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
    return (await answer.json()) as { token: string; id: string }
  }
  token = (await post('/auth/login', { user: 'admin', password: 'xxx' })).token
  const { port } = line.address() as AddressInfo
  const { id } = await post('/tenants', {
    id: tenantId,
    name: tenantName,
    authentication: { type: 'basic', username: 'tenant_apiuser', password: 'tenant_apipassword' },
    cxPlatform: {
      type: 'gcloudcx',
      settings: { region: 'eu-west-1', clientId: '7b2fdd9b-5a51-4a08-9c2c-6b6c2f0e4f11', clientSecret: 'x', integrationName: 'ACME' },
    },
    messaging: {
      type: 'line',
      settings: {
        channelId: '2007654321',
        channelSecret: '5f3c9a1e7b2d4860a9c3e5f718263b4d',
        channelAccessToken: 'a channel access token',
        pnpEnabled: true,
        switcherEnabled: true,
        switcherSecret: 'sw-7f0b41c2d9e84a6fb3a5',
        switcherDestinationId: 'Uother',
        apiUrl: `http://127.0.0.1:${port}`,
        dataApiUrl: `http://127.0.0.1:${port}`,
      },
    },
  })
  expect(id).toBe(tenantId)
}, 180_000)
afterAll(async () => {
  await printed?.stop()
  await fleet?.stop()
  line?.closeAllConnections()
  line?.close()
}, 60_000)

/** The answer's body, and its status. */
async function curl(command: string): Promise<{ status: number; body: Record<string, unknown> & { token?: string; messages?: { kind: string }[] } }> {
  const { code, out, err } = await printed.run(`${command} -w '\\n%{http_code}'`)
  expect([code, err]).toEqual([0, ''])
  const [text = '', status = ''] = out.split(/\n(?=\d+$)/)
  return { status: Number(status), body: JSON.parse(text) }
}

describe('chapter 4', () => {
  it('login: the printed body has its brace inside the quotation marks, and the answer says so; with the brace outside it logs in', async () => {
    const malformed = String.raw`curl https://www.acme.org/api/v1/auth/login \
-X POST \
-H "Content-Type: application/json" \
-d '{"user": "admin", "password": "s3cr3t}"'`

    const refused = await curl(malformed)
    const meant = await curl(malformed.replace(`s3cr3t}"'`, `xxx"}'`))

    expect(refused).toMatchObject({ status: 400, body: { detail: 'The body is not JSON: a comma or a closing brace is missing at line 1, column 40.' } })
    expect(meant).toMatchObject({ status: 200, body: { type: 'Bearer', token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) } })
  })

  it('storages, with the token', async () => {
    const answer = await curl(
      String.raw`curl https://www.acme.org/api/v1/storages \
-H "Authorization: bearer 1234567876543wsdfghjgfvxqsq1234567ythgv"`.replace('1234567876543wsdfghjgfvxqsq1234567ythgv', token),
    )

    expect(answer).toEqual({ status: 200, body: [] })
  })

  it('messages without a userId: the answer says which field is missing', async () => {
    const answer = await curl(String.raw`curl https://www.acme.org/api/v1/messages \
-X POST \
-u tenant_apiuser:tenant_apipassword \
-H "Content-Type: application/json" \
-d \
'{
  "tenantId": "259bb4e2-f7e5-4b06-9a51-c528f412404b",
  "message": "Hello from the IVR!"
}'`)

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/userId', detail: 'is required' }] } })
  })

  it('messages by the name of the tenant', async () => {
    const byName = String.raw`curl https://www.acme.org/api/v1/messages \
-X POST \
-u tenant_apiuser:tenant_apipassword \
-H "Content-Type: application/json" \
-d \
'{
  "tenant": "Tenant with Social Media X and Genesys Cloud CX",
  "userId": "123456789abcd",
  "message": "Hello from the IVR!"
}'`
    const guest = 'U3c5e7f90a1b2c3d4e5f60718293a4b5c'

    const answer = await curl(byName)
    // LINE has no such identifier as the printed one: one of its own shows that messages arrive
    await curl(byName.replace('123456789abcd', guest))

    expect(answer).toMatchObject({ status: 202, body: { messages: [{ kind: 'text', shown: 'asIs' }] } })
    await eventually(
      () => expect(lineCalls).toContainEqual({ path: '/v2/bot/message/push', body: { to: guest, messages: [{ type: 'text', text: 'Hello from the IVR!' }] } }),
      { withinMs: 30_000 },
    )
  }, 60_000)

  it('several messages, one of them a sticker', async () => {
    const answer = await curl(String.raw`curl https://www.acme.org/api/v1/messages \
-X POST \
-u tenant_apiuser:tenant_apipassword \
-H "Content-Type: application/json" \
-d \
'{
  "tenantId": "259bb4e2-f7e5-4b06-9a51-c528f412404b",
  "userId": "123456789abcd",
  "messages": [
    "Hello from the IVR!",
    { "type": "sticker", "stickerId": "123345", "packageId": "456" }
  ]
}'`)

    expect(answer.status).toBe(202)
    expect(answer.body.messages?.map(({ kind }) => kind)).toEqual(['text', 'sticker'])
  })

  it('switch', async () => {
    lineCalls.length = 0

    const answer = await curl(String.raw`curl https://www.acme.org/api/v1/users/+819012345678/switch \
-X POST \
-u tenant_apiuser:tenant_apipassword \
-H "Content-Type: application/json" \
-d \
'{
  "tenantId": "259bb4e2-f7e5-4b06-9a51-c528f412404b"
}'`)

    expect(answer).toEqual({ status: 200, body: { userId: '+819012345678', tenantId, state: 'switched' } })
    expect(lineCalls).toMatchObject([{ path: '/v2/bot/admin/switcher/switch', body: { destinationId: 'Uother', to: expect.stringMatching(/^[0-9a-f]{64}$/) } }])
  })

  it('the specification and its page', async () => {
    const specification = await curl('curl https://www.acme.org/api/v1/openapi')
    const page = await printed.run('curl -L https://www.acme.org/api/v1/openapi-ui')

    expect(specification.body).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'https://www.acme.org/api/v1' }] })
    expect(page.out).toContain('swagger-ui')
  })
})

describe('chapter 2, gum-cli', () => {
  const file = (name: string) => join(printed.folder, name)
  const contents = (name: string) => parseBackup(readFileSync(file(name), 'utf8')).contents

  it('backs up into a file that only its owner may read', async () => {
    const { code, out, err } = await printed.run('gum-cli backup --host host --password xxx --output backup.json')

    expect([code, out]).toEqual([0, ''])
    expect(err).toMatch(/saved 1 tenant, 0 storages and 1 user to backup\.json\n$/)
    expect(contents('backup.json')).toMatchObject({ tenants: 1, users: 1 })
    expect(statSync(file('backup.json')).mode & 0o777).toBe(0o600)
  })

  it('backs up through gzip into a file named by the date, and restores it from zcat', async () => {
    const backup = await printed.run(String.raw`gum-cli backup --host host --password xxx | \
  gzip >| backup-$(date +%Y%m%d%H%M%S).json.gz`)
    const [name = ''] = readdirSync(printed.folder).filter(each => /^backup-\d{14}\.json\.gz$/.test(each))
    renameSync(file(name), file('backup-20210805230406.json.gz'))
    const restore = await printed.run('zcat backup-20210805230406.json.gz | gum-cli restore --host host --password xxx')

    expect(backup.code).toBe(0)
    expect([restore.code, restore.err]).toEqual([
      0,
      expect.stringMatching(/^gum-cli: restored the backup of .*: 0 tenants added, 0 changed, 0 removed, 1 unchanged/),
    ])
  })

  it('restores a file', async () => {
    copyFileSync(file('backup.json'), file('config.json'))

    expect(await printed.run('gum-cli restore --host host --password xxx -i config.json')).toMatchObject({ code: 0 })
  })

  it.each(['.config/gum-cli/config', '.gum-cli'])('takes host and password from $HOME/%s', async name => {
    mkdirSync(file('.config/gum-cli'), { recursive: true })
    writeFileSync(file(name), 'host: host.local.net\npassword: xxx\n', { mode: 0o600 })

    const { code } = await printed.run('gum-cli backup -o config.json')
    await printed.run(`rm '${file(name)}'`)

    expect(code).toBe(0)
    expect(contents('config.json').tenants).toBe(1)
  })

  it('writes a log that the bunyan reader reads, and a longer one with DEBUG', async () => {
    await printed.run('gum-cli backup --log mylog.log --host host --password xxx --output backup.json')
    const short = await printed.run('bunyan -L -o short mylog.log')
    await printed.run('DEBUG=1 gum-cli backup --log mylog.log --host host --password xxx --output backup.json')
    const long = await printed.run('bunyan -L -o short mylog.log')

    expect(short.out).toMatch(/INFO gum-cli: begins \(command=backup, host=host,/)
    expect(short.out).not.toContain('DEBUG')
    expect(long.out).toMatch(/DEBUG gum-cli: request \(method=POST, path=\/api\/v1\/backup, status=200/)
    expect(readFileSync(file('mylog.log'), 'utf8')).not.toContain('xxx')
  })

  it('tells how it is used', async () => {
    const { code, out } = await printed.run('gum-cli --help')

    expect(code).toBe(0)
    expect(out).toMatch(/gum-cli backup +\[options\]/)
  })

  it.each([
    ['a wrong password', 'gum-cli backup --host host --password wrong -o not.json', 3, 'does not take this user name and password'],
    ['another file', 'echo hello > x; gum-cli restore --host host --password xxx -i x', 5, 'This is not a backup of Universal Messaging.'],
    ['a file that was cut off', 'head -c 400 backup.json > x; gum-cli restore --host host --password xxx -i x', 5, 'cut off or damaged'],
    [
      'a packed file that was cut off',
      'head -c 400 backup-20210805230406.json.gz > x; gum-cli restore --host host --password xxx -i x',
      5,
      'cut off or damaged',
    ],
    [
      'a certificate that nobody vouches for',
      'NODE_EXTRA_CA_CERTS= gum-cli backup --host host --password xxx -o not.json',
      4,
      'its certificate is not trusted',
    ],
    ['an option that does not exist', 'gum-cli backup --hots host', 2, "Unknown option '--hots'"],
  ])('ends with one line and its own exit code on %s', async (_what, command, code, why) => {
    const result = await printed.run(command)

    expect(result).toMatchObject({ code, out: '' })
    expect(result.err.trimEnd().split('\n').at(-1)).toContain(why)
    expect(existsSync(file('not.json'))).toBe(false)
  })

  it('encrypts with a passphrase from a file, and restores with it only', async () => {
    writeFileSync(file('passphrase'), 'a passphrase of the tests\n')
    const backup = await printed.run('gum-cli backup --host host --password xxx --passphrase-file passphrase -o secret.json')
    const wrong = await printed.run('GUM_PASSPHRASE=another gum-cli restore --host host --password xxx -i secret.json')
    const right = await printed.run('echo xxx | gum-cli restore --host host --password-stdin --passphrase-file passphrase -i secret.json --dry-run')

    expect(backup).toMatchObject({ code: 0, err: expect.not.stringContaining('warning') })
    expect(wrong).toMatchObject({ code: 5, err: 'gum-cli: The passphrase is wrong.\n' })
    expect(right).toMatchObject({ code: 0, err: expect.stringContaining('nothing was changed') })
  })
})
