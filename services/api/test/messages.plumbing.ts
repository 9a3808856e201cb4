import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { connectorQueues } from '@um/shared/amqp'
import { envelope } from '@um/shared/model'
import { eventually, eventualValue } from '@um/testing'
import { type RabbitServer, startRabbit } from '@um/testing/rabbitmq'
import { type RedisServer, startRedis } from '@um/testing/redis'
import { startTcpProxy, type TcpProxy } from '@um/testing/tcp-proxy'
import { redisMessageStates } from '../src/messages/states.ts'
import { type Listener, listenTo } from './support/listener.ts'
import { type RunningApi, startApi, tenant, tenantNamed } from './support/running-api.ts'

let rabbit: RabbitServer
let redis: RedisServer
let link: TcpProxy
let api: RunningApi
let twin: RunningApi
let listener: Listener
let tenantId: string
const ivr = { Authorization: `Basic ${Buffer.from('ivr:ivr password').toString('base64')}` }

beforeAll(async () => {
  redis = await startRedis()
  rabbit = await startRabbit()
  link = await startTcpProxy({ host: rabbit.host, port: rabbit.port })
  api = await startApi({ REDIS_URL: redis.url, RABBITMQ_URL: link.url(rabbit.url), POD_NAME: 'api-0' })
  twin = await startApi({ REDIS_URL: redis.url, RABBITMQ_URL: rabbit.url, POD_NAME: 'api-1' })
  await Promise.all([api.service.broker.whenUp(), twin.service.broker.whenUp()])
  tenantId = (await api.admin('POST', '/tenants', tenant)).body.id
})
afterAll(async () => {
  await Promise.all([api?.stop(), twin?.stop()])
  await link?.stop()
  await Promise.all([rabbit?.stop(), redis?.stop()])
})
beforeEach(async () => {
  listener = await listenTo(rabbit.url, [
    ['gum.messages', 'outbound.telegram.#'],
    ['gum.messages', 'event.telegram.#'],
  ])
})
afterEach(() => listener.close())

