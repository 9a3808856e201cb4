import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { type BotAnswer, caller } from './bot.ts'

const guest = 5550001111
let lab: Lab
let bot: { id: number; token: string }
let call: ReturnType<typeof caller>

beforeAll(async () => {
  lab = await startLab()
  bot = lab.telegram.addBot({ name: 'Acme', username: 'acme_care_bot' })
  call = caller(lab, bot.token)
})
afterAll(async () => lab.close())
beforeEach(() => {
  lab.reset()
  lab.telegram.guest(bot.id, guest, 'Lena Ruiz').do({ do: 'start' })
})

function refusal(answer: BotAnswer): [number, string | undefined] {
  expect(answer.ok).toBe(false)
  expect(answer.error_code).toBe(answer.status)
  return [answer.status, answer.description]
}

describe('tokens', () => {
  it('tells a bot who it is', async () => {
    const answer = await call.json('getMe')

    expect(answer).toMatchObject({ status: 200, ok: true, result: { id: bot.id, is_bot: true, first_name: 'Acme', username: 'acme_care_bot' } })
  })

  it('knows methods in any letters', async () => {
    expect((await call.json('GETME')).ok).toBe(true)
  })

  it('answers 401 to a well-formed token that is not the bot’s', async () => {
    const wrong = `${bot.id}:${'x'.repeat(35)}`

    expect(refusal(await caller(lab, wrong).json('getMe'))).toEqual([401, 'Unauthorized'])
  })

  it('answers 404 to something that is no token', async () => {
    expect(refusal(await caller(lab, '123:short').json('getMe'))).toEqual([404, 'Not Found'])
  })

  it('answers 404 to an unknown method', async () => {
    expect(refusal(await call.json('sendNothing'))).toEqual([404, 'Not Found: method not found'])
  })

  it('refuses the old token after a revocation and takes the new one', async () => {
    const revoked = lab.telegram.addBot()
    const fresh = lab.telegram.revokeToken(revoked.id)

    expect(refusal(await caller(lab, revoked.token).json('getMe'))).toEqual([401, 'Unauthorized'])
    expect((await caller(lab, fresh).json('getMe')).result.id).toBe(revoked.id)
  })

  it('makes a bot of an unknown token unless told not to', async () => {
    const strict = await startLab({ platforms: { telegram: { acceptUnknownTokens: false } } })
    const token = `8123456789:${'y'.repeat(35)}`

    const tolerated = await caller(lab, token).json('getMe')
    const refused = await caller(strict, token).json('getMe')
    await strict.close()

    expect(tolerated.result.id).toBe(8123456789)
    expect(refused.status).toBe(401)
  })
})

