import { describe, expect, it } from '@jest/globals'
import type { InboundEvent } from '@um/shared/contract'
import { parse } from '../src/parse.ts'
import { attached, event, guest, hookOf, ofAccount, said, tenantOf, vectors } from './samples.ts'

const read = (body: string, tenant = tenantOf()): InboundEvent[] => {
  const events = parse(hookOf(body), tenant)
  if (!Array.isArray(events)) throw new Error(events.why)
  return events
}
const contents = (body: string, tenant = tenantOf()) => read(body, tenant).map(each => (each.type === 'message' ? each.content : each.type))
const url = 'https://zdn.example/x'

describe('a message', () => {
  it('is a text with the guest, its time and its id', () => {
    expect(read(vectors.text.body)).toEqual([
      {
        id: 'user_send_text:a1b2c3d4e5f60718293a',
        messageId: 'a1b2c3d4e5f60718293a',
        guest,
        at: new Date(1_763_804_001_234),
        address: { interaction: '1763804001234' },
        type: 'message',
        content: { kind: 'text', text: 'Xin chào 👋' },
      },
    ])
  })

  it.each(['yesterday', '8999999999999999', '-1'])('has neither a time nor a window to count from when Zalo tells one that is none: %s', timestamp => {
    const [said] = read(event('user_send_text', { message: { msg_id: 'a1', text: 'hi' } }, timestamp))

    expect(said).toMatchObject({ id: 'user_send_text:a1', address: {} })
    expect(said).not.toHaveProperty('at')
    expect(said).not.toHaveProperty('address.interaction')
  })

  it.each([
    ['image', { url, thumbnail: 't' }, { kind: 'attachment', media: 'image', source: { url, expires: true } }],
    ['photo', { url }, { kind: 'attachment', media: 'image', source: { url, expires: true } }],
    ['gif', { url }, { kind: 'attachment', media: 'image', source: { url, expires: true, mime: 'image/gif' } }],
    ['audio', { url }, { kind: 'attachment', media: 'audio', source: { url, expires: true } }],
    ['video', { url, description: 'd' }, { kind: 'attachment', media: 'video', source: { url, expires: true } }],
    [
      'file',
      { url, name: 'a.pdf', size: '48213', type: 'pdf' },
      { kind: 'attachment', media: 'file', source: { url, expires: true, name: 'a.pdf', size: 48_213 } },
    ],
    [
      'file',
      { url, name: 'a.pdf', size: 7, type: 'application/pdf' },
      { kind: 'attachment', media: 'file', source: { url, expires: true, name: 'a.pdf', size: 7, mime: 'application/pdf' } },
    ],
    ['sticker', { id: '7f2a', url }, { kind: 'sticker', stickerId: '7f2a', source: { url, expires: true } }],
    ['link', { url, title: 'Menu', description: 'All of it' }, { kind: 'text', text: `Menu\nAll of it\n${url}` }],
  ])('of the type %s keeps what it shows', (type, payload, content) => {
    expect(contents(attached(type, payload))).toEqual([content])
  })

  it('has its text before its pictures, and each part an id of its own', () => {
    const picture = { type: 'image', payload: { url } }
    const events = read(said('image', { text: 'two', attachments: [picture, picture] }))

    expect(events.map(each => [each.id, each.messageId, each.type === 'message' && each.content.kind])).toEqual([
      ['user_send_image:a1b2c3d4e5f60718293b', 'a1b2c3d4e5f60718293b', 'text'],
      ['user_send_image:a1b2c3d4e5f60718293b#1', 'a1b2c3d4e5f60718293b#1', 'attachment'],
      ['user_send_image:a1b2c3d4e5f60718293b#2', 'a1b2c3d4e5f60718293b#2', 'attachment'],
    ])
  })

  it('names a place by its text, with numbers that come as text', () => {
    const coordinates = { latitude: '10.7725563', longitude: '106.6980413' }

    expect(contents(attached('location', { coordinates }, { text: 'Bến Thành' }))).toEqual([
      { kind: 'location', latitude: 10.7725563, longitude: 106.6980413, title: 'Bến Thành' },
    ])
    expect(contents(attached('location', { coordinates: { latitude: 'north', longitude: '1' } }))).toMatchObject([{ kind: 'unsupported', what: 'location' }])
  })

  it('is a contact when a business card tells a telephone number, and its words otherwise', () => {
    const card = (description: string) => attached('business_card', { url, description }, { text: 'Lan Anh' })

    expect(contents(card('{"phone":"84912345678"}'))).toEqual([{ kind: 'contact', name: 'Lan Anh', phones: ['84912345678'] }])
    expect(contents(card('{"phone":84912345678}'))).toEqual([{ kind: 'contact', name: 'Lan Anh', phones: ['84912345678'] }])
    expect(contents(card('no JSON'))).toEqual([{ kind: 'text', text: `Lan Anh\nno JSON\n${url}` }])
  })

  it('of a new form is told as not supported, with what can be read of it', () => {
    expect(contents(said('hologram', { text: 'look' }))).toMatchObject([
      { kind: 'unsupported', what: 'hologram', text: 'look', raw: { event_name: 'user_send_hologram' } },
    ])
    expect(contents(attached('constructor', { url }))).toMatchObject([{ kind: 'unsupported', what: 'constructor' }])
  })

  it('carries the custom data of the tenant', () => {
    expect(read(vectors.text.body, tenantOf({ customData: { shop: 'north' } }))[0]?.from).toEqual({ participantData: { shop: 'north' } })
  })
})