describe('messages of an IVR', () => {
  const send = (body: object, headers: Record<string, string> = ivr, replica = api) =>
    replica.call('POST', '/messages', { tenantId, userId: 'guest', ...body }, headers)

  it('go to the messaging platform of the tenant, in order, and are named', async () => {
    const answer = await send({ messages: ['One', { type: 'sticker', stickerId: '123345', packageId: '456' }, 'Three'] })

    expect(answer.status).toBe(202)
    expect(answer.body.messages.map(({ kind }: { kind: string }) => kind)).toEqual(['text', 'sticker', 'text'])
    await eventually(() => expect(listener.received.map(({ body }) => body.id)).toEqual(answer.body.messages.map(({ id }: { id: string }) => id)))
    expect(new Set(listener.received.map(({ key }) => key)).size).toBe(1)
    expect(listener.received[1]?.body.data).toMatchObject({
      author: 'ivr',
      to: 'telegram',
      guest: 'guest',
      content: { kind: 'sticker', stickerId: '123345', packageId: '456' },
    })
  })

  it('find the tenant by its name too', async () => {
    const answer = await api.call('POST', '/messages', { tenant: tenant.name, userId: 'guest', message: 'Hello from the IVR!' }, ivr)

    expect(answer.status).toBe(202)
  })

  it.each([
    ['no credentials', {}, 401],
    ['wrong ones', { Authorization: `Basic ${Buffer.from('ivr:wrong').toString('base64')}` }, 401],
  ])('are refused with %s', async (_name, headers, status) => {
    const answer = await send({ message: 'x' }, headers)

    expect(answer.status).toBe(status)
    expect(answer.headers.get('www-authenticate')).toContain('Basic')
    expect(listener.received).toEqual([])
  })

  it("let a tenant's own user do nothing else", async () => {
    const answers = await Promise.all(
      ['/tenants', '/storages', '/settings', '/status', `/tenants/${tenantId}`, '/dead-letters', '/audit'].map(path => api.call('GET', path, undefined, ivr)),
    )

    expect(answers.map(({ status }) => status)).toEqual(Array(7).fill(401))
  })

  it("refuse a tenant's user at another tenant", async () => {
    const other = await api.admin('POST', '/tenants', { ...tenantNamed('Other'), authentication: { type: 'basic', username: 'other', password: 'other' } })

    const answer = await api.call('POST', '/messages', { tenantId: other.body.id, userId: 'guest', message: 'x' }, ivr)

    expect(answer.status).toBe(401)
  })

  it('are sent once for one idempotency key, whichever replica is asked', async () => {
    const headers = { ...ivr, 'Idempotency-Key': randomUUID() }

    const first = await send({ message: 'Once' }, headers)
    const second = await send({ message: 'Once' }, headers, twin)
    const other = await send({ message: 'Twice' }, headers)

    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(other.status).toBe(422)
    await eventually(() => expect(listener.received).toHaveLength(1))
  })

  it('get 503 while the broker is away, and the same ids when they come again with their key', async () => {
    const headers = { ...ivr, 'Idempotency-Key': randomUUID() }
    await link.down()
    await eventually(() => !api.service.broker.isUp)

    const away = await send({ message: 'Later' }, headers)
    await link.restore()
    await api.service.broker.whenUp()
    const back = await send({ message: 'Later' }, headers)

    expect(away.status).toBe(503)
    expect(back.status).toBe(202)
    await eventually(() => expect(listener.received.map(({ body }) => body.id)).toEqual([back.body.messages[0].id]))
  })

  it('are followed by their receipts', async () => {
    const { body } = await send({ message: 'Hello' })
    const [{ id }] = body.messages
    const before = await twin.call('GET', `/messages/${id}`, undefined, ivr)

    await listener.publish(
      'gum.messages',
      'inbound.api.03',
      envelope(
        'um.receipt.v1',
        { id: randomUUID(), source: '/telegram', subject: 'x', time: new Date() },
        receipt(id, 'failed', { code: 'blocked', why: 'the guest has blocked the bot' }),
      ),
    )

    expect(before.body).toMatchObject({ id, state: 'accepted', kind: 'text', userId: 'guest', code: null, why: null })
    await eventually(async () =>
      expect((await twin.call('GET', `/messages/${id}`, undefined, ivr)).body).toMatchObject({
        state: 'failed',
        code: 'blocked',
        why: 'the guest has blocked the bot',
        updatedAt: '2026-02-03T04:05:06.000Z',
      }),
    )
  })

  it('never go back to an earlier state', async () => {
    const states = redisMessageStates(api.service.redis)
    const [first, second] = [randomUUID(), randomUUID()]
    const accepted = (id: string) => ({ id, tenantId, userId: 'guest', kind: 'text', acceptedAt: '2026-02-03T04:05:00.000Z' })
    await states.accept([accepted(first), accepted(second)])
    for (const state of ['delivered', 'sent'] as const) await states.record(receipt(first, state))
    for (const state of ['failed', 'read'] as const) await states.record(receipt(second, state))
    const fresh = await states.accept([accepted(first)])

    const found = await Promise.all([states.find(first), states.find(second)])

    expect(found.map(message => message?.state)).toEqual(['delivered', 'failed'])
    expect(fresh).toEqual([])
  })

  it('are shown to nobody else', async () => {
    const { body } = await send({ message: 'Hello' })

    expect((await api.call('GET', `/messages/${body.messages[0].id}`)).status).toBe(401)
    expect((await api.call('GET', `/messages/${randomUUID()}`, undefined, ivr)).status).toBe(404)
  })

  function receipt(id: string, state: 'sent' | 'delivered' | 'read' | 'failed', more: { code?: string; why?: string } = {}) {
    return { tenantId, guest: 'guest', from: 'telegram', to: 'api', of: id, origin: { service: 'api', id }, state, at: '2026-02-03T04:05:06.000Z', ...more }
  }

  it('are refused while the tenant is disabled', async () => {
    await api.admin('PATCH', `/tenants/${tenantId}`, { enabled: false })
    const answer = await send({ message: 'x' }, ivr, twin)
    await api.admin('PATCH', `/tenants/${tenantId}`, { enabled: true })

    expect(answer.status).toBe(409)
  })
})