describe('sendMessage', () => {
  it('puts the text on the phone and answers the message', async () => {
    const answer = await call.json('sendMessage', { chat_id: guest, text: 'Hello Lena' })

    expect(answer.result).toMatchObject({ text: 'Hello Lena', chat: { id: guest, type: 'private' }, from: { id: bot.id, is_bot: true } })
    const timeline = lab.telegram.guest(bot.id, guest).timeline()
    expect(timeline.entries.at(-1)).toMatchObject({ from: 'business', state: 'shown', body: { kind: 'text', text: 'Hello Lena' } })
    expect(timeline.entries.at(-1)?.refs).toContain(`${guest}:${answer.result.message_id}`)
  })

  it('understands forms as well as JSON', async () => {
    const markup = JSON.stringify({ inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] })

    const answer = await call.form('sendMessage', { chat_id: String(guest), text: 'Well?', reply_markup: markup })

    expect(answer.result.reply_markup.inline_keyboard[0][0]).toEqual({ text: 'Yes', callback_data: 'y' })
  })

  it.each([
    ['no chat', { text: 'x' }, 'Bad Request: chat_id is empty'],
    ['an unknown chat', { chat_id: 4711, text: 'x' }, 'Bad Request: chat not found'],
    ['a chat that is no number', { chat_id: '@nobody', text: 'x' }, 'Bad Request: chat not found'],
    ['no text', { chat_id: guest, text: '' }, 'Bad Request: message text is empty'],
    ['white space only', { chat_id: guest, text: ' \n ' }, 'Bad Request: message text is empty'],
    ['4097 characters', { chat_id: guest, text: 'a'.repeat(4097) }, 'Bad Request: message is too long'],
    ['4095 and a surrogate pair', { chat_id: guest, text: `${'a'.repeat(4095)}😀` }, 'Bad Request: message is too long'],
    ['an unknown reply', { chat_id: guest, text: 'x', reply_parameters: { message_id: 999999 } }, 'Bad Request: message to be replied not found'],
    ['a wrong parse mode', { chat_id: guest, text: 'x', parse_mode: 'rtf' }, 'Bad Request: unsupported parse_mode'],
    [
      'an unknown tag',
      { chat_id: guest, text: '<h1>x</h1>', parse_mode: 'HTML' },
      'Bad Request: can\'t parse entities: Unsupported start tag "h1" at byte offset 0',
    ],
    [
      'callback data of 65 bytes',
      { chat_id: guest, text: 'x', reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: 'x'.repeat(65) }]] } },
      'Bad Request: BUTTON_DATA_INVALID',
    ],
    [
      'a text button in an inline keyboard',
      { chat_id: guest, text: 'x', reply_markup: { inline_keyboard: [[{ text: 'a' }]] } },
      "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
    [
      '101 buttons',
      { chat_id: guest, text: 'x', reply_markup: { inline_keyboard: Array.from({ length: 101 }, () => [{ text: 'a', callback_data: 'a' }]) } },
      'Bad Request: reply markup is too long',
    ],
  ])('refuses %s', async (_what, params, description) => {
    expect(refusal(await call.json('sendMessage', params))).toEqual([400, description])
  })

  it.each([
    ['4096 characters', { text: 'a'.repeat(4096) }],
    ['callback data of 64 bytes', { text: 'x', reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: 'x'.repeat(64) }]] } }],
  ])('takes %s', async (_what, params) => {
    expect((await call.json('sendMessage', { chat_id: guest, ...params })).ok).toBe(true)
  })

  it('counts callback data in bytes, not in characters', async () => {
    const reply_markup = { inline_keyboard: [[{ text: 'a', callback_data: 'はい、予約を確定してください。担当者に伝えます。' }]] }

    expect(refusal(await call.json('sendMessage', { chat_id: guest, text: 'x', reply_markup }))).toEqual([400, 'Bad Request: BUTTON_DATA_INVALID'])
  })

  it('cannot write first to a guest who never began', async () => {
    lab.telegram.openPhone(String(bot.id), { id: '5550009999' })

    expect(refusal(await call.json('sendMessage', { chat_id: 5550009999, text: 'x' }))).toEqual([403, "Forbidden: bot can't initiate conversation with a user"])
  })

  it('answers 403 while the guest has blocked the bot, and shows the refusal on the phone', async () => {
    const phone = lab.telegram.guest(bot.id, guest)
    phone.do({ do: 'block' })

    const refused = await call.json('sendMessage', { chat_id: guest, text: 'Are you there?' })
    phone.do({ do: 'unblock' })
    const taken = await call.json('sendMessage', { chat_id: guest, text: 'Welcome back' })

    expect(refusal(refused)).toEqual([403, 'Forbidden: bot was blocked by the user'])
    expect(taken.ok).toBe(true)
    expect(phone.timeline().entries.find(entry => entry.state === 'refused')).toMatchObject({ status: 403, body: { kind: 'text', text: 'Are you there?' } })
  })

  it('turns HTML into entities that count UTF-16 units', async () => {
    const answer = await call.json('sendMessage', {
      chat_id: guest,
      text: '👍 <b>bold</b> &lt;a&gt; <a href="https://example.com/?a=1&amp;b=2">link</a>',
      parse_mode: 'HTML',
    })

    expect(answer.result.text).toBe('👍 bold <a> link')
    expect(answer.result.entities).toEqual([
      { type: 'bold', offset: 3, length: 4 },
      { type: 'text_link', offset: 12, length: 4, url: 'https://example.com/?a=1&b=2' },
    ])
  })

  it('keeps a list of sent messages and of those that came twice', async () => {
    await call.json('sendMessage', { chat_id: guest, text: 'once' })
    await call.json('sendMessage', { chat_id: guest, text: 'twice' })
    await call.json('sendMessage', { chat_id: guest, text: 'twice' })

    expect(lab.telegram.sent({ chat: guest }).map(({ text }) => text)).toEqual(['once', 'twice', 'twice'])
    expect(lab.telegram.audit().repeated).toEqual([{ id: `${guest} sendMessage  twice`, times: 2 }])
  })
})

