import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { envelope } from '@um/shared/model'
import { documentContext, unseal } from '@um/shared/settings'
import { eventually, eventualValue } from '@um/testing'
import { type RabbitServer, startRabbit } from '@um/testing/rabbitmq'
import { type RedisServer, startRedis } from '@um/testing/redis'
import { startTcpProxy, type TcpProxy } from '@um/testing/tcp-proxy'
import { type Listener, listenTo } from './support/listener.ts'
import { type RunningApi, startApi, storage, tenant, tenantNamed } from './support/running-api.ts'

let rabbit: RabbitServer
let redis: RedisServer
let link: TcpProxy
let api: RunningApi
let twin: RunningApi
let listener: Listener

beforeAll(async () => {
  redis = await startRedis()
  rabbit = await startRabbit()
  link = await startTcpProxy({ host: rabbit.host, port: rabbit.port })
  api = await startApi({ REDIS_URL: redis.url, RABBITMQ_URL: link.url(rabbit.url), POD_NAME: 'api-0' })
  twin = await startApi({ REDIS_URL: redis.url, RABBITMQ_URL: rabbit.url, POD_NAME: 'api-1' })
  await Promise.all([api.service.broker.whenUp(), twin.service.broker.whenUp()])
})
afterAll(async () => {
  await Promise.all([api?.stop(), twin?.stop()])
  await link?.stop()
  await Promise.all([rabbit?.stop(), redis?.stop()])
})
beforeEach(async () => {
  listener = await listenTo(rabbit.url, [['gum.config', 'document.#']])
})
afterEach(async () => {
  await listener.close()
  for (const { id } of (await api.admin('GET', '/tenants')).body) await api.admin('DELETE', `/tenants/${id}`)
  const storages = (await api.admin('GET', '/storages')).body as { id: string; isDefault: boolean }[]
  for (const { id } of storages.sort((a, b) => Number(a.isDefault) - Number(b.isDefault))) await api.admin('DELETE', `/storages/${id}`)
})

function events() {
  return listener.received.map(({ body }) => body.data as { op: string; collection: string; id: string; revision: number; sealed: string })
}

