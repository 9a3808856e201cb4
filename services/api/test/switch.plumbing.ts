import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import { type RabbitServer, startRabbit } from '@um/testing/rabbitmq'
import { type RedisServer, startRedis } from '@um/testing/redis'
import { type FakeTelegram, startFakeTelegram } from './support/fake-telegram.ts'
import { type RunningApi, startApi, tenantNamed } from './support/running-api.ts'

let servers: [RabbitServer, RedisServer, RedisServer]
let api: RunningApi
let telegram: FakeTelegram
let tenantId: string
let otherId: string
const basic = (credentials: string) => ({ Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` })
const own = basic('tenant_apiuser:tenant_apipassword')

beforeAll(async () => {
  servers = await Promise.all([startRabbit(), startRedis(), startRedis()])
  const [rabbit, redis, redisTelegram] = servers
  api = await startApi({ REDIS_URL: redis.url, RABBITMQ_URL: rabbit.url })
  telegram = await startFakeTelegram({ REDIS_URL: redisTelegram.url, RABBITMQ_URL: rabbit.url })
  await api.service.broker.whenUp()
  const authentication = { type: 'basic', username: 'tenant_apiuser', password: 'tenant_apipassword' }
  tenantId = (await api.admin('POST', '/tenants', { ...tenantNamed('ACME'), authentication })).body.id
  otherId = (await api.admin('POST', '/tenants', { ...tenantNamed('Other'), authentication: { ...authentication, username: 'other' } })).body.id
  await eventually(async () => expect((await api.admin('GET', `/tenants/${tenantId}/status`)).body.messaging.status).toBe('working'))
}, 60_000)
afterAll(async () => {
  await Promise.all([api?.stop(), telegram?.stop()])
  await Promise.all((servers ?? []).map(server => server.stop()))
})

describe('switching a guest', () => {
  const ask = (guest: string, body: object = { tenantId }, headers: Record<string, string> = own) => api.call('POST', `/users/${guest}/switch`, body, headers)

  it.each([
    ['+819012345678', '+819012345678'],
    ['%2B819012345678', '+819012345678'],
    ['U3c5e7f90a1b2c3d4e5f60718293a4b5c', 'U3c5e7f90a1b2c3d4e5f60718293a4b5c'],
  ])('%s is done by the connector', async (typed, guest) => {
    telegram.switched.length = 0

    const answer = await ask(typed)

    expect(answer).toMatchObject({ status: 200, body: { userId: guest, tenantId, state: 'switched' } })
    expect(telegram.switched).toEqual([{ guest, to: undefined, tenantId }])
  })

  it('takes the name of the tenant too, and another account to go to', async () => {
    telegram.switched.length = 0

    const answer = await ask('g', { tenant: 'acme', to: 'sales' })

    expect(answer.status).toBe(200)
    expect(telegram.switched).toEqual([{ guest: 'g', to: 'sales', tenantId }])
  })

  it.each([
    ['no credentials', {}],
    ['wrong ones', basic('tenant_apiuser:wrong')],
    ["another tenant's", basic('other:tenant_apipassword')],
  ])('is refused with %s', async (_what, headers) => {
    telegram.switched.length = 0

    expect((await ask('g', { tenantId }, headers)).status).toBe(401)
    expect(telegram.switched).toEqual([])
  })

  it.each([
    ['a guest that the platform does not know', 'stranger', {}, 404, 'Telegram: no such guest'],
    ['what is switched off', 'g', { to: 'closed' }, 422, 'Telegram: the switcher is off'],
    ['a platform that fails', 'g', { to: 'down' }, 502, 'Telegram: HTTP 500'],
  ])('says what is wrong with %s', async (_what, guest, more, status, detail) => {
    expect(await ask(guest, { tenantId, ...more })).toMatchObject({ status, body: { detail } })
  })

  it('does not go to a disabled tenant', async () => {
    await api.admin('PATCH', `/tenants/${otherId}`, { enabled: false })

    expect((await ask('g', { tenantId: otherId }, basic('other:tenant_apipassword'))).status).toBe(409)
  })
})

describe('trying credentials before they are saved', () => {
  it('asks the platform, without saving anything', async () => {
    const works = await api.admin('POST', '/tenants/check', tenantNamed('Draft'))
    const refused = await api.admin('POST', '/tenants/check', { messaging: { type: 'telegram', settings: { apiToken: `666:${'A'.repeat(35)}` } } })

    expect(works.body).toEqual({
      messaging: { result: 'works', message: null },
      cxPlatform: { result: 'unreachable', message: expect.stringContaining('gcloudcx-connector') },
    })
    expect(refused.body).toEqual({ messaging: { result: 'refused', message: 'the token is refused' } })
    expect((await api.admin('GET', '/tenants')).body).toHaveLength(2)
  })

  it('takes masked secrets for those of the saved tenant', async () => {
    const { body: saved } = await api.admin('GET', `/tenants/${tenantId}`)

    const answer = await api.admin('POST', '/tenants/check', { id: tenantId, messaging: saved.messaging })
    const without = await api.admin('POST', '/tenants/check', { messaging: saved.messaging })

    expect(saved.messaging.settings.apiToken).toBe('***')
    expect(answer.body).toEqual({ messaging: { result: 'works', message: null } })
    expect(without.status).toBe(422)
  })
})

describe('a bot that another tenant has', () => {
  it('is refused with the name of that tenant', async () => {
    const { messaging } = tenantNamed('ACME')

    const answer = await api.admin('POST', '/tenants', { ...tenantNamed('Third'), messaging })

    expect(answer).toMatchObject({
      status: 409,
      body: { usedBy: [{ id: tenantId, name: 'ACME' }], errors: [{ pointer: '/messaging/settings/apiToken', detail: 'is used by the tenant "ACME"' }] },
    })
  })
})
