import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { jpeg, ogg, pdf, png } from '../images.ts'
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
    const strict = await startLab({ telegram: { acceptUnknownTokens: false } })
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
    const strict = await startLab({ telegram: { limits: { perBotPerSecond: 1000, perChatPerSecond: 1, perChatBurst: 2 } } })
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

describe('media', () => {
  const upload = (bytes: Buffer, name: string, mime: string) => ({ bytes, name, mime })

  it('takes a photo as an upload, and gives it back by its id', async () => {
    const sent = await call.multipart('sendPhoto', { chat_id: String(guest), caption: 'Plan' }, { photo: upload(jpeg, 'plan.jpg', 'image/jpeg') })
    const largest = sent.result.photo.at(-1)
    const again = await call.json('sendPhoto', { chat_id: guest, photo: largest.file_id })

    expect(largest).toMatchObject({ width: 320, height: 200, file_size: jpeg.length })
    expect(sent.result.caption).toBe('Plan')
    expect(again.result.photo.at(-1).file_unique_id).toBe(largest.file_unique_id)
    expect(lab.telegram.guest(bot.id, guest).timeline().entries.at(-2)?.body).toMatchObject({
      kind: 'photo',
      caption: 'Plan',
      media: { size: jpeg.length, width: 320 },
    })
  })

  it('fetches a photo by its address', async () => {
    const stored = lab.media.put({ bytes: jpeg, mime: 'image/jpeg', name: 'far.jpg' })

    const sent = await call.json('sendPhoto', { chat_id: guest, photo: `${lab.url}/lab/api/media/${stored.id}/far.jpg` })

    expect(sent.result.photo.at(-1)).toMatchObject({ width: 320, height: 200 })
  })

  it.each([
    ['an address that is none', 'https://', 'Bad Request: wrong HTTP URL specified'],
    ['an address where nothing is', 'LAB/lab/api/media/nothing/x.jpg', 'Bad Request: failed to get HTTP URL content'],
    ['an address of a page', 'LAB/lab/api/info', 'Bad Request: wrong type of the web page content'],
    ['an unknown file id', 'AgAdunknown', 'Bad Request: wrong file identifier/HTTP URL specified'],
    ['nothing', '', 'Bad Request: there is no photo in the request'],
  ])('refuses a photo by %s', async (_what, photo, description) => {
    expect(refusal(await call.json('sendPhoto', { chat_id: guest, photo: photo.replace('LAB', lab.url) }))).toEqual([400, description])
  })

  it.each([
    ['no image', pdf, 'Bad Request: IMAGE_PROCESS_FAILED'],
    ['an image that is too wide', png(9000, 1001), 'Bad Request: PHOTO_INVALID_DIMENSIONS'],
    ['an image that is too flat', png(2100, 100), 'Bad Request: PHOTO_INVALID_DIMENSIONS'],
    [
      'more than 10 MB',
      Buffer.concat([jpeg, Buffer.alloc(10 * 1024 * 1024)]),
      `Bad Request: file of size ${jpeg.length + 10485760} bytes is too big for a photo; the maximum size is 10485760 bytes`,
    ],
  ])('refuses a photo that is %s', async (_what, bytes, description) => {
    expect(refusal(await call.multipart('sendPhoto', { chat_id: String(guest) }, { photo: upload(bytes, 'x.jpg', 'image/jpeg') }))).toEqual([400, description])
  })

  it('takes a photo at the limits of proportion', async () => {
    expect((await call.multipart('sendPhoto', { chat_id: String(guest) }, { photo: upload(png(2000, 100), 'x.png', 'image/png') })).ok).toBe(true)
  })

  it('takes by address only the documents that the platform promises', async () => {
    const address = (mime: string, name: string) => `${lab.url}/lab/api/media/${lab.media.put({ bytes: pdf, mime, name }).id}/${name}`

    const promised = await call.json('sendDocument', { chat_id: guest, document: address('application/pdf', 'c.pdf') })
    const other = await call.json('sendDocument', { chat_id: guest, document: address('text/csv', 'c.csv') })
    const uploaded = await call.multipart('sendDocument', { chat_id: String(guest) }, { document: upload(pdf, 'c.csv', 'text/csv') })

    expect(promised.result.document).toMatchObject({ file_name: 'c.pdf', mime_type: 'application/pdf', file_size: pdf.length })
    expect(refusal(other)).toEqual([400, 'Bad Request: wrong type of the web page content'])
    expect(uploaded.result.document).toMatchObject({ file_name: 'c.csv', mime_type: 'text/csv' })
  })

  it('sends a voice message that is not OGG as what it is', async () => {
    const voice = await call.multipart('sendVoice', { chat_id: String(guest) }, { voice: upload(ogg, 'v.ogg', 'audio/ogg') })
    const other = await call.multipart('sendVoice', { chat_id: String(guest) }, { voice: upload(ogg, 'v.wav', 'audio/wav') })

    expect(voice.result.voice).toMatchObject({ mime_type: 'audio/ogg' })
    expect(other.result.voice).toBeUndefined()
    expect(other.result.document).toMatchObject({ file_name: 'v.wav' })
  })

  it('refuses a caption of 1025 characters and takes one of 1024', async () => {
    const photo = { photo: upload(jpeg, 'x.jpg', 'image/jpeg') }

    expect(refusal(await call.multipart('sendPhoto', { chat_id: String(guest), caption: 'c'.repeat(1025) }, photo))).toEqual([
      400,
      'Bad Request: message caption is too long',
    ])
    expect((await call.multipart('sendPhoto', { chat_id: String(guest), caption: 'c'.repeat(1024) }, photo)).ok).toBe(true)
  })

  it('answers 413 to more than 50 MB', async () => {
    const big = upload(Buffer.alloc(50 * 1024 * 1024 + 1), 'big.bin', 'application/octet-stream')

    expect(refusal(await call.multipart('sendDocument', { chat_id: String(guest) }, { document: big }))).toEqual([413, 'Request Entity Too Large'])
  })

  it('sends an album of uploads and keeps it together', async () => {
    const media = JSON.stringify([
      { type: 'photo', media: 'attach://one', caption: 'Both sides' },
      { type: 'photo', media: 'attach://two' },
    ])

    const sent = await call.multipart(
      'sendMediaGroup',
      { chat_id: String(guest), media },
      { one: upload(jpeg, '1.jpg', 'image/jpeg'), two: upload(png(10, 10), '2.png', 'image/png') },
    )

    expect(sent.result.map((message: { caption?: string }) => message.caption)).toEqual(['Both sides', undefined])
    expect(new Set(sent.result.map((message: { media_group_id: string }) => message.media_group_id)).size).toBe(1)
    const entries = lab.telegram.guest(bot.id, guest).timeline().entries.slice(-2)
    expect(entries.map(entry => entry.album)).toEqual([sent.result[0].media_group_id, sent.result[0].media_group_id])
  })

  it.each([
    ['one part', [{ type: 'photo', media: 'x' }], 'Bad Request: there are too few messages to send as an album'],
    ['eleven parts', Array.from({ length: 11 }, () => ({ type: 'photo', media: 'x' })), 'Bad Request: there are too much messages to send as an album'],
    [
      'documents among photos',
      [
        { type: 'photo', media: 'x' },
        { type: 'document', media: 'y' },
      ],
      "Bad Request: can't use the media of the specified type in the album",
    ],
  ])('refuses an album of %s', async (_what, media, description) => {
    expect(refusal(await call.json('sendMediaGroup', { chat_id: guest, media }))).toEqual([400, description])
  })
})