describe('what is no message', () => {
  it.each([
    ['follow', { follower: { id: guest }, oa_id: '3141592653589793238' }, { type: 'lifecycle', change: 'follow', guest }],
    ['unfollow', { follower: { id: guest }, oa_id: '3141592653589793238' }, { type: 'lifecycle', change: 'unfollow', guest }],
    ['user_received_message', { ...ofAccount, message: { msg_id: 'f1' } }, { type: 'receipt', of: 'f1', state: 'delivered', guest }],
    ['user_seen_message', { ...ofAccount, message: { msg_id: 'f1' } }, { type: 'receipt', of: 'f1', state: 'read', guest }],
    ['user_reacted_message', { message: { msg_id: 'f1', react_icon: '/-heart' } }, { type: 'message', content: { kind: 'system', text: 'Reaction heart' } }],
  ])('%s becomes what it means', (name, more, expected) => {
    expect(read(event(name, more))).toMatchObject([expected])
  })

  it('is one receipt for each message that was seen', () => {
    const body = event('user_seen_message', { ...ofAccount, message: { msg_ids: ['f1', 'f2', 'f1'] } })

    expect(read(body).map(each => [each.id, each.type === 'receipt' && each.of])).toEqual([
      ['user_seen_message:f1', 'f1'],
      ['user_seen_message:f2', 'f2'],
    ])
  })

  it('tells what a guest has filled in, and keeps it with the guest', () => {
    const info = { name: 'Lan Anh', phone: 84_912_345_678, address: '12 Lê Lợi', city: 'Hồ Chí Minh', district: 'Quận 1', ward: 'Bến Nghé' }

    expect(read(event('user_submit_info', { info }))).toMatchObject([
      {
        id: `user_submit_info:${guest}:1763804010000`,
        from: { phone: '84912345678', participantData: { sharedName: 'Lan Anh', address: '12 Lê Lợi', city: 'Hồ Chí Minh', district: 'Quận 1' } },
        content: { kind: 'text', text: 'Lan Anh\n84912345678\n12 Lê Lợi, Bến Nghé, Quận 1, Hồ Chí Minh' },
      },
    ])
  })

  it('is the echo of what the account sends, where system messages are shown', () => {
    const body = event('oa_send_text', { ...ofAccount, message: { msg_id: 'f9', text: 'by hand' } })

    expect(read(body)).toMatchObject([{ guest, author: 'system', echoOf: 'f9', content: { kind: 'system', text: 'Sent from Zalo OA Manager: by hand' } }])
    expect(read(body, tenantOf({}, false))).toEqual([])
  })

  it.each(['user_send_text_group', 'oa_send_group_text', 'user_call_oa', 'user_click_chatnow', 'widget_interaction_accepted', 'toString'])(
    '%s is nothing to us',
    name => {
      expect(read(event(name, { message: { msg_id: 'x', text: 'x' } }))).toEqual([])
    },
  )
})

describe('a visitor who is not signed in', () => {
  const body = event('anonymous_send_text', { message: { msg_id: 'n1', text: 'hi', conversation_id: 'c-7' } })

  it('is heard where the tenant wants it, and can be answered', () => {
    expect(read(body, tenantOf({ acceptAnonymous: true }))).toMatchObject([
      { guest: `anonymous:${guest}`, address: { conversation: 'c-7' }, content: { kind: 'text', text: 'hi' } },
    ])
  })

  it('is not heard otherwise', () => {
    expect(read(body)).toEqual([])
  })
})
