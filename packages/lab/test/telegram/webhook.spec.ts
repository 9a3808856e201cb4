import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { eventually, Receiver } from '../receiver.ts'
import { caller } from './bot.ts'

const guest = 5550001111
/** T1 of the vectors */
const secret = 'umtg_Zq8-Hc2Lw0Vx5Kb9Rf3Tn7Py1Ds6Gj4'
let lab: Lab
let receiver: Receiver
let bot: { id: number; token: string }
let call: ReturnType<typeof caller>

beforeAll(async () => {
  lab = await startLab({ timeScale: 0.01 })
})
afterAll(async () => lab.close())
beforeEach(async () => {
  receiver = await Receiver.open()
  bot = lab.telegram.addBot()
  call = caller(lab, bot.token)
})
afterEach(async () => {
  await lab.telegram.faults.clear()
  await receiver.close()
})

const texts = (requests: Receiver['requests']) => requests.map(({ json }) => (json.message as { text?: string } | undefined)?.text)
const updateIds = (requests: Receiver['requests']) => requests.map(({ json }) => Number(json.update_id))

describe('setWebhook', () => {
  it.each([
    ['a space and an exclamation mark', 'bad secret!', 'Bad Request: secret token contains unallowed characters'],
    ['257 characters', 'a'.repeat(257), 'Bad Request: secret token is too long'],
  ])('refuses a secret with %s', async (_what, secret_token, description) => {
    expect(await call.json('setWebhook', { url: receiver.url, secret_token })).toMatchObject({ status: 400, description })
  })

  it('takes a secret of 256 characters', async () => {
    expect(await call.json('setWebhook', { url: receiver.url, secret_token: 'a'.repeat(256) })).toMatchObject({ ok: true, result: true })
  })

  it('insists on https and its ports only when told to', async () => {
    const strict = await startLab({ platforms: { telegram: { requireHttps: true } } })
    const { json } = caller(strict, strict.telegram.addBot().token)

    const plain = await json('setWebhook', { url: 'http://example.com/telegram' })
    const port = await json('setWebhook', { url: 'https://example.com:8080/telegram' })
    const right = await json('setWebhook', { url: 'https://example.com:8443/telegram' })
    await strict.close()

    expect(plain.description).toBe('Bad Request: bad webhook: An HTTPS URL must be provided for webhook')
    expect(port.description).toBe('Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443')
    expect(right.ok).toBe(true)
  })

  it('tells of it in getWebhookInfo, and no longer after deleteWebhook', async () => {
    await call.json('setWebhook', { url: receiver.url, secret_token: secret, max_connections: 7, allowed_updates: ['message', 'nonsense'] })
    const set = await call.json('getWebhookInfo')
    await call.json('deleteWebhook', { drop_pending_updates: true })
    const gone = await call.json('getWebhookInfo')

    expect(set.result).toEqual({
      url: receiver.url,
      has_custom_certificate: false,
      pending_update_count: 0,
      max_connections: 7,
      ip_address: '127.0.0.1',
      allowed_updates: ['message'],
    })
    expect(gone.result.url).toBe('')
  })
})

