import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { envelope } from '@um/shared/model'
import { eventualValue } from '@um/testing'
import { type RabbitServer, startRabbit } from '@um/testing/rabbitmq'
import { type RedisServer, startRedis } from '@um/testing/redis'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'
import { hostileRequests } from './support/hostile-requests.ts'
import { type Listener, listenTo } from './support/listener.ts'
import { type Answer, type RunningApi, startApi, storage, tenant, tenantNamed } from './support/running-api.ts'

interface Described {
  operationId: string
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}
let rabbit: RabbitServer
let redis: RedisServer
let api: RunningApi
let listener: Listener
let document: { paths: Record<string, Record<string, Described>>; components: { schemas: Record<string, object> } }

beforeAll(async () => {
  redis = await startRedis()
  rabbit = await startRabbit()
  api = await startApi({ REDIS_URL: redis.url, RABBITMQ_URL: rabbit.url })
  await api.service.broker.whenUp()
  listener = await listenTo(rabbit.url, [['gum.messages', 'outbound.telegram.#']])
  document = (await api.call('GET', '/openapi')).body
})
afterAll(async () => {
  await listener?.close()
  await api?.stop()
  await Promise.all([rabbit?.stop(), redis?.stop()])
})

describe('every operation', () => {
  it('answers as the OpenAPI document says', async () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    addFormats.default(ajv)
    ajv.addFormat('base64', /^[A-Za-z0-9+/]*={0,2}$/)
    ajv.addSchema({ $id: 'um', components: document.components })
    const tried = new Set<string>()
    const faults: string[] = []
    const check = (operationId: string, answer: Answer): Answer => {
      tried.add(operationId)
      const described = Object.values(document.paths)
        .flatMap(path => Object.values(path))
        .find(operation => operation.operationId === operationId)
      const response = described?.responses[String(answer.status)]
      if (response === undefined) faults.push(`${operationId}: ${answer.status} is not described`)
      const type = answer.headers.get('content-type')?.split(';')[0] ?? ''
      const schema = response?.content?.[type]?.schema
      if (answer.body !== undefined && schema === undefined) faults.push(`${operationId}: ${answer.status} ${type} is not described`)
      if (schema !== undefined) {
        const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"um#/'))
        if (!ajv.validate(absolute, answer.body)) faults.push(`${operationId}: ${ajv.errorsText()}`)
      }
      return answer
    }
    const admin = async (id: string, ...request: Parameters<RunningApi['admin']>) => check(id, await api.admin(...request))

    check('login', await api.call('POST', '/auth/login', { user: 'admin', password: 'only for tests' }))
    check('login', await api.call('POST', '/auth/login', { user: 'nobody', password: 'x' }))
    check('login', await api.call('POST', '/auth/login', {}))
    await admin('refreshToken', 'POST', '/auth/refresh')
    await admin('whoAmI', 'GET', '/auth/me')
    await admin('changePassword', 'PUT', '/auth/password', { current: 'x', new: 'y' })
    check('logout', await api.call('POST', '/auth/logout'))
    const { body: shed } = await admin('createStorage', 'POST', '/storages', storage)
    await admin('createStorage', 'POST', '/storages', storage)
    await admin('listStorages', 'GET', '/storages')
    await admin('getStorage', 'GET', `/storages/${shed.id}`)
    await admin('replaceStorage', 'PUT', `/storages/${shed.id}`, { ...shed, purgeDelay: 60 })
    await admin('checkStorage', 'POST', `/storages/${shed.id}/check`)
    const { body: acme } = await admin('createTenant', 'POST', '/tenants', tenant)
    await admin('createTenant', 'POST', '/tenants', { name: 1 })
    await admin('listTenants', 'GET', '/tenants?page=1&pageSize=1')
    await admin('listTenants', 'GET', '/tenants?page=0')
    await admin('getTenant', 'GET', `/tenants/${acme.id}`)
    await admin('getTenant', 'GET', '/tenants/none')
    await admin('replaceTenant', 'PUT', `/tenants/${acme.id}`, acme)
    await admin('replaceTenant', 'PUT', `/tenants/${acme.id}`, acme, { 'If-Match': '"1"' })
    await admin('patchTenant', 'PATCH', `/tenants/${acme.id}`, { name: 'ACME' })
    await admin('getTenantStatus', 'GET', `/tenants/${acme.id}/status`)
    await admin('deleteStorage', 'DELETE', `/storages/${shed.id}`)
    const { body: settings } = await admin('getSettings', 'GET', '/settings')
    const slack = { type: 'slack', settings: { webhookUrl: `${api.url}/slack` } }
    const { body: saved } = await admin('replaceSettings', 'PUT', '/settings', { ...settings, notifiers: [slack] })
    const tested = await admin('testNotifier', 'POST', `/settings/notifiers/${saved.notifiers[0].id}/test`)
    await admin('testNotifier', 'POST', '/settings/notifiers/none/test')
    expect(tested.body).toMatchObject({ delivered: false, status: 404 })
    for (const [one, many, path, id] of [
      ['getPlatform', 'listPlatforms', '/platforms', 'telegram'],
      ['getStorageType', 'listStorageTypes', '/storage-types', 'aws'],
      ['getNotifierType', 'listNotifierTypes', '/notifier-types', 'slack'],
      ['getCommanderType', 'listCommanderTypes', '/commander-types', 'dialogflow'],
    ] as const) {
      await admin(many, 'GET', path)
      await admin(one, 'GET', `${path}/${id}`)
      await admin(one, 'GET', `${path}/nothing`)
    }
    await admin('getPlatformDocument', 'GET', '/platforms/slack/documents/manifest.json')
    await admin('getPlatformDocument', 'GET', '/platforms/telegram/documents/manifest.json')
    const { body: accepted } = await admin('sendMessages', 'POST', '/messages', { tenantId: acme.id, userId: 'g', message: 'Hello' })
    check('sendMessages', await api.call('POST', '/messages', { tenantId: acme.id, userId: 'g', message: 'Hello' }))
    await admin('getMessage', 'GET', `/messages/${accepted.messages[0].id}`)
    const letter = await deadLetter(acme.id)
    await admin('listDeadLetters', 'GET', '/dead-letters')
    await admin('getDeadLetter', 'GET', `/dead-letters/${letter.id}`)
    await admin('replayDeadLetter', 'POST', `/dead-letters/${letter.id}/replay`)
    await admin('replayDeadLetters', 'POST', '/dead-letters/replay', { service: 'x' })
    await admin('discardDeadLetters', 'POST', '/dead-letters/discard', { ids: ['x'] })
    await admin('discardDeadLetter', 'DELETE', '/dead-letters/x')
    await admin('discardDeadLetter', 'DELETE', `/dead-letters/${(await deadLetter(acme.id)).id}`)
    const journey = await eventualValue(async () => (await api.admin('GET', `/journeys?tenantId=${acme.id}&limit=1`)).body[0])
    await admin('listJourneys', 'GET', '/journeys?limit=1')
    await admin('listJourneys', 'GET', '/journeys?cursor=none')
    await admin('getJourney', 'GET', `/journeys/${journey.message}`)
    await admin('getJourney', 'GET', '/journeys/none')
    await admin('streamJourneys', 'GET', '/journeys/live?seconds=1')
    await admin('streamJourneys', 'GET', '/journeys/live?seconds=0')
    await admin('checkTenant', 'POST', '/tenants/check', { id: acme.id, messaging: acme.messaging })
    await admin('checkTenant', 'POST', '/tenants/check', { messaging: { type: 'nothing' } })
    await admin('checkStorageSettings', 'POST', '/storages/check', storage)
    await admin('checkStorageSettings', 'POST', '/storages/check', { type: 'nothing' })
    await admin('listNotifierStatus', 'GET', '/settings/notifiers/status')
    await admin('testNotifierSettings', 'POST', '/settings/notifiers/test', slack)
    await admin('testNotifierSettings', 'POST', '/settings/notifiers/test', { type: 'slack', settings: {} })
    await admin('switchUser', 'POST', '/users/+819012345678/switch', { tenantId: acme.id })
    await admin('switchUser', 'POST', '/users/g/switch', {})
    check('switchUser', await api.call('POST', '/users/g/switch', { tenantId: acme.id }))
    const { body: backup } = await admin('makeBackup', 'POST', '/backup', { passphrase: 'only for tests' })
    await admin('makeBackup', 'POST', '/backup', { passphrase: 'short' })
    await admin('restoreBackup', 'POST', '/restore', { backup, passphrase: 'only for tests', dryRun: true })
    await admin('restoreBackup', 'POST', '/restore', { backup, passphrase: 'a wrong one' })
    await admin('getPlatformDocument', 'GET', '/platforms/telegram/documents/none')
    await admin('listAudit', 'GET', '/audit')
    await admin('getStatus', 'GET', '/status')
    check('getOpenApi', await api.call('GET', '/openapi'))
    await admin('deleteTenant', 'DELETE', `/tenants/${acme.id}`)

    const all = Object.values(document.paths).flatMap(path => Object.values(path).map(({ operationId }) => operationId))
    expect(faults).toEqual([])
    expect([...tried].sort()).toEqual(all.sort())
  })

  async function deadLetter(tenantId: string): Promise<{ id: string }> {
    const id = randomUUID()
    const dead = envelope(
      'um.message.v1',
      { id, source: '/x', subject: `${tenantId}/g`, time: new Date() },
      { tenantId, guest: 'g', from: 'gcloudcx', to: 'telegram', content: { kind: 'text', text: 'x' }, author: 'agent', at: new Date().toISOString() },
    )
    await listener.publish('gum.dead', 'dead.x', dead, {
      'x-reason': 'bug',
      'x-why': 'x',
      'x-service': 'x',
      'x-exchange': 'gum.messages',
      'x-key': 'outbound.telegram.01',
    })
    return eventualValue(async () =>
      ((await api.admin('GET', '/dead-letters')).body as { id: string; messageId: string }[]).find(({ messageId }) => messageId === id),
    )
  }
})

