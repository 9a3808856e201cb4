import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Lab, startLab } from '../../src/index.ts'
import { jpeg } from '../images.ts'
import { Receiver, received } from '../receiver.ts'
import { caller } from './bot.ts'

const guest = 5550001111
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
    const phone = lab.telegram.guest(bot.id, guest + 7, 'Lena Ruiz')
    phone.do({ do: 'start' })
    await call.json('sendMessage', {
      chat_id: guest + 7,
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
    expect(requests[1]?.json.message).toMatchObject({ contact: { first_name: 'Lena', user_id: guest + 7 } })
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