describe('files of guests', () => {
  it('cannot be fetched by another bot', async () => {
    const sent = await call.multipart('sendDocument', { chat_id: String(guest) }, { document: { bytes: pdf, name: 'c.pdf', mime: 'application/pdf' } })
    const fileId = sent.result.document.file_id
    const other = caller(lab, lab.telegram.addBot().token)

    const own = await call.json('getFile', { file_id: fileId })
    const bytes = await call.file(own.result.file_path)

    expect(own.result).toMatchObject({ file_id: fileId, file_size: pdf.length })
    expect(bytes.headers.get('content-type')).toBe('application/octet-stream')
    expect(Buffer.from(await bytes.arrayBuffer())).toEqual(pdf)
    expect(refusal(await other.json('getFile', { file_id: fileId }))).toEqual([400, 'Bad Request: invalid file_id'])
    expect((await other.file(own.result.file_path)).status).toBe(404)
  })

  it('are too big above 20 MB', async () => {
    const big = { bytes: Buffer.alloc(20 * 1024 * 1024 + 1), name: 'big.bin', mime: 'application/octet-stream' }
    const sent = await call.multipart('sendDocument', { chat_id: String(guest) }, { document: big })

    expect(refusal(await call.json('getFile', { file_id: sent.result.document.file_id }))).toEqual([400, 'Bad Request: file is too big'])
  })

  it('include the profile picture', async () => {
    const avatar = lab.media.put({ bytes: jpeg, mime: 'image/jpeg', name: 'me.jpg' })
    lab.telegram.openPhone(String(bot.id), { id: '5550003333', name: 'Ole', avatar: avatar.id })

    const photos = await call.json('getUserProfilePhotos', { user_id: 5550003333, limit: 1 })
    const none = await call.json('getUserProfilePhotos', { user_id: guest })

    expect(photos.result.photos[0].at(-1)).toMatchObject({ width: 320, height: 200 })
    expect(none.result).toEqual({ total_count: 0, photos: [] })
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
