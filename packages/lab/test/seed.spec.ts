import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../src/index.ts'
import { eventually } from './receiver.ts'

type Resource = { id: string; name: string } & Record<string, unknown>

/** The fleet's API as far as the seed uses it. `refuse` may answer instead. */
class ScriptedApi {
  readonly storages: Resource[] = []
  readonly tenants: Resource[] = []
  readonly log: string[] = []
  readonly bodies: { call: string; body: Record<string, unknown> }[] = []
  refuse: (call: string) => { status: number; body: object } | undefined = () => undefined
  private readonly server: Server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', chunk => chunks.push(chunk))
    req.on('end', () => {
      const url = new URL(req.url ?? '/', 'http://api')
      const call = `${req.method} ${url.pathname.replace('/api/v1', '')}`
      const body = chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>)
      if (req.method !== 'HEAD') {
        this.log.push(call)
        this.bodies.push({ call, body })
      }
      const { status, body: answer } = this.refuse(call) ?? this.answer(call, req.headers.authorization, url, body)
      res.writeHead(status, { 'Content-Type': 'application/json' })
      res.end(JSON.stringify(answer))
    })
  })
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }
  async open(): Promise<void> {
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve))
  }
  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }

  private answer(call: string, authorization: string | undefined, url: URL, body: Record<string, unknown>): { status: number; body: object } {
    if (call === 'POST /auth/login') {
      const isRight = body.user === 'admin' && body.password === 'right'
      return isRight ? { status: 200, body: { type: 'Bearer', token: 'ticket' } } : { status: 401, body: { title: 'User name or password is wrong' } }
    }
    if (authorization !== 'Bearer ticket') return { status: 401, body: {} }
    const collection = call.includes('/storages') ? this.storages : this.tenants
    if (call.startsWith('GET')) return { status: 200, body: collection.filter(({ name }) => name.includes(url.searchParams.get('name') ?? '')) }
    if (call.startsWith('POST')) {
      const created = { ...body, id: `id-${collection.length + 1}` } as Resource
      collection.push(created)
      return { status: 201, body: created }
    }
    const stored = collection.find(({ id }) => call.endsWith(id))
    if (stored === undefined) return { status: 404, body: {} }
    Object.assign(stored, body)
    return { status: 200, body: stored }
  }
}

let api: ScriptedApi
const labs: Lab[] = []
beforeEach(async () => {
  api = new ScriptedApi()
  await api.open()
})
afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.close()
  await api.close()
})

async function seededLab(state = 'done', password = 'right'): Promise<Lab> {
  const lab = await startLab({ only: ['telegram'], gatewayUrl: api.url, adminUser: 'admin', adminPassword: password })
  labs.push(lab)
  await eventually(() => (lab.info().seed.state === state ? true : undefined))
  return lab
}
const settingsOf = (tenant: Resource | undefined, part: 'messaging' | 'cxPlatform') =>
  ((tenant ?? {}) as Record<string, { settings: Record<string, unknown> }>)[part]?.settings ?? {}

