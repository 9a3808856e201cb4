import { describe, expect, it } from '@jest/globals'
import type { Content, PlatformCall } from '@um/shared/contract'
import { render } from '../src/render.ts'
import { outgoing } from './samples.ts'

const chat_id = 5550001111
const text = (words: string, out = outgoing()): PlatformCall[] => render.text({ kind: 'text', text: words }, out)

describe('a text', () => {
  it('goes out as it is, without a parse mode', () => {
    expect(text('<b>5 & 6</b> *x* _y_')).toEqual([{ method: 'POST', path: '/sendMessage', json: { chat_id, text: '<b>5 & 6</b> *x* _y_' } }])
  })
  it('goes to a group, and to a channel that is named', () => {
    expect(text('x', outgoing({}, { guest: '-1002200330044' }))).toMatchObject([{ json: { chat_id: -1002200330044 } }])
    expect(text('x', outgoing({}, { guest: '@acme_news' }))).toMatchObject([{ json: { chat_id: '@acme_news' } }])
  })
  it('goes out as the tenant wants it', () => {
    const out = outgoing({ linkPreview: false, protectContent: true, disableNotification: true })

    expect(text('x', out)).toMatchObject([
      { json: { chat_id, text: 'x', link_preview_options: { is_disabled: true }, protect_content: true, disable_notification: true } },
    ])
  })
  it('goes through a business connection', () => {
    expect(text('x', outgoing({}, { address: { business: 'bc-1', thread: '', replyTo: '' } }))).toEqual([
      { method: 'POST', path: '/sendMessage', json: { chat_id, business_connection_id: 'bc-1', text: 'x' } },
    ])
  })
  it('takes nothing of the address that is not meant for sending', () => {
    expect(text('x', outgoing({}, { address: { callbackQueryId: '1', business: '' } }))).toEqual([
      { method: 'POST', path: '/sendMessage', json: { chat_id, text: 'x' } },
    ])
  })
})

describe('quote and topic', () => {
  const out = outgoing({}, { guest: '-1002200330044', address: { thread: '7', replyTo: '41' } })
  const both = { chat_id: -1002200330044, message_thread_id: 7, reply_parameters: { message_id: 41 } }

  it('are named', () => {
    expect(text('x', out)[0]?.json).toEqual({ ...both, text: 'x' })
  })
  it('can each be left out when Telegram does not find them', () => {
    const [call] = text('x', out)

    expect(call?.alternatives?.withoutReply?.[0]?.json).toEqual({ chat_id: -1002200330044, message_thread_id: 7, text: 'x' })
    expect(call?.alternatives?.withoutThread?.[0]?.json).toEqual({ chat_id: -1002200330044, text: 'x' })
    expect(call?.alternatives?.withoutReply?.[0]?.alternatives?.withoutThread?.[0]?.json).toEqual({ chat_id: -1002200330044, text: 'x' })
    expect(call?.alternatives?.withoutThread?.[0]).not.toHaveProperty('alternatives')
  })
  it('are not named where there are none', () => {
    expect(text('x')[0]).not.toHaveProperty('alternatives')
  })
  it('quote once where several calls make a message', () => {
    const calls = render.location({ kind: 'location', latitude: 1, longitude: 2, title: 'Here' }, out)

    expect(calls.map(call => call.json)).toEqual([
      { ...both, text: 'Here' },
      { chat_id: -1002200330044, message_thread_id: 7, latitude: 1, longitude: 2 },
    ])
  })
})

describe('a location', () => {
  const place = { kind: 'location', latitude: 48.2082, longitude: 16.3738 } as const

  it('is a venue with title and address', () => {
    expect(render.location({ ...place, title: 'Café Nord', address: 'Ring 4' }, outgoing())).toEqual([
      { method: 'POST', path: '/sendVenue', json: { chat_id, latitude: 48.2082, longitude: 16.3738, title: 'Café Nord', address: 'Ring 4' } },
    ])
  })
  it('is a bare one without', () => {
    expect(render.location(place, outgoing())).toEqual([{ method: 'POST', path: '/sendLocation', json: { chat_id, latitude: 48.2082, longitude: 16.3738 } }])
  })
  it.each([{ title: 'Café Nord' }, { address: 'Ring 4' }])('goes after its words when it has only %j', words => {
    expect(render.location({ ...place, ...words }, outgoing())).toMatchObject([
      { path: '/sendMessage', json: { text: Object.values(words)[0] }, auxiliary: true },
      { path: '/sendLocation' },
    ])
  })
})

describe('a contact', () => {
  const contact = (more: object): unknown =>
    render.contact({ kind: 'contact', name: 'Service Desk Wien', phones: ['+4312345678'], ...more }, outgoing())[0]?.json

  it('has first and last name', () => {
    expect(contact({})).toEqual({ chat_id, phone_number: '+4312345678', first_name: 'Service', last_name: 'Desk Wien' })
  })
  it('of one name has no last name', () => {
    expect(contact({ name: 'Ann' })).toEqual({ chat_id, phone_number: '+4312345678', first_name: 'Ann' })
  })
  it('without a name is called like its number', () => {
    expect(contact({ name: '' })).toMatchObject({ first_name: '+4312345678' })
  })
  it.each([
    [2048, true],
    [2049, false],
  ])('with a card of %i bytes takes it along: %s', (bytes, taken) => {
    const vcard = `${'é'.repeat(1000)}${'x'.repeat(bytes - 2000)}`

    expect(contact({ vcard })).toEqual(expect.objectContaining(taken ? { vcard } : { first_name: 'Service' }))
    expect(Object.hasOwn(contact({ vcard }) as object, 'vcard')).toBe(taken)
  })
  it('with more than one number gets a card that holds them all', () => {
    expect(contact({ name: 'Ann; Bo', phones: ['+431', '+432'], emails: ['a@example.com'] })).toMatchObject({
      vcard: 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\\; Bo\r\nTEL:+431\r\nTEL:+432\r\nEMAIL:a@example.com\r\nEND:VCARD',
    })
  })
  it('without a number is a text', () => {
    const calls = render.contact({ kind: 'contact', name: 'Ann', phones: [], emails: ['a@example.com'] }, outgoing())

    expect(calls).toMatchObject([{ path: '/sendMessage', json: { text: 'Ann\na@example.com' } }])
  })
})

