import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import type { NewFaultInput, Phone } from '../src/protocol.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
let phone: Phone
beforeAll(async () => {
  // nothing private is allowed here: what the fleet fetches from the simulators, it fetches because the tenant's own settings name them
  world = await startWorld({ env: { ALLOWED_PRIVATE_HOSTS: '' } })
  phone = await world.phone('Otto Way')
  await world.guest(phone, { do: 'text', text: 'first' })
  await eventually(async () => expect(await deskTexts()).toEqual(['first']), { withinMs: 30_000 })
}, 180_000)
afterAll(async () => {
  await world?.stop()
}, 90_000)

const patience = { withinMs: 60_000 }
const deskTexts = async () =>
  (await world.deskEntries(phone)).filter(entry => entry.from === 'customer').map(entry => (entry.body.kind === 'text' ? entry.body.text : entry.body.kind))
const phoneTexts = async () =>
  (await world.phoneEntries(phone)).filter(entry => entry.from === 'business').map(entry => (entry.body.kind === 'text' ? entry.body.text : entry.body.kind))
async function fault(wanted: NewFaultInput): Promise<() => Promise<void>> {
  const answer = await fetch(`${world.lab.url}/lab/api/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
  })
  const made = (await answer.json()) as { id: string }
  expect(answer.status).toBe(201)
  return async () => {
    await fetch(`${world.lab.url}/lab/api/faults/${made.id}`, { method: 'DELETE' })
  }
}

describe('the fleet', () => {
  it('loses nothing while Genesys Cloud is down, and keeps the order', async () => {
    const restore = await fault({ simulator: 'genesys', kind: 'down' })
    for (const text of ['a', 'b', 'c', 'd']) await world.guest(phone, { do: 'text', text })
    await eventually(() => expect(world.fleet.logs('gcloudcx-connector')).toContain('no connection: ECONNREFUSED'), patience)

    await restore()

    await eventually(async () => expect(await deskTexts()).toEqual(['first', 'a', 'b', 'c', 'd']), patience)
  }, 120_000)

  it('loses nothing while Telegram is down, and keeps the order', async () => {
    const conversation = await world.conversation(phone)
    const restore = await fault({ simulator: 'telegram', kind: 'down' })
    for (const text of ['1', '2', '3']) await world.agent(conversation, { do: 'text', text })
    await eventually(() => expect(world.fleet.logs('telegram-connector')).toContain('no connection: ECONNREFUSED'), patience)

    await restore()

    await eventually(async () => expect(await phoneTexts()).toEqual(['1', '2', '3']), patience)
  }, 120_000)

  it('loses nothing while RabbitMQ is killed, and comes back by itself', async () => {
    // RabbitMQ 3.10 forgets quorum queues that are killed within their first second; a stop in good order writes them down
    await world.fleet.broker.restart()
    await world.guest(phone, { do: 'text', text: 'after a restart' })
    await eventually(async () => expect((await deskTexts()).at(-1)).toBe('after a restart'), patience)
    await world.fleet.broker.kill9()
    await world.guest(phone, { do: 'text', text: 'while it was away' })
    await eventually(async () => expect((await world.phoneEntries(phone)).findLast(entry => entry.from === 'guest')?.state).toBe('delivered'), patience)

    await world.fleet.broker.restart()

    await eventually(async () => expect((await deskTexts()).at(-1)).toBe('while it was away'), patience)
    expect((await deskTexts()).filter(text => text === 'while it was away')).toHaveLength(1)
  }, 180_000)

  it('pauses a tenant whose token is refused, tells the topic Subscriptions once, and goes on when it works again', async () => {
    const notices: { metadata: string }[] = []
    const receiver = createServer((req, res) => {
      let body = ''
      req.on('data', chunk => {
        body += String(chunk)
      })
      req.on('end', () => {
        notices.push(JSON.parse(body) as { metadata: string })
        res.end('{}')
      })
    })
    await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', () => resolve()))
    const webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/api/v1/webhook/1f6e0c52-7c1b-4f0a-9a55-0d3d2f8be711`
    const saved = await world.api('PUT', '/settings', {
      outboundProxy: null,
      notifiers: [{ type: 'gcloudcx', topic: 'Subscriptions', settings: { webhookUrl } }],
      commander: {},
    })
    expect(saved.status).toBe(200)
    const restore = await fault({ simulator: 'telegram', kind: 'badToken' })
    const conversation = await world.conversation(phone)

    for (const text of ['x', 'y', 'z']) await world.agent(conversation, { do: 'text', text })
    await eventually(() => expect(notices.filter(notice => notice.metadata.includes('subscription.error'))).toHaveLength(1), patience)
    const { body } = await world.api('GET', '/tenants')
    expect((body as { status: { messaging: { status: string } } }[])[0]?.status.messaging.status).toBe('paused')
    await restore()

    await eventually(async () => expect((await phoneTexts()).slice(-3)).toEqual(['x', 'y', 'z']), patience)
    await eventually(
      () => expect(notices.map(notice => /subscription\.\w+/.exec(notice.metadata)?.[0])).toEqual(['subscription.error', 'subscription.recovered']),
      patience,
    )
    receiver.closeAllConnections()
    await new Promise(resolve => receiver.close(resolve))
  }, 180_000)

  it('refuses forged, stale and nonsensical webhooks, and fetches no private address', async () => {
    const visitors: (string | undefined)[] = []
    const inside = createServer((req, res) => {
      visitors.push(req.headers['user-agent'])
      res.writeHead(404).end()
    })
    await new Promise<void>(resolve => inside.listen(0, '127.0.0.1', () => resolve()))
    const before = (await deskTexts()).length
    const post = async (path: string, headers: Record<string, string>, body: string) =>
      (await fetch(`${world.fleet.publicUrl}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })).status
    const update = JSON.stringify({
      update_id: 1,
      message: { message_id: 1, date: 1767225600, chat: { id: 1, type: 'private' }, from: { id: 1, is_bot: false, first_name: 'x' }, text: 'forged' },
    })

    expect(await post('/telegram', {}, update)).toBe(401)
    expect(await post('/telegram', { 'x-telegram-bot-api-secret-token': 'wrong' }, update)).toBe(401)
    expect(await post('/openmessaging', {}, '{}')).toBe(401)
    expect(await post('/openmessaging', { 'x-hub-signature-256': 'sha256=AAAA' }, 'nonsense')).toBe(400)
    expect(
      await post(
        '/openmessaging',
        { 'x-hub-signature-256': `sha256=${createHmac('sha256', 'wrong').update('{}').digest('base64')}` },
        '{"channel":{"id":"1f6e0c52-7c1b-4f0a-9a55-0d3d2f8be711"}}',
      ),
    ).toBe(404)
    const conversation = await world.conversation(phone)
    const port = (inside.address() as AddressInfo).port
    await world.agent(conversation, { do: 'card', text: 'look', card: { title: 'A card', image: `http://127.0.0.1:${port}/admin`, buttons: [{ text: 'ok' }] } })
    await eventually(async () => expect(JSON.stringify(await world.phoneEntries(phone))).toContain('A card'), patience)

    expect((await deskTexts()).length).toBe(before)
    inside.closeAllConnections()
    await new Promise(resolve => inside.close(resolve))
    // Telegram itself may try the address; the fleet, asked to upload the picture instead, must not
    expect(visitors.filter(visitor => visitor?.startsWith('UniversalMessaging'))).toEqual([])
    expect(visitors.length).toBeGreaterThan(0)
  }, 120_000)
})
