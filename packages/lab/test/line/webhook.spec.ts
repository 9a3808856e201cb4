import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { Receiver } from '../receiver.ts'
import { ask, signatureOf, type Webhook } from './channel.ts'

let lab: Lab
let receiver: Receiver
let channel: { botUserId: string; channelSecret: string; token: string }

beforeAll(async () => {
  lab = await startLab({ only: ['line'], timeScale: 0.001 })
})
afterAll(async () => lab.close())
beforeEach(async () => {
  receiver = await Receiver.open()
  channel = lab.side('line').addChannel({ channelSecret: '5f3c9a1e7b2d4860a9c3e5f718263b4d' })
  await ask(lab, 'PUT', '/v2/bot/channel/webhook/endpoint', { token: channel.token, json: { endpoint: receiver.url } })
})
afterEach(async () => {
  await lab.side('line').faults.clear()
  await receiver.close()
})

const webhooks = (): Webhook[] => receiver.requests.map(({ json }) => json as unknown as Webhook)
const events = (): Webhook['events'] => webhooks().flatMap(webhook => webhook.events)
const guest = (name = 'Lena') => {
  const { phone } = lab.side('line').openPhone(channel.botUserId, { name })
  return lab.side('line').guest(channel.botUserId, phone.guest.id)
}

describe('webhooks', () => {
  it('name the bot and the guest, and are signed with the secret as text over the raw bytes', async () => {
    const lena = guest()
    await lena.do({ do: 'text', text: 'こんにちは 🙇 café' })
    const [request] = await receiver.until(1)

    expect(request?.headers['x-line-signature']).toBe(signatureOf(request?.raw ?? Buffer.alloc(0), '5f3c9a1e7b2d4860a9c3e5f718263b4d'))
    expect(webhooks()[0]).toMatchObject({
      destination: channel.botUserId,
      events: [
        {
          type: 'message',
          mode: 'active',
          source: { type: 'user', userId: lena.phone.split(':').at(-1) },
          deliveryContext: { isRedelivery: false },
          message: { type: 'text', text: 'こんにちは 🙇 café' },
        },
      ],
    })
    expect(events()[0]?.webhookEventId).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(events()[0]?.message?.id).toMatch(/^\d{18}$/)
  })
  it('come again with the same ids and a mark, when nobody said 2xx', async () => {
    receiver.script(500, 302)
    await guest().do({ do: 'text', text: 'again' })
    await receiver.until(3)

    expect(events().map(({ deliveryContext }) => deliveryContext.isRedelivery)).toEqual([false, true, true])
    expect(new Set(events().map(({ webhookEventId, message }) => `${webhookEventId} ${message?.id}`)).size).toBe(1)
    expect(new Set(receiver.requests.map(({ headers }) => headers['x-line-signature'])).size).toBe(2)
  })
  it('do not come again when the console does not want it', async () => {
    lab.side('line').channel(channel.botUserId).redelivery = false
    receiver.script(500)
    const lena = guest()
    await lena.do({ do: 'text', text: 'lost' })
    await lena.do({ do: 'text', text: 'next' })
    await receiver.until(2)

    expect(events().map(({ message }) => message?.text)).toEqual(['lost', 'next'])
  })
  it('of one guest stay in order', async () => {
    const lena = guest()
    for (const text of ['1', '2', '3', '4']) await lena.do({ do: 'text', text })
    await receiver.until(4)

    expect(events().map(({ message }) => message?.text)).toEqual(['1', '2', '3', '4'])
  })
  it('wait while the console has switched them off', async () => {
    lab.side('line').useWebhook(channel.botUserId, false)
    await guest().do({ do: 'text', text: 'later' })
    expect(
      lab
        .side('line')
        .accounts()
        .find(({ id }) => id === channel.botUserId)?.webhook.pending,
    ).toBe(1)

    lab.side('line').useWebhook(channel.botUserId, true)
    await receiver.until(1)
    expect(events()[0]?.message?.text).toBe('later')
  })
  it('that are forged are signed with another secret', async () => {
    await lab.side('line').faults.add({ simulator: 'line', kind: 'forged', params: {}, where: {}, times: 1 })
    await guest().do({ do: 'text', text: 'genuine' })
    const requests = await receiver.until(2)

    const genuine = requests.filter(({ raw, headers }) => headers['x-line-signature'] === signatureOf(raw, channel.channelSecret))
    expect(genuine.map(({ json }) => (json as unknown as Webhook).events[0]?.message?.text)).toEqual(['genuine'])
  })
  it('are repeated on demand, as a redelivery or under a new event id', async () => {
    await lab.side('line').faults.add({ simulator: 'line', kind: 'duplicate', params: { newId: true }, where: {}, times: 1 })
    await guest().do({ do: 'text', text: 'twice' })
    await receiver.until(2)

    const [first, second] = events()
    expect(second?.message?.id).toBe(first?.message?.id)
    expect(second?.webhookEventId).not.toBe(first?.webhookEventId)
  })
})

