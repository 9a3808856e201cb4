import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { jpeg } from '../images.ts'
import { eventually, Receiver, received } from '../receiver.ts'
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
    const strict = await startLab({ telegram: { requireHttps: true } })
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

describe('what guests do', () => {
  beforeEach(async () => {
    await call.json('setWebhook', { url: receiver.url, allowed_updates: ['message', 'edited_message', 'callback_query', 'my_chat_member', 'message_reaction'] })
  })

  it('starts with a deep link', async () => {
    lab.telegram.guest(bot.id, guest).do({ do: 'start', payload: 'promo_77' })

    const [request] = await receiver.until(1)

    expect(request?.json.message).toMatchObject({ text: '/start promo_77', entities: [{ type: 'bot_command', offset: 0, length: 6 }] })
  })

  it('sends a photo in several sizes, the picture last, and a thumbnail that is another file', async () => {
    const upload = lab.media.put({ bytes: jpeg, mime: 'image/jpeg', name: 'lid.jpg' }).id
    lab.telegram.guest(bot.id, guest).do({ do: 'photo', upload, caption: 'Broken lid' })

    const [request] = await receiver.until(1)
    const { photo, caption } = received(request).json.message as { photo: { file_id: string; width: number; file_size: number }[]; caption: string }
    const download = async (file_id: string) => {
      const { result } = await call.json('getFile', { file_id })
      return Buffer.from(await (await call.file(result.file_path)).arrayBuffer())
    }

    expect(caption).toBe('Broken lid')
    expect(photo.map(({ width }) => width)).toEqual([90, 320])
    expect(await download(photo[1]?.file_id ?? '')).toEqual(jpeg)
    expect((await download(photo[0]?.file_id ?? '')).length).toBe(photo[0]?.file_size)
    expect(photo[0]?.file_size).not.toBe(jpeg.length)
  })

  it('presses a button, whose query can be answered once', async () => {
    const phone = lab.telegram.guest(bot.id, guest)
    phone.do({ do: 'start' })
    const { result } = await call.json('sendMessage', {
      chat_id: guest,
      text: 'Pick one',
      reply_markup: { inline_keyboard: [[{ text: 'Small', callback_data: 'um:c7Qk2' }]] },
    })
    phone.do({ do: 'press', entry: String(result.message_id), button: '0.0' })
    const [, request] = await receiver.until(2)
    const query = request?.json.callback_query as { id: string; data: string; message: { message_id: number } }

    const answered = await call.json('answerCallbackQuery', { callback_query_id: query.id })
    const again = await call.json('answerCallbackQuery', { callback_query_id: query.id })

    expect(query).toMatchObject({ data: 'um:c7Qk2', message: { message_id: result.message_id, text: 'Pick one' } })
    expect(answered.result).toBe(true)
    expect(again.description).toBe('Bad Request: query is too old and response timeout expired or query ID is invalid')
    expect(lab.telegram.callbackAnswers(bot.id)).toEqual([{ id: query.id, answered: true, text: '' }])
  })

  it('answers by a keyboard in place of the phone’s own', async () => {
    const phone = lab.telegram.guest(bot.id, guest, 'Lena Ruiz')
    phone.do({ do: 'start' })
    await call.json('sendMessage', {
      chat_id: guest,
      text: 'Your number?',
      reply_markup: { keyboard: [[{ text: 'Send my number', request_contact: true }], ['No']], one_time_keyboard: true },
    })
    const offered = phone.timeline().phone.keyboard
    phone.do({ do: 'press', button: '0.0' })

    const requests = await receiver.until(2)

    expect(offered?.rows.flat().map(({ title, action }) => [title, action])).toEqual([
      ['Send my number', 'contact'],
      ['No', 'reply'],
    ])
    expect(requests[1]?.json.message).toMatchObject({ contact: { first_name: 'Lena', user_id: guest } })
    expect(phone.timeline().phone.keyboard).toBeUndefined()
  })

  it('blocks and unblocks the bot', async () => {
    const phone = lab.telegram.guest(bot.id, guest)
    phone.do({ do: 'start' })
    phone.do({ do: 'block' })
    phone.do({ do: 'unblock' })

    const requests = await receiver.until(3)

    expect(requests.slice(1).map(({ json }) => (json.my_chat_member as { new_chat_member: { status: string } }).new_chat_member.status)).toEqual([
      'kicked',
      'member',
    ])
  })

  it('sends places, contacts, stickers, voices and albums in the platform’s forms', async () => {
    const phone = lab.telegram.guest(bot.id, guest)
    const upload = (mime: string, name: string) => lab.media.put({ bytes: Buffer.from(name), mime, name }).id
    const image = lab.media.put({ bytes: jpeg, mime: 'image/jpeg', name: 'a.jpg' }).id
    phone.do({ do: 'venue', latitude: 48.2082, longitude: 16.3738, title: 'Café Nord', address: 'Ring 4' })
    phone.do({ do: 'contact', phone: '+4312345678', firstName: 'Ole' })
    phone.do({ do: 'sticker', emoji: '😀' })
    phone.do({ do: 'voice', upload: upload('audio/ogg', 'v.ogg'), durationSeconds: 5 })
    phone.do({ do: 'album', uploads: [image, image], caption: 'Both' })

    const messages = (await receiver.until(6)).map(({ json }) => json.message as Record<string, unknown>)

    expect(messages[0]).toMatchObject({ location: { latitude: 48.2082 }, venue: { title: 'Café Nord', address: 'Ring 4' } })
    expect(messages[1]).toMatchObject({ contact: { phone_number: '+4312345678', first_name: 'Ole' } })
    expect(messages[2]).toMatchObject({ sticker: { emoji: '😀', is_animated: true } })
    expect(messages[3]).toMatchObject({ voice: { mime_type: 'audio/ogg', duration: 5 } })
    expect(messages[4]?.media_group_id).toBe(messages[5]?.media_group_id)
    expect([messages[4]?.caption, messages[5]?.caption]).toEqual(['Both', undefined])
  })

  it('edits a text', async () => {
    const phone = lab.telegram.guest(bot.id, guest)
    const entry = phone.do({ do: 'text', text: 'See example.com please' }).entries[0]?.id ?? ''
    phone.do({ do: 'edit', entry, text: 'See example.org please' })

    const [, request] = await receiver.until(2)

    expect(request?.json.edited_message).toMatchObject({
      message_id: Number(entry),
      text: 'See example.org please',
      edit_date: expect.any(Number),
      entities: [{ type: 'url', offset: 4, length: 11 }],
    })
  })
})