describe('a sticker', () => {
  const sticker = (more: object): PlatformCall[] => render.sticker({ kind: 'sticker', stickerId: 'CAA1', ...more }, outgoing())

  it('is sent by its file id, else as its emoji', () => {
    expect(sticker({ emoji: '😀', packageId: 'AcmeCats' })).toMatchObject([
      { path: '/sendSticker', json: { sticker: 'CAA1' }, alternatives: { text: [{ path: '/sendMessage', json: { text: '😀' } }] } },
    ])
  })
  it('without an emoji is named', () => {
    expect(sticker({ packageId: 'AcmeCats' })).toMatchObject([{ alternatives: { text: [{ json: { text: '[AcmeCats/CAA1]' } }] } }])
  })
  it('is sent by the file that its own platform knows', () => {
    expect(sticker({ source: { platformId: 'CAA9' } })).toMatchObject([{ json: { sticker: 'CAA9' } }])
  })
  it('of another platform is sent as a file, by URL and else uploaded', () => {
    const source = { url: 'https://files.example.com/s.webp' }

    expect(sticker({ source })).toMatchObject([
      {
        path: '/sendSticker',
        json: { chat_id, sticker: source.url },
        alternatives: {
          upload: [{ path: '/sendSticker', multipart: { fields: { chat_id: '5550001111' }, file: { field: 'sticker', media: source } } }],
          text: [{}],
        },
      },
    ])
  })
  it.each([
    ['image/png', '/sendPhoto'],
    ['image/gif', '/sendAnimation'],
    ['video/webm', '/sendDocument'],
  ])('that is %s goes by %s', (mime, path) => {
    expect(sticker({ source: { url: 'https://files.example.com/s', mime } })).toMatchObject([{ path }])
  })
})

describe('typing', () => {
  it('is shown, in its topic, and is no message', () => {
    expect(render.typing({ kind: 'typing', on: true }, outgoing({}, { address: { thread: '7', business: 'bc-1', replyTo: '41' } }))).toEqual([
      {
        method: 'POST',
        path: '/sendChatAction',
        json: { chat_id, message_thread_id: 7, business_connection_id: 'bc-1', action: 'typing' },
        idempotent: true,
        auxiliary: true,
      },
    ])
  })
  it('ends by itself', () => {
    expect(render.typing({ kind: 'typing', on: false }, outgoing())).toStrictEqual([])
  })
  it('is not shown when the tenant does not want it', () => {
    expect(render.typing({ kind: 'typing', on: true }, outgoing({ showTyping: false }))).toStrictEqual([])
  })
})

describe('a message that changes', () => {
  const edit = (content: Content): PlatformCall[] => render.edit({ kind: 'edit', of: '5550001111:40', content }, outgoing({ protectContent: true }))

  it('is edited, or sent anew when that is not possible any more', () => {
    expect(edit({ kind: 'text', text: 'new' })).toEqual([
      {
        method: 'POST',
        path: '/editMessageText',
        json: { chat_id, message_id: 40, text: 'new' },
        idempotent: true,
        alternatives: { send: [{ method: 'POST', path: '/sendMessage', json: { chat_id, protect_content: true, text: 'new' } }] },
      },
    ])
  })
  it.each<[Content, string]>([
    [{ kind: 'attachment', media: 'image', source: { url: 'https://files.example.com/p.png' } }, '/sendPhoto'],
    [{ kind: 'sticker', stickerId: 'CAA1' }, '/sendSticker'],
    [{ kind: 'location', latitude: 1, longitude: 2 }, '/sendLocation'],
    [{ kind: 'contact', name: 'Ann', phones: ['+43'] }, '/sendContact'],
    [{ kind: 'structured', template: 'buttons', text: 'Now?', items: [] }, '/sendMessage'],
  ])('into %j is a message of its own', (content, path) => {
    expect(edit(content)).toMatchObject([{ path }])
  })
  it.each<[Content, string]>([
    [{ kind: 'choice', payload: 'b', label: 'Blue' }, 'Blue'],
    [{ kind: 'choice', payload: 'b' }, 'b'],
    [{ kind: 'system', text: 'Ole joined' }, 'Ole joined'],
    [{ kind: 'unsupported', what: 'story', text: 'words' }, 'words'],
    [{ kind: 'unsupported', what: 'story' }, 'story'],
  ])('into %j is said', (content, words) => {
    expect(edit(content)).toMatchObject([{ path: '/sendMessage', json: { text: words } }])
  })
  it('cannot become something that is no message', () => {
    expect(edit({ kind: 'typing', on: true })).toStrictEqual([])
  })
  it.each([
    ['5550001111:40', 40],
    ['5550001111:40:bc-1', 40],
    ['40', 40],
  ])('and is withdrawn is deleted: %s', (of, message_id) => {
    expect(render.withdrawn({ kind: 'withdrawn', of }, outgoing())).toEqual([
      { method: 'POST', path: '/deleteMessage', json: { chat_id, message_id }, idempotent: true },
    ])
  })
})