describe('what guests do', () => {
  it('becomes events of LINE', async () => {
    const lena = guest()
    const upload = lab.media.put({ bytes: Buffer.from('%PDF-1.7'), mime: 'application/pdf', name: 'a.pdf' }).id
    await lena.do({ do: 'start' })
    await lena.do({ do: 'file', upload, caption: 'the bill' })
    await lena.do({ do: 'sticker', emoji: '🎉' })
    await lena.do({ do: 'venue', latitude: 1, longitude: 2, title: 'Harbour office', address: '1-2 Pier Street' })
    const { entries } = await lena.do({ do: 'text', text: 'oops' })
    await lena.do({ do: 'delete', entry: entries[0]?.id ?? '' })
    await lena.do({ do: 'block' })
    await lena.do({ do: 'unblock' })
    await receiver.until(9)

    expect(events()).toMatchObject([
      { type: 'follow', follow: { isUnblocked: false } },
      { message: { type: 'file', fileName: 'a.pdf', fileSize: 8 } },
      { message: { type: 'text', text: 'the bill' } },
      { message: { type: 'sticker', packageId: '11537', keywords: ['🎉'] } },
      { message: { type: 'location', title: 'Harbour office', address: '1-2 Pier Street' } },
      { message: { text: 'oops' } },
      { type: 'unsend', unsend: { messageId: entries[0]?.refs[0] } },
      { type: 'unfollow' },
      { type: 'follow', follow: { isUnblocked: true } },
    ])
    expect(events().map(({ replyToken }) => replyToken !== undefined)).toEqual([true, true, true, true, true, true, false, false, true])
  })
  it('in an album comes as pictures of one set', async () => {
    const uploads = [1, 2].map(n => lab.media.put({ bytes: Buffer.from(`${n}`), mime: 'image/png', name: `${n}.png` }).id)
    await guest().do({ do: 'album', uploads })
    await receiver.until(2)

    const sets = events().map(({ message }) => message?.imageSet as { id: string; index: number; total: number })
    expect(sets).toMatchObject([
      { index: 1, total: 2 },
      { index: 2, total: 2 },
    ])
    expect(sets[0]?.id).toBe(sets[1]?.id)
  })
  it.each(['typing', 'read'] as const)('%s is nothing that accounts hear of', async action => {
    await expect(guest().do({ do: action })).rejects.toMatchObject({ code: 'invalid' })
  })
})

describe('the webhook of a channel', () => {
  const test = (json: object = {}) => ask(lab, 'POST', '/v2/bot/channel/webhook/test', { token: channel.token, json })
  it('is tried with a signed webhook without events', async () => {
    const { json } = await test()

    expect(json).toMatchObject({ success: true, statusCode: 200, reason: 'OK' })
    expect(webhooks()).toEqual([{ destination: channel.botUserId, events: [] }])
  })
  it('is tried at another address, and what went wrong is told', async () => {
    receiver.script(404)
    expect((await test()).json).toMatchObject({ success: false, statusCode: 404, reason: 'ERROR_STATUS_CODE' })
    expect((await test({ endpoint: 'http://127.0.0.1:9/line' })).json).toMatchObject({ success: false, reason: 'COULD_NOT_CONNECT' })
  })
  it('is known, once it was entered', async () => {
    const fresh = lab.side('line').addChannel()
    expect((await ask(lab, 'GET', '/v2/bot/channel/webhook/endpoint', { token: fresh.token })).status).toBe(404)
    expect((await ask(lab, 'GET', '/v2/bot/channel/webhook/endpoint', { token: channel.token })).json).toEqual({ endpoint: receiver.url, active: true })
    expect((await ask(lab, 'PUT', '/v2/bot/channel/webhook/endpoint', { token: fresh.token, json: { endpoint: 'line' } })).status).toBe(400)
  })
})