describe('entities', () => {
  it.each([
    ['👍 call +4312345678 now', { type: 'phone_number', offset: 8, length: 11 }],
    ['¡Olá! 👩‍💻 @acme_care_bot por favor', { type: 'mention', offset: 12, length: 14 }],
    ['見て https://example.com/あ です', { type: 'url', offset: 3, length: 21 }],
  ])('are found in "%s" and counted in UTF-16 units', async (text, entity) => {
    await call.json('setWebhook', { url: receiver.url })
    lab.telegram.guest(bot.id, guest).do({ do: 'text', text })

    const [request] = await receiver.until(1)

    expect(request?.json.message).toMatchObject({ entities: [entity] })
  })
})

describe('faults', () => {
  const phone = () => lab.telegram.guest(bot.id, guest)
  const add = (kind: string, more: object = {}) =>
    lab.telegram.faults.add({ simulator: 'telegram', kind, params: {}, where: {}, ...more } as Parameters<Lab['telegram']['faults']['add']>[0])

  it('deliver a webhook again under the same id', async () => {
    await add('duplicate', { times: 1 })
    await call.json('setWebhook', { url: receiver.url })
    phone().do({ do: 'text', text: 'once' })
    phone().do({ do: 'text', text: 'next' })

    const requests = await receiver.until(3)

    const ids = updateIds(requests.filter(({ json }) => (json.message as { text: string }).text === 'once'))
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  it('deliver a webhook again under a new id', async () => {
    await add('duplicate', { times: 1, params: { newId: true, copies: 2 } })
    await call.json('setWebhook', { url: receiver.url })
    phone().do({ do: 'text', text: 'once' })

    const requests = await receiver.until(3)

    expect(new Set(updateIds(requests)).size).toBe(3)
    expect(new Set(requests.map(({ json }) => (json.message as { message_id: number }).message_id)).size).toBe(1)
  })

  it('let the next webhook of the guest overtake', async () => {
    await add('reorder', { times: 1, params: { withinMs: 5000 } })
    await call.json('setWebhook', { url: receiver.url })
    for (const text of ['1', '2', '3']) phone().do({ do: 'text', text })

    expect(texts(await receiver.until(3))).toEqual(['2', '1', '3'])
  })

  it('let a webhook go in its turn when no other comes in time', async () => {
    await add('reorder', { times: 1, params: { withinMs: 20 } })
    await call.json('setWebhook', { url: receiver.url })
    phone().do({ do: 'text', text: 'alone' })

    expect(texts(await receiver.until(1))).toEqual(['alone'])
  })

  it('add a forged copy that carries another secret', async () => {
    await add('forged', { times: 1 })
    await call.json('setWebhook', { url: receiver.url, secret_token: secret })
    phone().do({ do: 'text', text: 'true' })

    const requests = await receiver.until(2)

    const forged = requests.find(({ json }) => (json.message as { text: string }).text === 'This message is forged')
    expect(forged).toBeDefined()
    expect(forged?.headers['x-telegram-bot-api-secret-token']).not.toBe(secret)
  })

  it.each([
    ['rateLimit', { retryAfterSeconds: 7 }, { status: 429, description: 'Too Many Requests: retry after 7', parameters: { retry_after: 7 } }],
    ['serverError', { status: 502 }, { status: 502, description: 'Bad Gateway' }],
    ['badToken', {}, { status: 401, description: 'Unauthorized' }],
    ['blocked', {}, { status: 403, description: 'Forbidden: bot was blocked by the user' }],
    ['blocked', { reason: 'deactivated' }, { status: 403, description: 'Forbidden: user is deactivated' }],
  ])('answer %s %j to the next request only', async (kind, params, expected) => {
    phone().do({ do: 'start' })
    await add(kind, { params, times: 1, where: { operation: 'sendMessage' } })

    const spared = await call.json('getMe')
    const struck = await call.json('sendMessage', { chat_id: guest, text: 'x' })
    const after = await call.json('sendMessage', { chat_id: guest, text: 'y' })

    expect(spared.ok).toBe(true)
    expect(struck).toMatchObject(expected)
    expect(after.ok).toBe(true)
    expect(lab.telegram.sent({ bot: bot.id }).map(({ text }) => text)).toEqual(['y'])
  })

  it('cut the connection before or after the message was sent', async () => {
    phone().do({ do: 'start' })
    await add('reset', { times: 1, where: { operation: 'sendMessage' } })
    await expect(call.json('sendMessage', { chat_id: guest, text: 'lost' })).rejects.toThrow()
    await add('reset', { times: 1, where: { operation: 'sendMessage' }, params: { when: 'after' } })
    await expect(call.json('sendMessage', { chat_id: guest, text: 'sent, but who knows' })).rejects.toThrow()

    expect(lab.telegram.sent({ bot: bot.id }).map(({ text }) => text)).toEqual(['sent, but who knows'])
  })

  it('strike one guest and spare another', async () => {
    phone().do({ do: 'start' })
    lab.telegram.guest(bot.id, guest + 1).do({ do: 'start' })
    const fault = await add('blocked', { where: { account: String(bot.id), guest: String(guest) } })

    const struck = await call.json('sendMessage', { chat_id: guest, text: 'x' })
    const spared = await call.json('sendMessage', { chat_id: guest + 1, text: 'x' })

    expect([struck.status, spared.status]).toEqual([403, 200])
    expect(lab.telegram.faults.list().find(({ id }) => id === fault.id)).toMatchObject({ matched: 1, hits: 1 })
  })

  it('answer late, or never', async () => {
    await add('slow', { times: 1, params: { ms: 50 }, where: { operation: 'getMe' } })
    const began = Date.now()
    await call.json('getMe')
    const ms = Date.now() - began
    await add('hang', { times: 1, where: { operation: 'getMe' } })

    const never = fetch(`${lab.telegram.url}/bot${bot.token}/getMe`, { signal: AbortSignal.timeout(100) })

    expect(ms).toBeGreaterThanOrEqual(49)
    await expect(never).rejects.toThrow(/timeout/)
  })

  it('close the port until the fault is taken away', async () => {
    const down = await add('down')
    const refused = new Promise(resolve => connect(Number(new URL(lab.telegram.url).port), '127.0.0.1').on('error', resolve))

    expect(await refused).toMatchObject({ code: 'ECONNREFUSED' })
    expect(lab.telegram.isUp).toBe(false)
    await lab.telegram.faults.remove(down.id)

    expect((await call.json('getMe')).ok).toBe(true)
  })
})
