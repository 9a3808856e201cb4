import { randomUUID } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type DataOf, envelope } from '@um/shared/model'
import { eventually, eventualValue } from '@um/testing'
import { type RabbitServer, startRabbit } from '@um/testing/rabbitmq'
import { type RedisServer, startRedis } from '@um/testing/redis'
import { reportOf, smooth, wireHop } from './journeys/reports.ts'
import { type Listener, listenTo } from './support/listener.ts'
import { type RunningApi, startApi, tenant } from './support/running-api.ts'

type Report = DataOf<'um.journey.v1'>
interface Shown {
  message: string
  state: string
  summary: string
  stuckBecause: string | null
  hops: { hop: string; service: string; outcome: string; title: string }[]
}
let rabbit: RabbitServer
let redis: RedisServer
let api: RunningApi
let twin: RunningApi
let listener: Listener
let tenantId: string

const start = (name: string, more: Record<string, string> = {}) => startApi({ REDIS_URL: redis.url, RABBITMQ_URL: rabbit.url, POD_NAME: name, ...more })
beforeAll(async () => {
  redis = await startRedis()
  rabbit = await startRabbit()
  api = await start('api-0')
  twin = await start('api-1')
  await Promise.all([api.service.broker.whenUp(), twin.service.broker.whenUp()])
  listener = await listenTo(rabbit.url, [['gum.messages', 'outbound.telegram.#']])
  tenantId = (await api.admin('POST', '/tenants', tenant)).body.id
})
afterAll(async () => {
  await listener?.close()
  await Promise.all([api?.stop(), twin?.stop()])
  await Promise.all([rabbit?.stop(), redis?.stop()])
})

const tell = (...reports: Report[]) =>
  Promise.all(
    reports.map(report =>
      listener.publish(
        'gum.journal',
        report.service,
        envelope('um.journey.v1', { id: randomUUID(), source: `/${report.service}`, subject: report.service, time: new Date() }, report),
      ),
    ),
  )
const ago = (seconds: number) => Date.now() - seconds * 1000
const list = async (query: string, replica = api) => (await replica.admin('GET', `/journeys?${query}`)).body as Shown[]
const messages = (found: Shown[]) => found.map(({ message }) => message)
const journey = (message: string, hops: number, replica = api) =>
  eventualValue(async () => {
    const { status, body } = await replica.admin('GET', `/journeys/${message}`)
    return status === 200 && (body as Shown).hops.length >= hops ? (body as Shown) : undefined
  })

