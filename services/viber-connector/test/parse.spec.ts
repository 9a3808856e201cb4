import { describe, expect, it } from '@jest/globals'
import type { InboundEvent } from '@um/shared/contract'
import { parse } from '../src/parse.ts'
import { aboutId, aboutUser, ana, callback, said, v1, v2, v3, verified } from './samples.ts'

function only(body: string): InboundEvent {
  const events = parse(verified(body))
  if (!Array.isArray(events) || events.length !== 1 || events[0] === undefined) throw new Error('is not one event')
  return events[0]
}
const contentOf = (message: object): unknown => {
  const event = only(said(message))
  return event.type === 'message' ? event.content : event
}

describe('tokens', () => {
  it('of 64 bits are whole', () => {
    expect(only(v2.body)).toMatchObject({ messageId: '5803119904471862308', id: `message:5803119904471862308:${ana}` })
    expect(only(v3.body)).toMatchObject({ of: '5803119904471862305' })
  })
  it('may be small', () => {
    expect(only(said({ type: 'text', text: 'hi' }, '42'))).toMatchObject({ messageId: '42' })
  })
})

it('knows who writes, when and what', () => {
  expect(only(v2.body)).toEqual({
    type: 'message',
    id: `message:5803119904471862308:${ana}`,
    messageId: '5803119904471862308',
    guest: ana,
    at: new Date(1767225600800),
    from: {
      displayName: 'Ana Petrova',
      avatar: { url: 'https://media-direct.example.com/a' },
      participantData: { country: 'BG', locale: 'bg' },
    },
    address: { keyboard: '' },
    content: { kind: 'text', text: 'Здравей 👋' },
  })
})

it.each([8_640_000_000_000_001, 8_999_999_999_999_999, -1, 0.5, 'yesterday'])('knows no time when Viber tells one that is none: %s', timestamp => {
  const event = only(callback('delivered', { user_id: ana, timestamp }))

  expect(event).toMatchObject({ type: 'receipt', state: 'delivered' })
  expect(event).not.toHaveProperty('at')
})
it('knows the last time that there is', () => {
  expect(only(callback('delivered', { user_id: ana, timestamp: 8.64e15 })).at).toEqual(new Date(8.64e15))
})

describe('messages', () => {
  const link = 'https://dl-media.example.com/p?x=1'
  it('with media are fetched before the hour is over', () => {
    expect(contentOf({ type: 'picture', media: link, file_name: 'p.jpg', text: 'my receipt' })).toEqual({
      kind: 'attachment',
      media: 'image',
      source: { url: link, name: 'p.jpg', expires: true },
      caption: 'my receipt',
    })
    expect(contentOf({ type: 'video', media: link, size: 1048576, duration: 14 })).toEqual({
      kind: 'attachment',
      media: 'video',
      source: { url: link, name: 'viber-5803119904471862309', size: 1048576, expires: true },
      durationSeconds: 14,
    })
  })
  it.each([
    ['договор.pdf', 'file'],
    ['note.M4A', 'audio'],
    ['mp3', 'file'],
  ])('with the file %s are %s', (file_name, media) => {
    expect(contentOf({ type: 'file', media: link, file_name, size: 10240 })).toMatchObject({ media, source: { name: file_name, size: 10240 } })
  })
  it('are stickers, contacts, places and links', () => {
    expect(contentOf({ type: 'sticker', sticker_id: 40109, media: link })).toMatchObject({ kind: 'sticker', stickerId: '40109', source: { url: link } })
    expect(contentOf({ type: 'sticker', sticker_id: 40109 })).toEqual({ kind: 'sticker', stickerId: '40109' })
    expect(contentOf({ type: 'contact', contact: { name: 'Ivo', phone_number: '+359888123456' } })).toEqual({
      kind: 'contact',
      name: 'Ivo',
      phones: ['+359888123456'],
    })
    expect(contentOf({ type: 'location', location: { lat: 42.6977, lon: 23.3219 } })).toEqual({ kind: 'location', latitude: 42.6977, longitude: 23.3219 })
    expect(contentOf({ type: 'url', media: 'https://example.com/offer' })).toEqual({ kind: 'text', text: 'https://example.com/offer' })
  })
  it('are choices when they are the key of a button, and nothing near it', () => {
    expect(contentOf({ type: 'text', text: 'um:k81aAbCdEf' })).toEqual({ kind: 'choice', payload: 'um:k81aAbCdEf' })
    for (const text of ['um:k81aAbCdE', 'um:k81aAbCdEfg', ' um:k81aAbCdEf', 'um:']) expect(contentOf({ type: 'text', text })).toEqual({ kind: 'text', text })
  })
  it.each([
    ['rich_media', { type: 'rich_media', rich_media: {} }],
    ['constructor', { type: 'constructor' }],
    ['picture', { type: 'picture' }],
    ['text', { type: 'text' }],
  ])('of an unknown kind or form are kept: %s', (what, message) => {
    expect(contentOf(message)).toMatchObject({ kind: 'unsupported', what, raw: { message } })
  })
})

describe('what happens', () => {
  it('is the opening of a chat, with the context of the link', () => {
    expect(only(aboutUser('conversation_started', { type: 'open', context: 'campaign=7', subscribed: false }))).toMatchObject({
      type: 'lifecycle',
      change: 'started',
      data: { context: 'campaign=7', subscribed: 'false' },
      from: { displayName: 'Ana Petrova' },
    })
  })
  it.each([
    [aboutUser('subscribed'), { type: 'lifecycle', change: 'optIn' }],
    [aboutId('unsubscribed'), { type: 'lifecycle', change: 'optOut' }],
    [aboutId('delivered'), { type: 'receipt', state: 'delivered', of: '5803119904471862309' }],
    [aboutId('seen'), { type: 'receipt', state: 'read', of: '5803119904471862309' }],
    [aboutId('failed', { desc: 'no device' }), { type: 'receipt', state: 'failed', reason: 'no device' }],
    [
      aboutUser('client_status', { status: { type: 'payment', code: 0, tracking_data: 'o-77' } }),
      { content: { kind: 'system', text: 'Status: payment 0 o-77' } },
    ],
    [aboutUser('hologram'), { content: { kind: 'unsupported', what: 'hologram' } }],
  ])('is told: %#', (body, event) => {
    expect(only(body)).toMatchObject({ guest: ana, ...event })
  })
  it('of an event and of another about the same message has two ids', () => {
    expect(only(aboutId('delivered')).id).not.toBe(only(aboutId('seen')).id)
  })
  it('is nothing when no guest is concerned', () => {
    expect(parse(verified(v1.body))).toEqual([])
    expect(parse(verified(callback('hologram')))).toEqual([])
  })
  it.each(['', '[]', '{}', '{"event":""}', 'null'])('is refused when it is not of Viber: %j', body => {
    expect(parse(verified(body))).toMatchObject({ refused: 'malformed' })
  })
})
