import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { Receiver } from '../receiver.ts'
import { client, integrations, logIn, webhookToken, withToken } from './client.ts'

let lab: Lab
let receiver: Receiver
let api: Awaited<ReturnType<typeof client>>

beforeAll(async () => {
  lab = await startLab({ timeScale: 0.01, genesys: { requestsPerMinute: 100_000, receiptsForGuests: 'none', integrationSetupMs: 0 } })
  receiver = await Receiver.open()
  api = await client(lab)
  await api.integration('UM-ACME', receiver.url)
})
afterAll(async () => {
  await lab.close()
  await receiver.close()
})
beforeEach(() => {
  lab.reset()
  receiver.requests.length = 0
})

describe('login', () => {
  it('takes the Basic header of the vectors and gives a bearer token', async () => {
    const answer = await fetch(`${lab.genesys.url}/oauth/token`, {
      method: 'POST',
      headers: { Authorization: 'Basic NGYxYzJkM2UtMGExYi00YzJkLThlM2YtMTEyMjMzNDQ1NTY2OnMzY3IzdC1PZi10aGUtY2xpZW50' },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })

    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ access_token: expect.stringMatching(/^[\w-]{40,}$/), token_type: 'bearer', expires_in: 86400 })
  })

  it('refuses another secret of a registered client', async () => {
    const id = randomUUID()
    lab.genesys.addClient(id, 'right')

    expect(await logIn(lab, id, 'right')).toMatchObject({ status: 200 })
    expect(await logIn(lab, id, 'wrong')).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('refuses another grant', async () => {
    expect(await logIn(lab, randomUUID(), 'x', 'password')).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
  })

  it('tells apart no token, a wrong one, a revoked one and an expired one', async () => {
    let now = Date.parse('2026-03-04T05:06:07Z')
    const aged = await startLab({ now: () => new Date(now), genesys: { tokenSeconds: 300 } })
    const early = await client(aged)
    const revoked = await client(aged)
    const path = '/api/v2/flows'

    const none = await fetch(`${aged.genesys.url}${path}`)
    const wrong = await withToken(aged, 'nonsense').call('GET', path)
    now += 299_000
    const inTime = await early.call('GET', path)
    now += 1000
    const late = await early.call('GET', path)
    const fresh = await client(aged)
    aged.genesys.revokeTokens()
    const after = await revoked.call('GET', path)
    const afterFresh = await fresh.call('GET', path)
    await aged.close()

    expect([none.status, ((await none.json()) as { code: string }).code]).toEqual([401, 'authentication.required'])
    expect(wrong).toMatchObject({ status: 401, body: { code: 'bad.credentials', status: 401, details: [], errors: [], messageParams: {} } })
    expect(inTime.status).toBe(200)
    expect(late).toMatchObject({ status: 401, body: { code: 'credentials.expired' } })
    expect([after.body.code, afterFresh.body.code]).toEqual(['bad.credentials', 'bad.credentials'])
  })
})

describe('rate limit', () => {
  it('is 300 a minute for each token, told with Retry-After and the documented body', async () => {
    let now = Date.parse('2026-03-04T05:06:07Z')
    const strict = await startLab({ now: () => new Date(now) })
    const one = await client(strict)
    const other = await client(strict)
    const path = '/api/v2/flows'
    const statuses = new Set<number>()
    for (let count = 0; count < 300; count += 1) statuses.add((await one.call('GET', path)).status)

    now += 20_000
    const over = await one.call('GET', path)
    const elsewhere = await other.call('GET', path)
    now += 40_000
    const later = await one.call('GET', path)
    await strict.close()

    expect([...statuses]).toEqual([200])
    expect(over).toMatchObject({
      status: 429,
      body: {
        message: 'Rate limit exceeded the maximum [300] requests within [60] seconds',
        code: 'too.many.requests',
        status: 429,
        messageWithParams: 'Rate limit exceeded the maximum [{limit}] requests within [{seconds}] seconds',
        messageParams: { limit: '300', seconds: '60' },
      },
    })
    expect(over.headers.get('retry-after')).toBe('40')
    expect([elsewhere.status, later.status]).toEqual([200, 200])
  })
})