describe('a journey', () => {
  it('is put together from what all services tell, and any replica shows it', async () => {
    const message = randomUUID()
    await tell(...smooth(message, { tenantId, guest: 'g-whole', key: 'call-4711' }, ago(2)))

    const shown = await journey(message, 8, twin)

    expect(shown).toMatchObject({
      ...{ message, tenantId, guest: 'g-whole', direction: 'toAgent', kind: 'text', key: 'call-4711', text: null, state: 'done', stuckBecause: null },
      platformIds: [`7:${message}`, `cx-${message}`],
      ...{ incomplete: false, tookMilliseconds: 340, hopsLeftOut: 0 },
    })
    expect(shown.summary).toMatch(/^Sent by gcloudcx-connector at .* UTC, 340 ms after it had arrived\.$/)
    expect(shown.hops.map(({ service, hop, outcome }) => `${service} ${hop} ${outcome}`)).toEqual([
      ...['received', 'verified', 'consumed', 'published'].map(hop => `telegram-connector ${hop} ok`),
      ...['consumed', 'rendered', 'sent'].map(hop => `gcloudcx-connector ${hop} ok`),
      'telegram-connector receipt note',
    ])
    expect(shown.hops[0]).toMatchObject({ title: 'Arrived', platformId: `7:${message}`, detail: {}, replica: 'telegram-connector-7c9f8d5b6-x2x9z' })
  })

  it('is found by each of its marks, and by no other', async () => {
    const message = randomUUID()
    const [guest, key] = [`g-${message}`, `k-${message}`]
    await tell(...smooth(message, { tenantId, guest, key }, ago(2)))
    await journey(message, 8)
    const found = async (query: string) => messages(await list(query))

    expect(await found(`guest=${guest}`)).toEqual([message])
    expect(await found(`key=${key}`)).toEqual([message])
    expect(await found(`platformId=7:${message}`)).toEqual([message])
    expect(await found(`platformId=cx-${message}&tenantId=${tenantId}&state=done`)).toEqual([message])
    expect(await found(`message=${message}`)).toEqual([message])
    expect(await found(`tenantId=${tenantId}&limit=1`)).toEqual([message])
    for (const query of [
      `guest=${guest}&state=failed`,
      `key=${key}&guest=x`,
      `platformId=7:${message}&tenantId=x`,
      `message=${message}&guest=x`,
      `guest=${guest}x`,
    ])
      expect(await found(query)).toEqual([])
  })

  it('is not there when nothing was told', async () => {
    expect((await api.admin('GET', `/journeys/${randomUUID()}`)).status).toBe(404)
    expect((await api.call('GET', '/journeys')).status).toBe(401)
    expect((await api.admin('GET', '/journeys?state=lost')).status).toBe(422)
    expect((await api.admin('GET', '/journeys?since=yesterday')).status).toBe(422)
    expect((await api.admin('GET', '/journeys?cursor=x')).body.errors).toEqual([{ pointer: '/query/cursor', detail: 'is none that was given' }])
  })

  it('is paged with a cursor, latest first', async () => {
    const guest = `g-${randomUUID()}`
    const told = Array.from({ length: 7 }, (_, index) => ({ message: randomUUID(), at: ago(100 - index) }))
    await tell(...told.map(({ message, at }) => reportOf([wireHop(message, 'duplicate', 0, { tenantId, guest }, at)])))
    await eventually(async () => expect(await list(`guest=${guest}`)).toHaveLength(7))
    const seen: string[] = []
    let url: string | undefined = `/journeys?guest=${guest}&limit=3`
    while (url !== undefined) {
      const { body, headers } = await api.admin('GET', url)
      seen.push(...messages(body))
      expect(headers.get('x-next-cursor') === null).toBe(headers.get('link') === null)
      url = /<\/api\/v1([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
    }

    expect(seen).toEqual(told.map(({ message }) => message).reverse())
    expect(messages(await list(`guest=${guest}&since=${new Date(told[5]?.at ?? 0).toISOString()}`))).toEqual(seen.slice(0, 2))
  })
})

describe('a stuck message', () => {
  const parked = (message: string, guest: string, seconds: number) => [
    ...smooth(message, { tenantId, guest }, ago(seconds)).slice(0, 1),
    reportOf(
      [wireHop(message, 'parked', 1, { tenantId, guest, detail: { why: 'token refused', gate: 'paused', waitMilliseconds: 100_000 } }, ago(seconds))],
      'gcloudcx-connector',
    ),
  ]

  it('tells in one sentence where and why, by the name of its tenant', async () => {
    const [message, guest] = [randomUUID(), `g-${randomUUID()}`]
    await tell(...parked(message, guest, 10))

    const shown = await journey(message, 5)

    expect(shown.state).toBe('stuck')
    expect(shown.stuckBecause).toMatch(
      /^Waits in gcloudcx-connector since (\S+ )?\d\d:\d\d:\d\d UTC: tenant ACME and Telegram is paused \(token refused\), next try in 1 min \d+ s\.$/,
    )
    expect(messages(await list(`state=stuck&tenantId=${tenantId}`))).toContain(message)
    expect(messages(await list(`state=underway&tenantId=${tenantId}`))).not.toContain(message)
  })

  it('holds up what the same guest wrote later, which says so, and nobody else', async () => {
    const [first, second, third, guest] = [randomUUID(), randomUUID(), randomUUID(), `g-${randomUUID()}`]
    await tell(...parked(first, guest, 20))
    await tell(...smooth(second, { tenantId, guest }, ago(5)).slice(0, 1), ...smooth(third, { tenantId, guest: `${guest}2` }, ago(5)).slice(0, 1))
    await journey(first, 5)

    const [behind, free] = [await journey(second, 4), await journey(third, 4)]

    expect(behind.stuckBecause).toMatch(new RegExp(`^Waits behind message ${first} of the same guest: Waits in gcloudcx-connector since .*token refused`))
    expect(behind.state).toBe('stuck')
    expect(free.state).toBe('underway')
    expect(messages(await list(`state=stuck&guest=${guest}`))).toEqual([second, first])
  })

  it('of which nothing is heard any more says where it was last, and that its tenant is paused there', async () => {
    const message = randomUUID()
    await tell(...smooth(message, { tenantId, guest: `g-${message}` }, ago(100)).slice(0, 1))
    await listener.publish(
      'gum.config',
      'state.gcloudcx-connector',
      envelope(
        'um.state.v1',
        { id: randomUUID(), source: '/gcloudcx', subject: tenantId, time: new Date() },
        {
          ...{ service: 'gcloudcx-connector', collection: 'tenants', id: tenantId, part: 'cxPlatform', status: 'paused', lastError: 'invalid_client' },
          at: new Date().toISOString(),
        },
      ),
    )
    const because = await eventualValue(async () => {
      const shown = await journey(message, 4)
      return shown.stuckBecause?.includes('paused') ? shown.stuckBecause : undefined
    })

    expect(because).toMatch(
      /^Last seen in telegram-connector at .*, handed on to gcloudcx-connector; .*\(tenant ACME and Telegram is paused there: invalid_client\)\.$/,
    )
  })

  it('that lost its first hops is told as far as it is known', async () => {
    const message = randomUUID()
    await tell(...smooth(message, { tenantId }, ago(2)).slice(1, 2))

    expect(await journey(message, 3)).toMatchObject({ state: 'done', incomplete: true, tookMilliseconds: null })
  })
})

describe('messages of an IVR and dead letters', () => {
  it('have journeys that begin and go on in the api', async () => {
    const key = randomUUID()
    const send = { tenantId, userId: 'g-ivr', message: 'private words' }
    const { body } = await api.admin('POST', '/messages', send, { 'Idempotency-Key': key })
    const [{ id }] = body.messages as [{ id: string }]
    await journey(id, 2)
    const receipt = {
      tenantId,
      guest: 'g-ivr',
      from: 'telegram',
      to: 'api',
      of: id,
      origin: { service: 'api', id },
      state: 'sent',
      at: new Date().toISOString(),
    }
    await listener.publish(
      'gum.messages',
      'inbound.api.00',
      envelope('um.receipt.v1', { id: randomUUID(), source: '/telegram', subject: 'x', time: new Date() }, { ...receipt, state: 'sent' }),
    )

    const shown = await journey(id, 3)

    expect(shown.hops.map(({ service, hop }) => `${service} ${hop}`)).toEqual(['api received', 'api published', 'api receipt'])
    expect(shown).toMatchObject({ key, state: 'done', incomplete: true, text: null })
    expect(messages(await list(`key=${key}`))).toEqual([id])
    expect(JSON.stringify(shown)).not.toContain('private')
  })

  it('that are replayed or discarded say so', async () => {
    const bury = async (id: string) => {
      const dead = envelope(
        'um.message.v1',
        { id, source: '/x', subject: `${tenantId}/g`, time: new Date() },
        { tenantId, guest: 'g', from: 'gcloudcx', to: 'telegram', content: { kind: 'text', text: 'x' }, author: 'agent', at: new Date().toISOString() },
      )
      const headers = { 'x-reason': 'bug', 'x-why': 'x', 'x-service': `dead-${id}`, 'x-exchange': 'gum.messages', 'x-key': 'outbound.telegram.01' }
      await listener.publish('gum.dead', 'dead.x', dead, headers)
      return eventualValue(async () => ((await api.admin('GET', `/dead-letters?service=dead-${id}`)).body as { id: string }[])[0])
    }
    const [replayed, discarded] = [randomUUID(), randomUUID()]
    await api.admin('POST', `/dead-letters/${(await bury(replayed)).id}/replay`)
    await api.admin('DELETE', `/dead-letters/${(await bury(discarded)).id}`)

    expect(await journey(replayed, 1)).toMatchObject({
      direction: 'toGuest',
      state: 'underway',
      hops: [{ hop: 'replayed', service: 'api', detail: { to: 'telegram-connector' } }],
    })
    expect(await journey(discarded, 1)).toMatchObject({ direction: 'toGuest', state: 'failed', hops: [{ hop: 'discarded', service: 'api' }] })
  })

  it('show their words when the deployer wants that', async () => {
    const open = await start('api-2', { JOURNEY_BODIES: 'true' })
    await open.service.broker.whenUp()
    const { body } = await open.admin('POST', '/messages', { tenantId, userId: 'g-ivr', message: 'words for all to see' })
    const shown = await journey((body.messages as [{ id: string }])[0].id, 2)
    await open.stop()

    expect(shown).toMatchObject({ text: 'words for all to see' })
  })
})

describe('the journal', () => {
  it('is read on after a report that is none', async () => {
    const message = randomUUID()
    await listener.publish('gum.journal', 'x', Buffer.from('{'))
    await listener.publish('gum.journal', 'x', Buffer.from(JSON.stringify({ type: 'um.presence.v1' })))
    await tell(reportOf([wireHop(message, 'received', 0, { tenantId }, ago(1))]))

    expect((await journey(message, 1)).state).toBe('underway')
  })
})

describe('the live stream', () => {
  const token = async (replica: RunningApi) => (await replica.call('POST', '/auth/login', { user: 'admin', password: 'only for tests' })).body.token as string
  /** A listener; not by `fetch`, which opens a connection in advance after each one that is aborted, and so holds up the end of the service. */
  async function watch(replica: RunningApi, query = '') {
    const seen = { text: '', ended: false }
    const headers = { Authorization: `Bearer ${await token(replica)}` }
    const asking = request(`${replica.url}/journeys/live${query}`, { headers, agent: false })
    const answer = new Promise<IncomingMessage>((resolve, reject) => asking.once('response', resolve).on('error', reject)).then(response =>
      response
        .setEncoding('utf8')
        .on('data', (text: string) => {
          seen.text += text
        })
        .on('end', () => {
          seen.ended = true
        })
        .on('error', () => undefined),
    )
    asking.end()
    const response = await answer
    await eventually(() => seen.text.includes('event: ready'))
    const told = () => [...seen.text.matchAll(/event: journey\ndata: (.*)\n\n/g)].map(([, data = '']) => JSON.parse(data) as Shown)
    const last = (message: string) => told().findLast(each => each.message === message)
    return { response, seen, told, last, close: () => asking.destroy() }
  }

  it('tells all listeners of all replicas, each what it wants', async () => {
    const [here, there, other] = await Promise.all([watch(api), watch(twin, '?guest=g-live'), watch(twin, '?guest=g-else')])
    const message = randomUUID()
    const reports = smooth(message, { tenantId, guest: 'g-live' }, ago(1))
    for (const report of reports) await tell(report)

    await eventually(() => expect([here, there].map(listening => listening.last(message)?.state)).toEqual(['done', 'done']))
    expect(here.last(message)?.hops.length).toBe(8)
    expect(here.response.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    expect(here.response.headers['x-accel-buffering']).toBe('no')
    expect(other.told()).toEqual([])
    for (const listening of [here, there, other]) listening.close()
    await eventually(async () => expect(await redisListeners()).toBe(0))
  })

  it('is read by fetch, ends when its time is over, and its address answers HEAD', async () => {
    const response = await fetch(`${api.url}/journeys/live?seconds=1`, { headers: { Authorization: `Bearer ${await token(api)}` } })
    const text = await response.text()

    expect(text).toMatch(/^retry: 3000\n\nevent: ready\ndata: {"at":".*"}\n\n/)
    expect(text).toMatch(/event: end\ndata: {"why":"the time is over"}\n\n$/)
    expect((await api.admin('HEAD', '/journeys/live')).status).toBe(200)
  })

  it('is for those with a token, and for filters that there are', async () => {
    expect((await api.call('GET', '/journeys/live')).status).toBe(401)
    expect((await api.admin('GET', '/journeys/live?state=lost')).status).toBe(422)
    expect((await api.admin('GET', '/journeys/live?seconds=0')).status).toBe(422)
  })

  it('cuts off a client that reads nothing, while another goes on', async () => {
    const keen = await watch(api, '?guest=g-many')
    const bearer = await token(api)
    const lazy = request(`${api.url}/journeys/live?guest=g-many`, { headers: { Authorization: `Bearer ${bearer}` }, agent: false }, answer => {
      answer.pause()
      answer.on('error', () => undefined)
    })
    lazy.on('error', () => undefined)
    lazy.end()
    await eventually(async () => expect(await clients()).toBe(2))
    const detail = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`fact${index}`, 'x'.repeat(300)]))
    await eventually(
      async () => {
        const many = Array.from({ length: 100 }, () => wireHop(randomUUID(), 'received', 0, { tenantId, guest: 'g-many', detail }, ago(1)))
        await tell(reportOf(many))
        return (await dropped()) > 0
      },
      { withinMs: 40_000, everyMs: 250 },
    )

    await eventually(async () => expect(await clients()).toBe(1))
    const before = keen.told().length
    await tell(reportOf([wireHop(randomUUID(), 'received', 0, { tenantId, guest: 'g-many' }, ago(1))]))
    await eventually(() => expect(keen.told().length).toBeGreaterThan(before))
    lazy.destroy()
    keen.close()
  })

  it('ends when the service stops, which does not wait for it', async () => {
    const listening = await watch(twin)

    await twin.stop()

    await eventually(() => listening.seen.ended)
    expect(listening.seen.text).toContain('event: end\ndata: {"why":"the service is stopping"}')
  })

  const metric = async (name: string) => {
    const text = await (await fetch(`http://127.0.0.1:${api.healthPort}/metrics`)).text()
    return Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  }
  const clients = () => metric('um_journey_clients')
  const dropped = () => metric('um_journey_clients_dropped_total')
  const redisListeners = async () => Number((await api.service.redis.pubsub('NUMSUB', 'journey:news'))[1])
})