describe('dead letters', () => {
  const message = (id: string) =>
    envelope(
      'um.message.v1',
      { id, source: '/gcloudcx', subject: `${tenantId}/guest`, time: new Date('2026-01-01T00:00:00Z') },
      {
        tenantId,
        guest: 'guest',
        from: 'gcloudcx',
        to: 'telegram',
        content: { kind: 'text', text: 'private words' },
        author: 'agent',
        at: '2026-01-01T00:00:00.000Z',
      },
    )
  const headers = (more = {}) => ({
    'x-reason': 'unavailable',
    'x-why': encodeURIComponent('no answer'),
    'x-service': 'telegram-connector',
    'x-exchange': 'gum.messages',
    'x-key': 'outbound.telegram.03',
    'x-conversation': `${tenantId}/guest`,
    ...more,
  })
  const bury = (id: string, more = {}) => listener.publish('gum.dead', 'dead.telegram-connector', message(id), headers(more))
  const letterOf = (messageId: string) =>
    eventualValue(async () =>
      ((await twin.admin('GET', '/dead-letters')).body as { id: string; messageId: string; times: number }[]).find(letter => letter.messageId === messageId),
    )

  it('are listed with their reason, and show what was said only when asked, which is written down', async () => {
    const id = randomUUID()
    await bury(id)
    const letter = await letterOf(id)

    const masked = await api.admin('GET', `/dead-letters/${letter.id}`)
    const open = await api.admin('GET', `/dead-letters/${letter.id}?body=true`)
    const audit = await api.admin('GET', '/audit?limit=1')

    expect(letter).toMatchObject({ reason: 'unavailable', why: 'no answer', service: 'telegram-connector', tenantId, guest: 'guest', times: 1 })
    expect(JSON.stringify(masked.body)).not.toContain('private words')
    expect(open.body.body.data.content.text).toBe('private words')
    expect(audit.body[0]).toMatchObject({ action: 'readDeadLetterBody', target: { id: letter.id } })
    expect(await api.service.redis.get(`dead:body:${letter.id}`)).not.toContain('private')
  })

  it('are sent to where they were to go, once, as young as new', async () => {
    const id = randomUUID()
    await bury(id)
    const letter = await letterOf(id)

    const answers = await Promise.all([api.admin('POST', `/dead-letters/${letter.id}/replay`), twin.admin('POST', `/dead-letters/${letter.id}/replay`)])

    expect(answers.map(({ status }) => status === 204).sort()).toEqual([false, true])
    const replayed = await eventualValue(() => listener.received.find(({ body }) => body.id === id))
    expect(replayed).toMatchObject({ exchange: 'gum.messages', key: 'outbound.telegram.03', headers: { 'x-replay': 1, 'x-conversation': `${tenantId}/guest` } })
    expect(Date.now() - Date.parse(replayed.body.time)).toBeLessThan(60_000)
    expect(listener.received.filter(({ body }) => body.id === id)).toHaveLength(1)
    expect((await api.admin('GET', `/dead-letters/${letter.id}`)).status).toBe(404)
  })

  it('are one letter when they die again', async () => {
    const id = randomUUID()
    await bury(id)
    await letterOf(id)
    await bury(id)

    await eventually(async () => expect((await letterOf(id)).times).toBe(2))
  })

  it('stay when nobody takes them', async () => {
    const id = randomUUID()
    await bury(id, { 'x-key': 'outbound.pigeon.03' })
    const letter = await letterOf(id)

    const answer = await api.admin('POST', `/dead-letters/${letter.id}/replay`)

    expect(answer.status).toBe(409)
    expect((await api.admin('GET', `/dead-letters/${letter.id}`)).status).toBe(200)
  })

  it('never go to an exchange that is not ours', async () => {
    const id = randomUUID()
    await bury(id, { 'x-exchange': 'amq.topic' })
    const letter = await letterOf(id)

    const answer = await api.admin('POST', `/dead-letters/${letter.id}/replay`)

    expect(answer.status).toBe(409)
  })

  it('are replayed and discarded many at a time, oldest first', async () => {
    const service = `test-${randomUUID()}`
    const ids = Array.from({ length: 5 }, () => randomUUID())
    for (const id of ids) {
      await bury(id, { 'x-service': service })
      await letterOf(id)
    }

    const nothing = await api.admin('POST', '/dead-letters/replay', {})
    const replayed = await api.admin('POST', '/dead-letters/replay', { service, reason: 'unavailable' })
    await eventually(() => expect(listener.received.map(({ body }) => body.id)).toEqual(ids))
    for (const id of ids) await bury(id, { 'x-service': service })
    await letterOf(ids[4] ?? '')
    const discarded = await eventualValue(async () => {
      const found = (await api.admin('GET', `/dead-letters?service=${service}`)).body as unknown[]
      return found.length === 5 ? api.admin('POST', '/dead-letters/discard', { service }) : undefined
    })

    expect(nothing.status).toBe(422)
    expect(replayed.body).toEqual({ done: 5, failed: [] })
    expect(discarded.body).toEqual({ done: 5, failed: [] })
    expect((await api.admin('GET', `/dead-letters?service=${service}`)).body).toEqual([])
  })

  it('are counted', async () => {
    const text = await (await fetch(`http://127.0.0.1:${api.healthPort}/metrics`)).text()

    expect(text).toMatch(/^dead_letters_total\{.*reason="unavailable".*\} [1-9]/m)
    expect(text).toMatch(/^dead_letters\{/m)
  })
})

describe('the status', () => {
  it('tells how much waits for a service that is there', async () => {
    const channel = await api.service.broker.channel()
    for (const queue of connectorQueues('telegram')) {
      await channel?.assertQueue(queue.name, { durable: true, arguments: queue.arguments })
      for (const binding of queue.bindings) await channel?.bindQueue(queue.name, queue.exchange, binding)
    }
    await channel?.close()
    const now = new Date().toISOString()
    await listener.publish(
      'gum.config',
      'presence.telegram-connector',
      envelope(
        'um.presence.v1',
        { id: randomUUID(), source: '/x', subject: 'x', time: new Date() },
        { service: 'telegram-connector', replica: 't-0', version: '1', startedAt: now, ready: true, stopping: false, at: now },
      ),
    )
    await api.call('POST', '/messages', { tenantId, userId: 'guest', messages: ['a', 'b'] }, ivr)

    const telegram = await eventualValue(async () =>
      ((await api.admin('GET', '/status')).body.services as { service: string; queues: unknown; replicas: unknown[] }[]).find(
        ({ service, replicas }) => service === 'telegram-connector' && replicas.length > 0,
      ),
    )

    expect(telegram.queues).toEqual({ waiting: 2, consumers: 0 })
  })
})