describe('tenants', () => {
  it('are made, listed, read, changed and removed', async () => {
    const created = await api.admin('POST', '/tenants', tenant)
    const { id } = created.body
    const changed = await api.admin('PUT', `/tenants/${id}`, { ...created.body, name: 'Renamed' })
    const patched = await twin.admin('PATCH', `/tenants/${id}`, { enabled: false })
    const listed = await twin.admin('GET', '/tenants?name=RENAM')
    const removed = await api.admin('DELETE', `/tenants/${id}`)
    const gone = await twin.admin('GET', `/tenants/${id}`)

    expect(created.status).toBe(201)
    expect(created.headers.get('location')).toBe(`/api/v1/tenants/${id}`)
    expect(created.body.messaging.settings).toMatchObject({ apiToken: '***', webhookSecret: '***', showTyping: true })
    expect(changed.body.name).toBe('Renamed')
    expect(patched.body).toMatchObject({ name: 'Renamed', enabled: false, messaging: { settings: { apiToken: '***' } } })
    expect(listed.body).toEqual([patched.body])
    expect(removed.status).toBe(204)
    expect(gone.status).toBe(404)
  })

  it('keep their secrets when those come back masked, and never show them', async () => {
    const { body } = await api.admin('POST', '/tenants', tenant)
    await api.admin('PUT', `/tenants/${body.id}`, { ...body, name: 'Renamed' })

    const stored = await eventualValue(() => events().find(event => event.id === body.id && event.op === 'put' && open(event).name === 'Renamed'))

    const [first] = events().map(open)
    expect(open(stored).messaging.settings).toEqual(first?.messaging.settings)
    expect(open(stored).messaging.settings.apiToken).toBe(tenant.messaging.settings.apiToken)
    expect(open(stored).messaging.settings.webhookSecret).toMatch(/^[\w-]{43}$/)
    expect(open(stored).authentication).toEqual(tenant.authentication)
    expect(JSON.stringify(listener.received)).not.toContain(tenant.messaging.settings.apiToken)
  })

  it('take the id that a client gives, once', async () => {
    const id = randomUUID()

    const first = await api.admin('POST', '/tenants', { ...tenant, id })
    const second = await twin.admin('POST', '/tenants', { ...tenant, id, name: 'Another' })

    expect(first.body.id).toBe(id)
    expect(second.status).toBe(409)
  })

  it('have names of their own, in whatever letters, even when two replicas are asked at once', async () => {
    const answers = await Promise.all([api.admin('POST', '/tenants', tenant), twin.admin('POST', '/tenants', { ...tenant, name: tenant.name.toUpperCase() })])

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  it('refuse the second of two administrators who have read the same', async () => {
    const { body, headers } = await api.admin('POST', '/tenants', tenant)
    const ifMatch = { 'If-Match': headers.get('etag') ?? '' }

    const [ada, bob] = await Promise.all([
      api.admin('PUT', `/tenants/${body.id}`, { ...body, name: 'Ada' }, ifMatch),
      twin.admin('PUT', `/tenants/${body.id}`, { ...body, name: 'Bob' }, ifMatch),
    ])

    const now = await api.admin('GET', `/tenants/${body.id}`)
    expect([ada.status, bob.status].sort()).toEqual([200, 412])
    expect(now.body.name).toBe(ada.status === 200 ? 'Ada' : 'Bob')
  })

  it('are all stored when many are made at once through two replicas', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? api : twin).admin('POST', '/tenants', tenantNamed(`Tenant ${index}`))),
    )

    const page = await api.admin('GET', '/tenants?page=2&pageSize=20')
    expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(201))
    expect(page.body).toHaveLength(10)
    expect(page.headers.get('x-total-count')).toBe('30')
    await eventually(() => expect(new Set(events().map(({ id }) => id)).size).toBe(30))
    const revisions = events().map(({ revision }) => revision)
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b))
    expect(new Set(revisions).size).toBe(revisions.length)
  })

  it('write to the audit trail who changed what, without values', async () => {
    const { body } = await api.admin('POST', '/tenants', tenant)
    await api.admin('PATCH', `/tenants/${body.id}`, { messaging: { settings: { apiToken: `987654321:${'x'.repeat(35)}` } } })

    const { body: entries } = await api.admin('GET', '/audit?limit=2')

    expect(entries[0]).toMatchObject({
      who: 'admin',
      action: 'update',
      target: { collection: 'tenants', id: body.id, name: tenant.name },
      changed: ['/messaging/settings/apiToken'],
    })
    expect(entries[1]).toMatchObject({ action: 'create' })
    expect(JSON.stringify(entries)).not.toContain('987654321')
  })

  function open(event: { collection: string; id: string; sealed: string }) {
    return unseal(event.sealed, api.environment.keys.seal, documentContext(event.collection as 'tenants', event.id)) as {
      name: string
      authentication: unknown
      messaging: { settings: Record<string, string> }
    }
  }
})

describe('storages', () => {
  it('have exactly one default: the first, until another one takes over', async () => {
    const first = await api.admin('POST', '/storages', storage)
    const second = await twin.admin('POST', '/storages', { ...storage, name: 'Second', isDefault: true })

    const { body } = await api.admin('GET', '/storages')
    expect(first.body.isDefault).toBe(true)
    expect(second.body.isDefault).toBe(true)
    expect(body.map(({ name, isDefault }: { name: string; isDefault: boolean }) => [name, isDefault])).toEqual([
      ['Bucket', false],
      ['Second', true],
    ])
  })

  it('cannot be removed while a tenant uses them, which is named', async () => {
    const { body: used } = await api.admin('POST', '/storages', storage)
    const { body: user } = await api.admin('POST', '/tenants', tenant)

    const answer = await api.admin('DELETE', `/storages/${used.id}`)

    expect(answer.status).toBe(409)
    expect(answer.body.usedBy).toEqual([{ id: user.id, name: tenant.name, parts: ['messaging', 'cxPlatform'] }])
  })

  it('say that their provider does not answer', async () => {
    const { body } = await api.admin('POST', '/storages', storage)

    const answer = await api.admin('POST', `/storages/${body.id}/check`)

    expect(answer.status).toBe(503)
  })
})