describe('integrations', () => {
  const wanted = (more: object = {}) => ({
    name: `I-${randomUUID()}`,
    outboundNotificationWebhookUrl: receiver.url,
    outboundNotificationWebhookSignatureSecretToken: webhookToken,
    ...more,
  })

  it('are made, completed after a while, changed, listed page by page, and deleted', async () => {
    const own = await startLab({ genesys: { integrationSetupMs: 50 } })
    const { call } = await client(own)
    const created = await call('POST', integrations, wanted({ name: 'One' }))
    await call('POST', integrations, wanted({ name: 'Two' }))
    const path = `${integrations}/${created.body.id}`

    const completed = await (async () => {
      for (;;) {
        const { body } = await call('GET', path)
        if (body.createStatus === 'Completed') return body
      }
    })()
    const changed = await call('PATCH', path, { name: 'Uno', supportedContent: { id: 'profile-7' } })
    const page = await call('GET', `${integrations}?pageSize=1&pageNumber=2`)
    const deleted = await call('DELETE', path)
    const gone = await call('GET', path)
    await own.close()

    expect(created.body).toMatchObject({ name: 'One', createStatus: 'Initiated', recipient: { id: created.body.id } })
    expect(JSON.stringify(created.body)).not.toContain(webhookToken)
    expect(completed.createStatus).toBe('Completed')
    expect(changed.body).toMatchObject({ name: 'Uno', supportedContent: { id: 'profile-7' }, outboundNotificationWebhookUrl: receiver.url })
    expect(page.body).toMatchObject({ entities: [{ name: 'Two' }], pageSize: 1, pageNumber: 2, total: 2, pageCount: 2 })
    expect([deleted.status, gone.status, gone.body.code]).toEqual([204, 404, 'not.found'])
  })

  it.each([
    ['without a name', { name: undefined }, 400],
    ['with a token of 15 characters', { outboundNotificationWebhookSignatureSecretToken: 'x'.repeat(15) }, 400],
    ['with a token of 16 characters', { outboundNotificationWebhookSignatureSecretToken: 'x'.repeat(16) }, 200],
    ['with an address that is none', { outboundNotificationWebhookUrl: 'nowhere' }, 400],
    ['with a header that belongs to the platform', { webhookHeaders: { 'X-Hub-Signature-256': 'x' } }, 400],
    ['with a header of its own', { webhookHeaders: { 'X-Acme': 'x' } }, 200],
    ['with a name that is taken', { name: 'UM-ACME' }, 409],
  ])('%s are answered as the platform does', async (_what, more, status) => {
    expect((await api.call('POST', integrations, wanted(more))).status).toBe(status)
  })

  it('are joined to a flow, cleared of it, and not deleted in between', async () => {
    const id = await api.integration(`R-${randomUUID()}`, receiver.url)
    const flows = await api.call('GET', '/api/v2/flows?type=inboundshortmessage&pageSize=100')
    const recipient = `/api/v2/routing/message/recipients/${id}`
    const before = await api.call('GET', recipient)

    const joined = await api.call('PUT', recipient, { ...before.body, flow: flows.body.entities[0] })
    const refused = await api.call('DELETE', `${integrations}/${id}`)
    const { flow: _flow, ...without } = joined.body
    const cleared = await api.call('PUT', recipient, without)
    const deleted = await api.call('DELETE', `${integrations}/${id}`)

    expect(joined.body.flow.id).toBe(flows.body.entities[0].id)
    expect(refused.status).toBe(409)
    expect(cleared.body.flow).toBeUndefined()
    expect(deleted.status).toBe(204)
  })
})