describe('seed', () => {
  it('adds a storage and a tenant that lead to the simulators', async () => {
    const lab = await seededLab()

    expect(api.log).toEqual(['POST /auth/login', 'GET /storages', 'POST /storages', 'GET /tenants', 'POST /tenants'])
    expect(api.storages[0]).toMatchObject({ type: 'aws', isDefault: true, settings: { apiUrl: lab.s3.url, bucket: lab.s3.bucket, ...lab.s3.keys } })
    const [tenant] = api.tenants
    expect(tenant).toMatchObject({ messaging: { type: 'telegram', storageId: 'id-1' }, cxPlatform: { type: 'gcloudcx', storageId: 'id-1' } })
    expect(settingsOf(tenant, 'messaging')).toMatchObject({ apiUrl: lab.telegram.url, apiToken: expect.stringMatching(/^\d+:[A-Za-z0-9_-]{30,}$/) })
    expect(settingsOf(tenant, 'cxPlatform')).toMatchObject({
      apiUrl: lab.genesys.url,
      loginUrl: lab.genesys.url,
      webhookToken: expect.stringMatching(/^.{16,}$/),
    })
    expect(lab.info().seed.tenants).toEqual([{ id: 'id-1', name: tenant?.name, platform: 'telegram', account: '7000000001' }])
  })

  it('gives the seeded bot and client to the simulators, so that the settings work', async () => {
    const lab = await seededLab()
    const { apiUrl, apiToken } = settingsOf(api.tenants[0], 'messaging')
    const { loginUrl, clientId, clientSecret } = settingsOf(api.tenants[0], 'cxPlatform')

    const me = await fetch(`${apiUrl}/bot${apiToken}/getMe`)
    const logIn = (secret: unknown) =>
      fetch(`${loginUrl}/oauth/token`, {
        method: 'POST',
        headers: { Authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      })

    expect(me.status).toBe(200)
    expect([(await logIn(clientSecret)).status, (await logIn('another')).status]).toEqual([200, 401])
    expect(lab.telegram.accounts()).toMatchObject([{ id: '7000000001', tenantId: 'id-1' }])
  })

  it('keeps what is there and works', async () => {
    const lab = await seededLab()
    const { apiUrl, apiToken } = settingsOf(api.tenants[0], 'messaging')
    await fetch(`${apiUrl}/bot${apiToken}/setWebhook?url=${encodeURIComponent('http://127.0.0.1:9/telegram')}`)
    const { access_token } = (await (
      await fetch(`${lab.genesys.url}/oauth/token`, {
        method: 'POST',
        headers: { Authorization: `Basic ${Buffer.from('c:s').toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      })
    ).json()) as { access_token: string }
    await fetch(`${lab.genesys.url}/api/v2/conversations/messaging/integrations/open`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${access_token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        name: api.tenants[0]?.name,
        outboundNotificationWebhookUrl: 'http://127.0.0.1:9/openmessaging',
        outboundNotificationWebhookSignatureSecretToken: 'x'.repeat(16),
      }),
    })
    api.log.length = 0
    await fetch(`${lab.url}/lab/api/seed`, { method: 'POST' })
    await lab.seed?.start()

    expect(api.log).toEqual(['POST /auth/login', 'GET /storages', 'GET /tenants'])
    expect(lab.info().seed.tenants[0]?.desk).toBe(lab.genesys.desks()[0]?.id)
  })

  it('leads what is there to a Lab that has started anew, under new secrets, and touches nothing else', async () => {
    const first = await seededLab()
    Object.assign(api.tenants[0] ?? {}, { enabled: false })
    const before = structuredClone(api.tenants[0])
    labs.splice(0)
    await first.close()
    api.log.length = 0

    const second = await seededLab()

    expect(api.log).toEqual(['POST /auth/login', 'GET /storages', 'PUT /storages/id-1', 'GET /tenants', 'PATCH /tenants/id-1'])
    expect(Object.keys(api.bodies.at(-1)?.body ?? {})).toEqual(['messaging', 'cxPlatform'])
    expect(api.tenants).toHaveLength(1)
    expect(api.tenants[0]?.enabled).toBe(false)
    expect(settingsOf(api.tenants[0], 'messaging').apiUrl).toBe(second.telegram.url)
    expect(settingsOf(api.tenants[0], 'messaging').webhookSecret).not.toBe(settingsOf(before as Resource, 'messaging').webhookSecret)
    expect(settingsOf(api.tenants[0], 'cxPlatform').webhookToken).not.toBe(settingsOf(before as Resource, 'cxPlatform').webhookToken)
  })

  it('waits for an API that is still starting', async () => {
    let refusals = 1
    api.refuse = call => (call.startsWith('POST') && refusals-- > 0 ? { status: 503, body: { detail: 'starting' } } : undefined)

    const lab = await seededLab()

    expect(lab.info().seed.steps[0]).toMatchObject({ step: 'API', ok: false, message: 'log in: HTTP 503; starting' })
    expect(api.tenants).toHaveLength(1)
  })

  it('tells what the API refused for good, and does the rest', async () => {
    api.refuse = call =>
      call === 'POST /storages'
        ? { status: 422, body: { detail: 'Some fields are not valid', errors: [{ pointer: '/settings/bucket', detail: 'is taken' }] } }
        : undefined

    const lab = await seededLab('failed')

    expect(lab.info().seed.steps.find(({ ok }) => !ok)).toMatchObject({
      step: 'storage',
      message: 'add to /storages: HTTP 422; Some fields are not valid; /settings/bucket is taken',
    })
    expect(api.tenants[0]).toMatchObject({ messaging: { storageId: null } })
  })

  it('goes on asking while the password is wrong, without telling it', async () => {
    const lab = await seededLab('waiting', 'wrong-password')
    const steps = await eventually(() => (lab.info().seed.steps.length > 0 ? lab.info().seed.steps : undefined))

    expect(steps[0]?.message).toBe('log in: HTTP 401; User name or password is wrong')
    expect(JSON.stringify(lab.info())).not.toContain('wrong-password')
  })
})