describe('the document', () => {
  it('comes as YAML when that is asked for', async () => {
    const response = await fetch(`${api.url}/openapi`, { headers: { Accept: 'application/yaml' } })

    expect(response.headers.get('content-type')).toBe('application/yaml; charset=utf-8')
    expect(parse(await response.text())).toEqual(document)
  })

  it('is shown by a page whose parts all load, and which runs no inline script', async () => {
    const redirected = await fetch(`${api.url}/openapi-ui`, { redirect: 'manual' })
    const page = await fetch(`${api.url}/openapi-ui`)
    const html = await page.text()
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => new URL(address ?? '', page.url))
    const statuses = await Promise.all(
      parts.map(async part => {
        const response = await fetch(part)
        await response.arrayBuffer()
        return response.status
      }),
    )
    await redirected.arrayBuffer()

    expect(redirected.status).toBe(308)
    expect(page.url).toBe(`${api.url}/openapi-ui/`)
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
    expect(html).not.toMatch(/<script>/)
    expect(parts.length).toBe(4)
    expect(statuses).toEqual([200, 200, 200, 200])
  })
})

describe("a tenant's own user", () => {
  it('reaches its messages and its switch, and nothing else', async () => {
    const { body: own } = await api.admin('POST', '/tenants', tenantNamed('Basic'))
    const { username, password } = tenantNamed('Basic').authentication
    const headers = { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
    const isPublic = ['login', 'getOpenApi']
    const reached: string[] = []

    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, { operationId }] of Object.entries(operations)) {
        if (isPublic.includes(operationId)) continue
        const { status } = await api.call(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, own.id), method === 'get' ? undefined : {}, headers)
        if (status !== 401 && status !== 403) reached.push(`${operationId} ${status}`)
      }
    }

    expect(reached.map(each => each.split(' ')[0]).sort()).toEqual(['getMessage', 'sendMessages', 'switchUser'])
  })
})