describe('distribution', () => {
  it('tells a deletion with the document as it was', async () => {
    const { body } = await api.admin('POST', '/tenants', tenant)
    await api.admin('DELETE', `/tenants/${body.id}`)

    const deleted = await eventualValue(() => events().find(event => event.op === 'delete'))

    const document = unseal(deleted.sealed, api.environment.keys.seal, documentContext('tenants', body.id)) as { messaging: { settings: object } }
    expect(document.messaging.settings).toMatchObject(tenant.messaging.settings)
    expect(listener.received.map(({ key }) => key)).toContain('document.tenants')
  })

  it('answers a sync with pages of at most 100 documents of one revision, what tenants need first', async () => {
    await api.admin('POST', '/storages', storage)
    for (let index = 0; index < 120; index++) await (index % 2 === 0 ? api : twin).admin('POST', '/tenants', tenantNamed(`Tenant ${index}`))
    await api.admin('PUT', '/settings', { outboundProxy: 'http://proxy.example.org:3128' })

    await listener.publish('gum.config', 'sync.telegram-connector', syncRequest(listener.queue))

    const pages = await eventualValue(() => {
      const found = events().filter(event => event.op === 'snapshot') as unknown as Snapshot[]
      return found.at(-1)?.last ? found : undefined
    })
    expect(pages.map(({ page, last, documents }) => [page, last, documents.length])).toEqual([
      [0, false, 100],
      [1, true, 22],
    ])
    expect(new Set(pages.map(({ revision }) => revision)).size).toBe(1)
    expect(pages[0]?.documents.slice(0, 3).map(({ collection }) => collection)).toEqual(['settings', 'storages', 'tenants'])
    expect(new Set(pages.flatMap(({ documents }) => documents.map(({ id }) => id))).size).toBe(122)
  })

  it('answers a sync of nothing with one empty page', async () => {
    await listener.publish('gum.config', 'sync.x', syncRequest(listener.queue))

    const page = await eventualValue(() => events().find(event => event.op === 'snapshot') as unknown as Snapshot | undefined)

    expect(page).toMatchObject({ page: 0, last: true })
    expect(page.documents.filter(({ collection }) => collection !== 'settings')).toEqual([])
  })

  it('saves while RabbitMQ is away and tells it when it is back', async () => {
    await link.down()
    await eventually(() => !api.service.broker.isUp)

    const started = performance.now()
    const created = await api.admin('POST', '/tenants', tenant)
    const took = performance.now() - started
    await link.restore()

    expect(created.status).toBe(201)
    expect(took).toBeLessThan(1500)
    await eventually(() => expect(events().some(event => event.op === 'put' && event.id === created.body.id)).toBe(true), { withinMs: 20_000 })
  })

  it('tells again what was stored but not published when a replica died', async () => {
    const { body } = await api.admin('POST', '/tenants', tenant)
    await eventually(() => expect(events()).toHaveLength(1))
    const [event] = events()
    await api.service.redis.zadd('config:outbox', String(event?.revision), JSON.stringify(event))

    await eventually(() => expect(events()).toHaveLength(2), { withinMs: 15_000 })

    expect(events()[1]).toMatchObject({ op: 'put', id: body.id })
    await eventually(async () => expect(await api.service.redis.zcard('config:outbox')).toBe(0))
  })
})