describe('rates', () => {
  it('answers 429 with the seconds to wait, in the body and in the header', async () => {
    const strict = await startLab({ platforms: { telegram: { limits: { perBotPerSecond: 1000, perChatPerSecond: 1, perChatBurst: 2 } } } })
    const { id, token } = strict.telegram.addBot()
    strict.telegram.guest(id, guest).do({ do: 'start' })
    const { json } = caller(strict, token)

    const answers = [
      await json('sendMessage', { chat_id: guest, text: '1' }),
      await json('sendMessage', { chat_id: guest, text: '2' }),
      await json('sendMessage', { chat_id: guest, text: '3' }),
    ]
    const other = strict.telegram.guest(id, guest + 1)
    other.do({ do: 'start' })
    const elsewhere = await json('sendMessage', { chat_id: guest + 1, text: '1' })
    await strict.close()

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
    expect(answers[2]).toMatchObject({ description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } })
    expect(answers[2]?.headers.get('retry-after')).toBe('1')
    expect(elsewhere.status).toBe(200)
  })
})

describe('other methods', () => {
  it('shows that the business is typing, until its next message', async () => {
    const phone = () => lab.telegram.guest(bot.id, guest).timeline().phone

    await call.json('sendChatAction', { chat_id: guest, action: 'typing' })
    const during = phone()
    await call.json('sendMessage', { chat_id: guest, text: 'Here' })

    expect(during.typingWhat).toBe('typing')
    expect(phone().typingUntil).toBeUndefined()
    expect(refusal(await call.json('sendChatAction', { chat_id: guest, action: 'dancing' }))).toEqual([400, 'Bad Request: wrong parameter action in request'])
  })

  it('sends places and contacts', async () => {
    const venue = await call.json('sendVenue', { chat_id: guest, latitude: 48.2082, longitude: 16.3738, title: 'Café Nord', address: 'Ring 4' })
    const contact = await call.json('sendContact', { chat_id: guest, phone_number: '+4312345678', first_name: 'Service' })

    expect(venue.result.venue).toMatchObject({ title: 'Café Nord', location: { latitude: 48.2082 } })
    expect(contact.result.contact).toEqual({ phone_number: '+4312345678', first_name: 'Service' })
    expect(refusal(await call.json('sendLocation', { chat_id: guest, longitude: 1 }))).toEqual([400, 'Bad Request: latitude is empty'])
    expect(refusal(await call.json('sendContact', { chat_id: guest, first_name: 'x' }))).toEqual([400, 'Bad Request: parameter "phone_number" is required'])
  })

  it('removes a keyboard once, and says so the second time', async () => {
    const reply_markup = { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] }
    const { result } = await call.json('sendMessage', { chat_id: guest, text: 'Pick', reply_markup })
    const edit = { chat_id: guest, message_id: result.message_id, reply_markup: { inline_keyboard: [] } }

    const first = await call.json('editMessageReplyMarkup', edit)
    const second = await call.json('editMessageReplyMarkup', edit)

    expect(first.result.reply_markup).toBeUndefined()
    expect(refusal(second)).toEqual([
      400,
      'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    ])
    expect(lab.telegram.guest(bot.id, guest).timeline().entries.at(-1)?.buttons).toBeUndefined()
  })

  it('edits and deletes its own messages only', async () => {
    const { result } = await call.json('sendMessage', { chat_id: guest, text: 'Helo' })
    const ids = { chat_id: guest, message_id: result.message_id }

    const edited = await call.json('editMessageText', { ...ids, text: 'Hello' })
    const foreign = await call.json('editMessageText', {
      chat_id: guest,
      message_id: Number(lab.telegram.guest(bot.id, guest).timeline().entries[0]?.id),
      text: 'x',
    })
    const deleted = await call.json('deleteMessage', ids)
    const again = await call.json('deleteMessage', ids)

    expect(edited.result).toMatchObject({ text: 'Hello', edit_date: expect.any(Number) })
    expect(refusal(foreign)).toEqual([400, "Bad Request: message can't be edited"])
    expect(deleted.result).toBe(true)
    expect(refusal(again)).toEqual([400, 'Bad Request: message to delete not found'])
    expect(lab.telegram.guest(bot.id, guest).timeline().entries.at(-1)).toMatchObject({ body: { text: 'Hello' }, deletedAt: expect.any(String) })
  })
})
