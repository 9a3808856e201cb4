import { describe, expect, it } from '@jest/globals'
import type { InboundEvent } from '@um/shared/contract'
import type { Settings } from '../src/definition.ts'
import { parse } from '../src/parse.ts'
import { body, bot, event, group, hook, lena, tenant } from './samples.ts'

function read(members: object, more: Partial<Settings> = {}): InboundEvent[] {
  const events = parse(hook(body(event(members))), tenant(more))
  if (!Array.isArray(events)) throw new Error(events.why)
  return events
}
const content = (message: object, more: Partial<Settings> = {}): unknown => {
  const [found] = read({ message: { id: '5901', ...message } }, more)
  return found?.type === 'message' ? found.content : undefined
}
const inGroup = { source: { type: 'group', groupId: group, userId: lena } }

describe('messages', () => {
  it('have the identity of the message, the time of the event, and what answering takes', () => {
    const [found] = read({ message: { type: 'text', id: '5901', text: 'Order @Shop (star) please', emojis: [{ index: 12, length: 6 }] } })

    expect(found).toEqual({
      type: 'message',
      id: '01KDW3ZR0V6T8B1N5QXJ4M2C7H',
      messageId: '5901',
      guest: lena,
      at: new Date(1767225600123),
      address: { replyToken: '9b1c2d3e4f50617283940a1b2c3d4e5f', replyUntil: '2026-01-01T00:00:50.123Z', unread: '' },
      content: { kind: 'text', text: 'Order @Shop (star) please' },
    })
  })
  it('lie at LINE, with the kind that its end points want to know', () => {
    expect(content({ type: 'image', id: '5902', contentProvider: { type: 'line' } })).toEqual({
      kind: 'attachment',
      media: 'image',
      source: { platformId: 'image:5902' },
    })
    expect(content({ type: 'audio', id: '5904', duration: 4200, contentProvider: { type: 'line' } })).toMatchObject({ durationSeconds: 4.2 })
    expect(content({ type: 'file', id: '5905', fileName: 'invoice-77.pdf', fileSize: 48213 })).toEqual({
      kind: 'attachment',
      media: 'file',
      source: { platformId: 'file:5905', name: 'invoice-77.pdf', size: 48213 },
    })
  })
  it('lie elsewhere when LINE says so', () => {
    const provider = { type: 'external', originalContentUrl: 'https://cdn.example.com/v.mp4', previewImageUrl: 'https://cdn.example.com/v.jpg' }
    expect(content({ type: 'video', duration: 61500, contentProvider: provider })).toEqual({
      kind: 'attachment',
      media: 'video',
      source: { url: 'https://cdn.example.com/v.mp4' },
      durationSeconds: 61.5,
    })
  })
  it('are places, with or without a name', () => {
    expect(content({ type: 'location', latitude: 35.4437, longitude: 139.638 })).toEqual({ kind: 'location', latitude: 35.4437, longitude: 139.638 })
    expect(content({ type: 'location', title: 'Harbour office', address: '1-2 Pier Street', latitude: 35.4437, longitude: 139.638 })).toMatchObject({
      title: 'Harbour office',
      address: '1-2 Pier Street',
    })
  })
  it('are stickers with their keywords, and with a picture when the tenant has some', () => {
    const sticker = { type: 'sticker', packageId: '11537', stickerId: '52002734', stickerResourceType: 'HOLOGRAM', keywords: ['thanks', 'bow'] }
    expect(content(sticker)).toEqual({ kind: 'sticker', packageId: '11537', stickerId: '52002734', emoji: '[thanks, bow]' })
    expect(content({ ...sticker, text: 'Hi!' }, { stickerImageUrl: 'https://p.example.com/{packageId}/{stickerId}.png' })).toMatchObject({
      emoji: 'Hi!',
      source: { url: 'https://p.example.com/11537/52002734.png', mime: 'image/png' },
    })
  })
  it.each([{ type: 'hologram' }, { type: 'location', latitude: 'north' }])('of unknown form are kept: %j', message => {
    expect(content(message)).toMatchObject({ kind: 'unsupported', what: message.type, raw: { message } })
  })
  it('of a redelivery may be answered for longer, after which LINE decides', () => {
    const [found] = read({ deliveryContext: { isRedelivery: true }, message: { type: 'text', id: '1', text: 'x' } })

    expect(found?.address?.replyUntil).toBe('2026-01-01T00:20:00.123Z')
    expect(found?.messageId).toBe('1')
  })
  it('carry the mark of what is unread only when it is wanted', () => {
    const message = { type: 'text', id: '5901', text: 'x', markAsReadToken: 'mR-c3d4' }

    expect(read({ message }, { markAsRead: 'token' })[0]?.address?.unread).toBe('mR-c3d4')
    expect(read({ message }, { markAsRead: 'user' })[0]?.address?.unread).toBe('5901')
    expect(read({ message })[0]?.address?.unread).toBe('')
  })
})

