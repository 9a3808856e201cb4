import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { callbackOf, sign } from '../../src/simulators/viber/webhook.ts'
import { Receiver } from '../receiver.ts'
import { ask } from './bot.ts'

/** A vector that was computed elsewhere. */
const token = '4a7f2c9e1b3d5f60-8e6a4c2f0b1d3e57-c9d8e7f6a5b4c3d2'
const v1 = '{"event":"webhook","timestamp":1767225600001,"chat_hostname":"SN-CHAT-07_","message_token":5803119904471862301}'
const v1Signature = 'b359c3af5ec6f5031da379be4b0ca66e1f0fc79be8aa7eddf2a43176499facee'

let lab: Lab
let receiver: Receiver
let bot: { uri: string; token: string }
beforeAll(async () => {
  lab = await startLab({ only: ['viber'], timeScale: 0.001 })
})
afterAll(async () => lab.close())
beforeEach(async () => {
  receiver = await Receiver.open()
  bot = lab.side('viber').addBot()
})
afterEach(async () => {
  await lab.side('viber').faults.clear()
  await receiver.close()
})

const register = (more: object = {}) => ask(lab, bot.token, 'set_webhook', { url: receiver.url, send_name: true, ...more })
const guest = (name = 'Ana') => lab.side('viber').guest(bot.uri, lab.side('viber').openPhone(bot.uri, { name, language: 'bg' }).phone.guest.id)
const callbacks = () => receiver.requests.map(({ json }) => json as Record<string, unknown>)
const events = () => callbacks().map(({ event }) => event)

describe('signatures', () => {
  it('are those of the vector, lowercase hex with the token as text', () => {
    expect(sign(Buffer.from(v1), token)).toBe(v1Signature)
    expect(sign(Buffer.from(`${v1}\n`), token)).not.toBe(v1Signature)
  })
  it('cover the raw bytes, in the header and in the address', async () => {
    await register()
    await guest().do({ do: 'text', text: 'Здравей 👋' })
    const [, request] = await receiver.until(2)
    const expected = createHmac('sha256', bot.token)
      .update(request?.raw ?? Buffer.alloc(0))
      .digest('hex')

    expect(request?.headers['x-viber-content-signature']).toBe(expected)
    expect(request?.path).toContain(`sig=${expected}`)
  })
})

describe('set_webhook', () => {
  it('tries the address first, and takes it when it says 200', async () => {
    const { json } = await register({ event_types: ['seen'] })

    expect(json).toMatchObject({ status: 0, event_types: ['message', 'subscribed', 'unsubscribed', 'seen'] })
    expect(receiver.requests[0]?.raw.toString()).toMatch(/^\{"event":"webhook","timestamp":\d{13},"chat_hostname":"[^"]+","message_token":58\d{17}\}$/)
  })
  it('refuses an address that says anything else', async () => {
    receiver.script(201)

    expect((await register()).json).toMatchObject({ status: 1 })
    expect((await ask(lab, bot.token, 'get_account_info')).json.webhook).toBe('')
  })
  it('takes the address away again', async () => {
    await register()

    expect((await ask(lab, bot.token, 'set_webhook', { url: '' })).json).toMatchObject({ status: 0 })
    expect((await ask(lab, bot.token, 'send_message', { receiver: 'x' })).json).toMatchObject({ status: 10 })
  })
})

describe('callbacks', () => {
  it('name the guest as far as the account has asked, and hold the token as a number', async () => {
    await register()
    const ana = guest()
    await ana.do({ do: 'text', text: 'size=M' })
    const [, request] = await receiver.until(2)

    expect(request?.json).toMatchObject({
      event: 'message',
      sender: { id: ana.phone.slice(`viber:${bot.uri}:`.length), name: 'Ana', country: 'BG', language: 'bg', api_version: 10 },
      message: { type: 'text', text: 'size=M' },
    })
    expect(request?.raw.toString()).toMatch(/"message_token":58\d{17}[,}]/)
  })
  it('hide names unless they are asked for', async () => {
    await register({ send_name: false })
    await guest('Ana Petrova').do({ do: 'text', text: 'hi' })
    await receiver.until(2)

    expect(callbacks()[1]).toMatchObject({ sender: { name: 'subscriber' } })
  })
  it('come again unchanged until somebody says 200', async () => {
    await register()
    receiver.script(500, 204)
    await guest().do({ do: 'text', text: 'again' })
    await receiver.until(4)

    expect(new Set(receiver.requests.slice(1).map(({ raw }) => raw.toString())).size).toBe(1)
  })
  it('tell of what was asked for only, and always of what cannot be left out', async () => {
    await register({ event_types: [] })
    const ana = guest()
    await ana.do({ do: 'start' })
    await ana.do({ do: 'text', text: 'hi' })
    await ana.do({ do: 'block' })
    await ana.do({ do: 'unblock' })
    await receiver.until(4)

    expect(events()).toEqual(['webhook', 'message', 'unsubscribed', 'subscribed'])
  })
  it('can be forged, doubled and nothing else', async () => {
    await register()
    await lab.side('viber').faults.add({ simulator: 'viber', kind: 'forged', params: {}, where: {}, times: 1 })
    await guest().do({ do: 'text', text: 'genuine' })
    await receiver.until(3)
    const forged = receiver.requests.find(({ raw }) => raw.includes('Forged'))

    expect(forged?.headers['x-viber-content-signature']).not.toBe(
      createHmac('sha256', bot.token)
        .update(forged?.raw ?? '')
        .digest('hex'),
    )
  })
  it('have tokens beyond what a number holds', () => {
    expect(Number.isSafeInteger(Number(callbackOf('x', 0).message_token))).toBe(false)
  })
})

describe('the welcome', () => {
  it('is the message in the answer to the opened chat, which subscribes nobody', async () => {
    await register()
    receiver.script({ status: 200, body: JSON.stringify({ sender: { name: 'Acme Help' }, type: 'text', text: 'Welcome!' }) })
    const ana = guest()
    await ana.do({ do: 'start', payload: 'campaign_7' })
    await receiver.until(3)

    expect(callbacks()[1]).toMatchObject({ event: 'conversation_started', type: 'open', context: 'campaign_7', subscribed: false })
    expect(ana.timeline().entries.map(({ body }) => body)).toContainEqual({ kind: 'text', text: 'Welcome!' })
    const { json } = await ask(lab, bot.token, 'send_message', {
      receiver: ana.phone.slice(`viber:${bot.uri}:`.length),
      sender: { name: 'A' },
      type: 'text',
      text: 'x',
    })
    expect(json).toMatchObject({ status: 6 })
  })
})