describe('reports', () => {
  it('show how a tenant fares at the services of its platforms, the latest only', async () => {
    const { body } = await api.admin('POST', '/tenants', tenant)
    const report = (at: string, status: 'registering' | 'working' | 'failing', service = 'telegram-connector') =>
      listener.publish(
        'gum.config',
        `state.${service}`,
        envelope(
          'um.state.v1',
          { id: randomUUID(), source: `/${service}`, subject: 'x', time: new Date() },
          {
            service,
            collection: 'tenants',
            id: body.id,
            part: 'messaging',
            status,
            webhookUrl: 'https://um.example.org/telegram',
            facts: { bot: 'acme_bot' },
            at,
          },
        ),
      )
    await report('2026-02-03T04:05:07.000Z', 'working')
    await report('2026-02-03T04:05:06.000Z', 'registering')
    await report('2026-02-03T04:05:08.000Z', 'failing', 'line-connector')

    await eventually(async () => expect((await twin.admin('GET', `/tenants/${body.id}/status`)).body.messaging.status).toBe('working'))

    await eventually(async () => expect((await api.service.broker.channel().then(async channel => channel?.checkQueue('api:state')))?.messageCount).toBe(0))
    const { body: status } = await api.admin('GET', `/tenants/${body.id}/status`)
    expect(status.messaging).toEqual({
      status: 'working',
      webhookUrl: 'https://um.example.org/telegram',
      lastError: null,
      facts: { bot: 'acme_bot' },
      steps: [],
      flow: { state: 'open', why: null, since: null, nextTryAt: null, waitingMessages: 0 },
      updatedAt: '2026-02-03T04:05:07.000Z',
    })
    expect(status.cxPlatform.status).toBe('unknown')
  })

  it('lists the replicas that were heard of, and forgets those that have stopped', async () => {
    const tell = (replica: string, stopping: boolean) =>
      listener.publish(
        'gum.config',
        'presence.telegram-connector',
        envelope(
          'um.presence.v1',
          { id: randomUUID(), source: '/telegram-connector', subject: replica, time: new Date() },
          {
            service: 'telegram-connector',
            replica,
            version: '1.0.14',
            startedAt: new Date().toISOString(),
            ready: true,
            stopping,
            at: new Date().toISOString(),
          },
        ),
      )
    const replicas = async (service: string) =>
      ((await api.admin('GET', '/status')).body.services as { service: string; replicas: { replica: string }[] }[])
        .find(found => found.service === service)
        ?.replicas.map(({ replica }) => replica)

    await tell('telegram-0', false)
    await tell('telegram-1', false)
    await eventually(async () => expect(await replicas('telegram-connector')).toEqual(['telegram-0', 'telegram-1']))
    await tell('telegram-1', true)
    await eventually(async () => expect(await replicas('telegram-connector')).toEqual(['telegram-0']))

    expect(await replicas('api')).toEqual(['api-0', 'api-1'])
  })

  it('drops what cannot be read and goes on', async () => {
    await listener.publish('gum.config', 'state.x', Buffer.from('not json'))
    await listener.publish('gum.config', 'sync.x', syncRequest(listener.queue))

    await eventually(() => expect(events().some(event => event.op === 'snapshot')).toBe(true))
  })
})

describe('what was stored', () => {
  it('is there after Redis was killed, for a replica that starts anew too', async () => {
    const { body } = await api.admin('POST', '/tenants', tenant)
    await redis.kill9()
    await redis.restart()

    const found = await eventualValue(async () => {
      const answer = await api.admin('GET', `/tenants/${body.id}`)
      return answer.status === 503 ? undefined : answer
    })
    const fresh = await startApi({ REDIS_URL: redis.url, RABBITMQ_URL: rabbit.url, POD_NAME: 'api-2' })
    const foundAnew = await fresh.admin('GET', `/tenants/${body.id}`)
    await fresh.stop()

    expect(found.body.name).toBe(tenant.name)
    expect(foundAnew.body).toEqual(found.body)
  })

  it('is forgotten with its Redis, and what is stored then has later revisions than ever', async () => {
    const before = await api.admin('POST', '/tenants', tenant)
    await eventually(async () => expect(await api.service.redis.zcard('config:outbox')).toBe(0))
    const kept = await api.service.redis.get('user:admin')
    await api.service.redis.flushall()
    await api.service.redis.set('user:admin', kept ?? '')

    const gone = await twin.admin('GET', '/tenants')
    const after = await api.admin('POST', '/tenants', tenant)

    expect(gone.body).toEqual([])
    expect(revisionOf(after)).toBeGreaterThan(revisionOf(before))
    expect((await twin.admin('GET', '/tenants')).body.map(({ id }: { id: string }) => id)).toEqual([after.body.id])
  })

  function revisionOf(answer: { headers: Headers }): number {
    return Number(answer.headers.get('etag')?.replaceAll('"', ''))
  }
})

interface Snapshot {
  op: string
  page: number
  last: boolean
  revision: number
  documents: { collection: string; id: string }[]
}
function syncRequest(replyTo: string) {
  return envelope('um.config.v1', { id: randomUUID(), source: '/test', subject: 'config', time: new Date() }, { op: 'sync', service: 'test', replyTo })
}