describe('delivery', () => {
  it('sends the secret, and one update per request', async () => {
    await call.json('setWebhook', { url: receiver.url, secret_token: secret })
    lab.telegram.guest(bot.id, guest, 'Lena Ruiz').do({ do: 'text', text: '👋 hola' })

    const [request] = await receiver.until(1)

    expect(request?.headers['x-telegram-bot-api-secret-token']).toBe(secret)
    expect(request?.headers['content-type']).toBe('application/json')
    expect(request?.json).toMatchObject({
      message: { from: { id: guest, first_name: 'Lena', last_name: 'Ruiz', is_bot: false }, chat: { id: guest, type: 'private' }, text: '👋 hola' },
    })
  })

  it('keeps updates until there is a webhook, and drops them when told to', async () => {
    const phone = lab.telegram.guest(bot.id, guest)
    phone.do({ do: 'text', text: 'dropped' })
    await call.json('setWebhook', { url: receiver.url, drop_pending_updates: true })
    await call.json('deleteWebhook')
    phone.do({ do: 'text', text: 'kept' })
    const waiting = (await call.json('getWebhookInfo')).result.pending_update_count
    await call.json('setWebhook', { url: receiver.url })

    await receiver.until(1)

    expect(waiting).toBe(1)
    expect(texts(receiver.requests)).toEqual(['kept'])
  })

  it('counts updates up by one and keeps a chat in order', async () => {
    await call.json('setWebhook', { url: receiver.url })
    const phone = lab.telegram.guest(bot.id, guest)
    for (let number = 0; number < 20; number += 1) phone.do({ do: 'text', text: String(number) })

    const requests = await receiver.until(20)

    expect(texts(requests)).toEqual(Array.from({ length: 20 }, (_, number) => String(number)))
    const ids = updateIds(requests)
    expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index))
  })

  it('repeats a refused update, first at once and then after doubling waits, while others of the chat wait', async () => {
    receiver.script(500, 503, 'reset', 404)
    await call.json('setWebhook', { url: receiver.url })
    const phone = lab.telegram.guest(bot.id, guest)
    phone.do({ do: 'text', text: 'first' })
    phone.do({ do: 'text', text: 'second' })

    const requests = await receiver.until(6)

    expect(texts(requests)).toEqual(['first', 'first', 'first', 'first', 'first', 'second'])
    const gaps = requests.slice(1, 5).map(({ at }, index) => at - (requests[index]?.at ?? 0))
    expect(gaps[1]).toBeGreaterThanOrEqual(19)
    expect(gaps[2]).toBeGreaterThanOrEqual(39)
    expect(gaps[3]).toBeGreaterThanOrEqual(79)
    expect(
      await eventually(() => phone.timeline().entries.find(({ state, body }) => state === 'delivered' && body.kind === 'text' && body.text === 'first')),
    ).toMatchObject({ attempts: 5 })
  })

  it('repeats at once the first time, long before the two seconds of the next wait', async () => {
    const real = await startLab({ timeScale: 1 })
    const own = real.telegram.addBot()
    await caller(real, own.token).json('setWebhook', { url: receiver.url })
    receiver.script(500)
    real.telegram.guest(own.id, guest).do({ do: 'text', text: 'again' })

    const requests = await receiver.until(2)
    await real.close()

    expect((requests[1]?.at ?? 0) - (requests[0]?.at ?? 0)).toBeLessThan(1500)
  })

  it('does not let one chat wait for another', async () => {
    receiver.script('hang')
    await call.json('setWebhook', { url: receiver.url })
    lab.telegram.guest(bot.id, guest).do({ do: 'text', text: 'stuck' })
    await receiver.until(1)
    lab.telegram.guest(bot.id, guest + 1).do({ do: 'text', text: 'free' })

    await receiver.until(2)

    expect(texts(receiver.requests)).toEqual(['stuck', 'free'])
  })

  it('obeys Retry-After and remembers the error', async () => {
    receiver.script({ status: 503, headers: { 'Retry-After': '20' } })
    await call.json('setWebhook', { url: receiver.url })
    lab.telegram.guest(bot.id, guest).do({ do: 'text', text: 'later' })
    await receiver.until(1)
    const info = await eventually(() => lab.telegram.accounts().find(({ id, webhook }) => id === String(bot.id) && webhook.lastError !== undefined))

    const requests = await receiver.until(2)

    expect((requests[1]?.at ?? 0) - (requests[0]?.at ?? 0)).toBeGreaterThanOrEqual(199)
    expect(info.webhook.lastError).toBe('Wrong response from the webhook: 503 Service Unavailable')
  })

  it('gives an update up after a day', async () => {
    let now = Date.parse('2026-03-04T05:06:07Z')
    const aged = await startLab({ timeScale: 0.0001, now: () => new Date(now) })
    const old = aged.telegram.addBot()
    await caller(aged, old.token).json('setWebhook', { url: receiver.url })
    receiver.script(500)
    const phone = aged.telegram.guest(old.id, guest)
    phone.do({ do: 'text', text: 'too old' })
    now += 24 * 60 * 60 * 1000 + 1
    phone.do({ do: 'text', text: 'young' })

    await receiver.until(2)
    const states = await eventually(() => {
      const entries = phone.timeline().entries.map(({ state }) => state)
      return entries.includes('queued') || entries.includes('retrying') ? undefined : entries
    })
    await aged.close()

    expect(texts(receiver.requests)).toEqual(['too old', 'young'])
    expect(states).toEqual(['lost', 'delivered'])
  })

  it('sends only kinds that are wanted', async () => {
    await call.json('setWebhook', { url: receiver.url, allowed_updates: ['message', 'callback_query'] })
    const phone = lab.telegram.guest(bot.id, guest)
    const { entries } = phone.do({ do: 'text', text: 'Helo' })
    phone.do({ do: 'edit', entry: entries[0]?.id ?? '', text: 'Hello' })
    phone.do({ do: 'text', text: 'next' })

    const requests = await receiver.until(2)

    expect(texts(requests)).toEqual(['Helo', 'next'])
  })

  it('leaves reactions out unless they are asked for', async () => {
    await call.json('setWebhook', { url: receiver.url })
    const phone = lab.telegram.guest(bot.id, guest)
    const entry = phone.do({ do: 'text', text: 'one' }).entries[0]?.id ?? ''
    phone.do({ do: 'react', entry, emoji: '👍' })
    phone.do({ do: 'text', text: 'two' })
    await receiver.until(2)
    await call.json('setWebhook', { url: receiver.url, allowed_updates: ['message', 'message_reaction'] })
    phone.do({ do: 'react', entry, emoji: '👍', on: false })

    const requests = await receiver.until(3)

    expect(texts(requests.slice(0, 2))).toEqual(['one', 'two'])
    expect(requests[2]?.json.message_reaction).toMatchObject({ old_reaction: [{ type: 'emoji', emoji: '👍' }], new_reaction: [] })
  })
})