describe('groups', () => {
  const message = { type: 'text', id: '5901', text: 'hi' }
  it('are one conversation, with the author beside it', () => {
    expect(read({ ...inGroup, message })[0]).toMatchObject({ guest: group, from: { participantData: { userId: lena } } })
    expect(read({ source: { type: 'room', roomId: 'R77' }, message })[0]).toMatchObject({ guest: 'R77' })
    expect(read({ source: { type: 'room', roomId: 'R77' }, message })[0]?.from).toBeUndefined()
  })
  it('are not listened to when the tenant wants so', () => {
    expect(read({ ...inGroup, message }, { groupMode: 'ignore' })).toEqual([])
    expect(read({ message }, { groupMode: 'ignore' })).toHaveLength(1)
  })
})

describe('other events', () => {
  it.each([
    [
      { type: 'messageEdited', message: { type: 'text', id: '5901', text: 'Order two please' } },
      { content: { kind: 'edit', of: '5901', content: { kind: 'text', text: 'Order two please' } } },
    ],
    [{ type: 'unsend', unsend: { messageId: '5902' } }, { content: { kind: 'withdrawn', of: '5902' } }],
    [
      { type: 'follow', follow: { isUnblocked: false } },
      { type: 'lifecycle', change: 'follow' },
    ],
    [{ type: 'follow' }, { type: 'lifecycle', change: 'follow' }],
    [
      { type: 'follow', follow: { isUnblocked: true } },
      { type: 'lifecycle', change: 'optIn' },
    ],
    [{ type: 'unfollow' }, { type: 'lifecycle', change: 'unfollow' }],
    [
      { ...inGroup, type: 'join' },
      { type: 'lifecycle', change: 'joined' },
    ],
    [
      { ...inGroup, type: 'leave' },
      { type: 'lifecycle', change: 'ended' },
    ],
    [{ ...inGroup, type: 'memberJoined', joined: { members: [{ type: 'user', userId: lena }] } }, { content: { kind: 'system', text: 'Joined the group: 1' } }],
    [{ type: 'postback', postback: { data: 'choice=blue&m=77' } }, { content: { kind: 'choice', payload: 'choice=blue&m=77' } }],
    [
      { type: 'postback', postback: { data: 'slot', params: { datetime: '2026-02-14T09:30' } } },
      { content: { kind: 'choice', payload: 'slot', label: '2026-02-14T09:30' } },
    ],
    [
      { type: 'postback', postback: { data: 'menu', params: { newRichMenuAliasId: 'menu-b', status: 'SUCCESS' } } },
      { content: { kind: 'system', text: 'Menu: menu-b' } },
    ],
    [{ type: 'videoPlayComplete', videoPlayComplete: { trackingId: 'promo-5' } }, { content: { kind: 'system', text: 'Video watched to its end: promo-5' } }],
    [{ type: 'beacon', beacon: { hwid: '0a1b2c3d4e', type: 'enter', dm: 'f0a1' } }, { content: { kind: 'system', text: 'Beacon: enter 0a1b2c3d4e' } }],
    [{ type: 'accountLink', link: { result: 'ok', nonce: 'bm9uY2UtMDE' } }, { content: { kind: 'system', text: 'Account link: ok' } }],
    [{ type: 'membership', membership: { type: 'joined', membershipId: 3189 } }, { content: { kind: 'system', text: 'Membership: joined' } }],
    [
      { type: 'delivery', delivery: { data: 'tag-1' } },
      { type: 'receipt', of: 'tag-1', state: 'delivered' },
    ],
    [{ type: 'hologram' }, { content: { kind: 'unsupported', what: 'hologram' } }],
    [{ type: 'postback', postback: 'odd' }, { content: { kind: 'unsupported', what: 'postback' } }],
  ])('%j', (members, expected) => {
    expect(read(members)).toMatchObject([expected])
  })
  it('tell of the account itself, which has no source', () => {
    expect(read({ type: 'botSuspended', source: undefined })).toMatchObject([{ type: 'trouble', stops: true, guest: bot }])
    expect(read({ type: 'module', source: undefined, module: { type: 'detached', botId: bot, reason: 'bot_deleted' } })).toMatchObject([
      { type: 'trouble', stops: true, why: 'LINE module detached bot_deleted' },
    ])
    expect(read({ type: 'module', source: undefined, module: { type: 'attached', botId: bot, scopes: [] } })).toEqual([])
    expect(read({ type: 'botResumed', source: undefined })).toEqual([])
    expect(read({ type: 'hologram', source: undefined })).toEqual([])
  })
  it('are left to the module that has the chat, except that the guest comes or goes', () => {
    expect(read({ mode: 'standby', replyToken: undefined, message: { type: 'text', id: '1', text: 'x' } })).toEqual([])
    expect(read({ mode: 'standby', type: 'unfollow' })).toMatchObject([{ change: 'unfollow' }])
  })
  it('do not offer a reply token that the welcome uses', () => {
    expect(read({ type: 'follow' }, { welcomeText: 'Hi' })[0]?.address).toMatchObject({ replyUntil: '' })
    expect(read({ type: 'follow' })[0]?.address).toMatchObject({ replyUntil: '2026-01-01T00:00:50.123Z' })
  })
})