describe('hostile requests', () => {
  it('get an answer of 4xx, never one of 5xx, and no stack trace', async () => {
    const seed = Number(process.env.FUZZ_SEED ?? 20_260_203)
    const count = Number(process.env.FUZZ_REQUESTS ?? 10_000)
    const { body: acme } = await api.admin('POST', '/tenants', tenantNamed('Target'))
    const { body: shed } = await api.admin('POST', '/storages', { ...storage, name: 'Target' })
    const faults: string[] = []
    const statuses = new Map<number, number>()
    const requests = hostileRequests(document.paths, { ids: [acme.id, shed.id], count, seed })
    const send = async () => {
      for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
        const { method, path, headers, body } = request
        const answer = await api.admin(method, path, body, headers)
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        const text = JSON.stringify(answer.body ?? '')
        // neither a provider nor a connector is there
        const isUnavailable = answer.status === 503 && /provider does not answer|is not installed/.test(text)
        if ((answer.status >= 500 && !isUnavailable) || /(\.(ts|m?js)|node:\w+):\d+:\d+|node_modules/.test(text))
          faults.push(`seed ${seed}: ${method} ${path} ${body}: ${answer.status} ${text.slice(0, 300)}`)
      }
    }

    await Promise.all(Array.from({ length: 16 }, send))

    expect(faults).toEqual([])
    expect(statuses.get(422)).toBeGreaterThan(count / 30)
    expect((await api.admin('GET', '/auth/me')).status).toBe(200)
  }, 240_000)
})
