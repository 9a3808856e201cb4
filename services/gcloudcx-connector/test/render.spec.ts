import { describe, expect, it } from '@jest/globals'
import type { Content, LifecycleChange, PlatformCall, ReasonCode, Template } from '@um/shared/contract'
import type { Out } from '../src/definition.ts'
import { render, renderLifecycle, renderReceipt } from '../src/render.ts'
import { conversationId, integrationId, messageId, outOf, tenantOf } from './fakes.ts'

const inbound = `/api/v2/conversations/messages/${integrationId}/inbound/open`

function call(content: Content, out: Out = outOf()): PlatformCall[] {
  const renderers: Record<string, (content: never, out: Out) => PlatformCall[]> = render
  return renderers[content.kind]?.(content as never, out) ?? []
}
function jsonOf(content: Content, out?: Out): unknown {
  return call(content, out).map(each => each.json)
}
const legacy = outOf(tenantOf({ inboundApi: 'legacy' }))

describe('text', () => {
  it('goes with the guest and what is known of it', () => {
    const profile = {
      displayName: 'Haru',
      firstName: 'Haru',
      lastName: 'Sato',
      email: 'haru@example.com',
      avatar: { url: 'https://example.com/p.jpg' },
      participantData: { media: 'LINE', locale: 'ja-JP', city: '' },
    }

    expect(call({ kind: 'text', text: 'Where is my parcel?' }, outOf(tenantOf(), { profile }))).toEqual([
      {
        method: 'POST',
        path: `${inbound}/message`,
        query: { prefetchConversationId: 'true' },
        idempotent: true,
        json: {
          channel: {
            platform: 'Open',
            type: 'Private',
            messageId: 'um-0001',
            to: { id: integrationId },
            from: {
              id: 'U-77',
              idType: 'Opaque',
              nickname: 'Haru',
              firstName: 'Haru',
              lastName: 'Sato',
              image: 'https://example.com/p.jpg',
              email: 'haru@example.com',
            },
            time: '2026-03-04T05:06:01.250Z',
            metadata: { customAttributes: { media: 'LINE', locale: 'ja-JP' } },
          },
          text: 'Where is my parcel?',
        },
      },
    ])
  })
  it("carries the tenant's own data, which wins", () => {
    const out = outOf(tenantOf({ customData: { locale: 'en', tier: 'gold', none: '' } }), { profile: { participantData: { media: 'LINE', locale: 'ja' } } })

    expect(jsonOf({ kind: 'text', text: 'x' }, out)).toMatchObject([
      { channel: { metadata: { customAttributes: { media: 'LINE', locale: 'en', tier: 'gold' } } } },
    ])
  })
  it('of a guest of whom nothing is known has neither names nor data', () => {
    expect(jsonOf({ kind: 'text', text: 'x' })).toEqual([
      {
        channel: {
          platform: 'Open',
          type: 'Private',
          messageId: 'um-0001',
          to: { id: integrationId },
          from: { id: 'U-77', idType: 'Opaque' },
          time: '2026-03-04T05:06:01.250Z',
        },
        text: 'x',
      },
    ])
  })
  it('asks for no conversation when the tenant does not want it', () => {
    expect(call({ kind: 'text', text: 'x' }, outOf(tenantOf({ prefetchConversationId: false })))[0]).not.toHaveProperty('query')
  })
  it('goes to the single address of the legacy API, with type and direction', () => {
    const [only] = call({ kind: 'text', text: 'x' }, legacy)

    expect(only).toMatchObject({
      path: '/api/v2/conversations/messages/inbound/open',
      json: { channel: { platform: 'Open', type: 'Private', to: { id: integrationId } }, text: 'x', type: 'Text', direction: 'Inbound' },
    })
  })
  it('of an IVR goes into the conversation without an agent, in pieces that fit', () => {
    const text = `${'a'.repeat(1999)}👩‍💻b`

    expect(call({ kind: 'text', text }, outOf(tenantOf(), { author: 'ivr' }))).toMatchObject([
      {
        path: '/api/v2/conversations/messages/agentless',
        json: {
          fromAddress: integrationId,
          toAddress: 'U-77',
          toAddressMessengerType: 'open',
          textBody: 'a'.repeat(1999),
          useExistingActiveConversation: true,
        },
      },
      { json: { textBody: '👩‍💻b' } },
    ])
  })
})

describe('attachment', () => {
  const photo: Content = {
    kind: 'attachment',
    media: 'image',
    source: { url: 'https://example.com/photo.jpg', mime: 'image/jpeg', name: 'photo.jpg' },
    caption: 'photo',
  }

  it('goes with its caption', () => {
    expect(jsonOf(photo)).toMatchObject([
      {
        channel: { messageId: 'um-0001' },
        text: 'photo',
        content: [
          {
            contentType: 'Attachment',
            attachment: { id: 'um-0001', mediaType: 'Image', url: 'https://example.com/photo.jpg', mime: 'image/jpeg', filename: 'photo.jpg', text: 'photo' },
          },
        ],
      },
    ])
  })
  it('has no text without a caption', () => {
    expect(jsonOf({ kind: 'attachment', media: 'image', source: { url: 'https://example.com/p' } })).toEqual([
      expect.not.objectContaining({ text: expect.anything() }),
    ])
  })
  it.each([
    ['image/png', 'Image'],
    ['VIDEO/mp4', 'Video'],
    ['audio/ogg', 'Audio'],
    ['application/pdf', 'File'],
    ['text/plain', 'File'],
  ])('of %s is of the media type %s, whatever it was called', (mime, mediaType) => {
    expect(jsonOf({ kind: 'attachment', media: 'file', source: { url: 'https://example.com/x', mime } })).toMatchObject([
      { content: [{ attachment: { mediaType, mime } }] },
    ])
  })
  it.each([
    ['image', 'Image', 'image/jpeg'],
    ['audio', 'Audio', 'audio/mpeg'],
    ['video', 'Video', 'video/mp4'],
    ['file', 'File', 'application/octet-stream'],
  ] as const)('without a MIME type is the likeliest %s', (media, mediaType, mime) => {
    expect(jsonOf({ kind: 'attachment', media, source: { url: 'https://example.com/x' } })).toMatchObject([{ content: [{ attachment: { mediaType, mime } }] }])
  })
  it('that is refused goes as text with its address', () => {
    expect(call(photo)[0]?.alternatives?.asText).toMatchObject([
      { json: { channel: { messageId: 'um-0001' }, text: 'photo\nphoto.jpg: https://example.com/photo.jpg' } },
    ])
  })
  it('without an address is named', () => {
    expect(jsonOf({ kind: 'attachment', media: 'file', source: { platformId: 'p', name: 'a.pdf' } })).toMatchObject([{ text: '[a.pdf]' }])
  })
})

describe('location', () => {
  const place: Content = { kind: 'location', latitude: 35.681236, longitude: 139.767125, title: 'Tokyo', address: 'Marunouchi' }
  const words = 'Tokyo\nMarunouchi\nhttps://www.google.com/maps/search/?api=1&query=35.681236,139.767125'

  it('goes as words and a link', () => {
    expect(jsonOf(place)).toMatchObject([{ text: words }])
    expect(call(place)).toHaveLength(1)
  })
  it('goes with a map where there is a key, as a message of its own that may fail', () => {
    const [first, map] = call(place, outOf(tenantOf({ googleMapsKey: 'AIzaTESTKEY01' })))

    expect(first).toMatchObject({ json: { text: words } })
    expect(map).toMatchObject({
      auxiliary: true,
      alternatives: { asText: [] },
      json: {
        channel: { messageId: 'um-0001-map' },
        content: [
          {
            attachment: {
              mediaType: 'Image',
              mime: 'image/png',
              filename: 'location.png',
              url: 'https://maps.googleapis.com/maps/api/staticmap?center=35.681236%2C139.767125&zoom=15&size=400x300&markers=35.681236%2C139.767125&key=AIzaTESTKEY01',
            },
          },
        ],
      },
    })
  })
})

describe('choice', () => {
  const choice = (more: object = {}): Content => ({ kind: 'choice', payload: 'yes', label: 'Yes', of: messageId, template: 'quickReplies', ...more })

  it('answers the message that offered it', () => {
    expect(call(choice())).toMatchObject([
      {
        path: `${inbound}/structured/response`,
        idempotent: true,
        json: {
          channel: { from: { id: 'U-77', idType: 'Opaque' }, messageId: 'um-0001', time: '2026-03-04T05:06:01.250Z' },
          buttonResponse: { type: 'QuickReply', text: 'Yes', payload: 'yes' },
          originatingMessageId: messageId,
        },
        alternatives: { asText: [{ path: `${inbound}/message`, json: { text: 'Yes' } }] },
      },
    ])
  })
  it.each([
    ['quickReplies', 'QuickReply'],
    ['buttons', 'Button'],
    ['cards', 'Button'],
    ['listPicker', 'Button'],
    ['timePicker', 'DatePicker'],
    ['form', 'Button'],
    [undefined, 'QuickReply'],
  ] as readonly [Template | undefined, string][])('of %s is of the type %s', (template, type) => {
    const { template: _, ...rest } = choice() as { template?: Template } & Extract<Content, { kind: 'choice' }>

    expect(jsonOf(template === undefined ? rest : { ...rest, template })).toMatchObject([{ buttonResponse: { type } }])
  })
  it('answers the Genesys message of which the offer was a part', () => {
    expect(jsonOf(choice({ of: `${messageId}#1` }))).toMatchObject([{ originatingMessageId: messageId }])
  })
  it('without a label shows its payload', () => {
    expect(jsonOf({ kind: 'choice', payload: 'yes', of: messageId })).toMatchObject([{ buttonResponse: { text: 'yes', payload: 'yes' } }])
  })
  it.each([
    ['whose origin is unknown', { kind: 'choice', payload: 'yes', label: 'Yes' }, outOf()],
    ['whose offer is over', choice({ expired: true }), outOf()],
    ['on the legacy API', choice(), legacy],
  ] as readonly [string, Content, Out][])('%s goes as text', (_name, content, out) => {
    expect(jsonOf(content, out)).toMatchObject([{ text: 'Yes' }])
  })
})

describe('typing', () => {
  it('is told as an event', () => {
    expect(call({ kind: 'typing', on: true })).toEqual([
      {
        method: 'POST',
        path: `${inbound}/event`,
        auxiliary: true,
        json: { channel: { from: { id: 'U-77', idType: 'Opaque' }, time: '2026-03-04T05:06:01.250Z' }, events: [{ eventType: 'Typing' }] },
      },
    ])
  })
  it('that has ended is not told, nor anything on the legacy API', () => {
    expect([call({ kind: 'typing', on: false }), call({ kind: 'typing', on: true }, legacy)]).toEqual([[], []])
  })
})

describe('renderReceipt', () => {
  it.each(['delivered', 'read'] as const)('tells %s as Delivered', state => {
    expect(renderReceipt({ of: messageId, state }, outOf())).toEqual([
      {
        method: 'POST',
        path: `${inbound}/receipt`,
        idempotent: true,
        auxiliary: true,
        json: {
          id: messageId,
          channel: { to: { id: 'U-77', idType: 'Opaque' }, time: '2026-03-04T05:06:01.250Z' },
          status: 'Delivered',
          isFinalReceipt: true,
          direction: 'Outbound',
        },
      },
    ])
  })
  it('tells a failure with its reason', () => {
    expect(renderReceipt({ of: messageId, state: 'failed', code: 'blocked', why: 'guest blocked the account' }, outOf())).toMatchObject([
      { json: { id: messageId, status: 'Failed', isFinalReceipt: true, reasons: [{ code: 'RecipientOptedOut', message: 'guest blocked the account' }] } },
    ])
  })
  it.each([
    ['unknownGuest', 'InvalidDestination'],
    ['content', 'MessageNotAllowed'],
    ['tooLarge', 'InvalidMediaContentLength'],
    ['mediaType', 'MediaTypeNotAllowed'],
    ['unsupported', 'UnsupportedMessage'],
    ['window', 'MessageNotAllowed'],
    ['rateLimited', 'RateLimited'],
    ['subscription', 'GeneralError'],
    ['expired', 'MessageExpired'],
    ['unavailable', 'ServerError'],
    ['inDoubt', 'GeneralError'],
    ['bug', 'ServerError'],
    [undefined, 'GeneralError'],
  ] as readonly [ReasonCode | undefined, string][])('names the reason %s %s', (code, genesys) => {
    expect(renderReceipt({ of: messageId, state: 'failed', ...(code === undefined ? {} : { code }) }, outOf())).toMatchObject([
      { json: { reasons: [{ code: genesys }] } },
    ])
  })
  it('keeps silent about sent', () => {
    expect(renderReceipt({ of: messageId, state: 'sent' }, outOf())).toEqual([])
  })
  it('lets the last part speak for all, and every part for its failure', () => {
    expect(renderReceipt({ of: `${messageId}#1`, state: 'delivered' }, outOf())).toEqual([])
    expect(renderReceipt({ of: `${messageId}#1`, state: 'failed' }, outOf())).toMatchObject([{ json: { id: messageId, status: 'Failed' } }])
  })
  it('says on the legacy API what it is and for whom', () => {
    expect(renderReceipt({ of: messageId, state: 'delivered' }, legacy)).toMatchObject([
      {
        path: '/api/v2/conversations/messages/inbound/open',
        json: { type: 'Receipt', channel: { platform: 'Open', type: 'Private', from: { id: integrationId }, to: { id: 'U-77' } }, direction: 'Outbound' },
      },
    ])
  })
})

describe('renderLifecycle', () => {
  const shown = (change: LifecycleChange, options: { lines: boolean; disconnect: boolean }, address: Record<string, string> = { conversationId }) => {
    const tenant = tenantOf({ disconnectOnGuestLeave: options.disconnect }, { options: { showSystemMessages: options.lines, prefixAgentName: false } })
    return renderLifecycle(change, outOf(tenant, { to: { guest: 'U-77', address } }))
  }

  it.each([
    ['ended', '[The guest has left the conversation]'],
    ['follow', '[The guest follows the account]'],
    ['unfollow', '[The guest no longer follows the account]'],
    ['optOut', '[The guest has blocked the account]'],
    ['optIn', '[The guest has unblocked the account]'],
  ] as const)('tells %s where system messages are wanted, and only there', (change, text) => {
    expect(shown(change, { lines: true, disconnect: false })).toMatchObject([{ path: `${inbound}/message`, json: { text } }])
    expect(shown(change, { lines: false, disconnect: false })).toEqual([])
  })
  it.each(['started', 'joined'] as const)('tells nothing of %s', change => {
    expect(shown(change, { lines: true, disconnect: true })).toEqual([])
  })
  it.each(['ended', 'unfollow', 'optOut'] as const)('disconnects the conversation when the guest leaves (%s), where that is wanted', change => {
    expect(shown(change, { lines: false, disconnect: true })).toMatchObject([
      { method: 'POST', path: `/api/v2/conversations/${conversationId}/disconnect`, auxiliary: true },
    ])
  })
  it('disconnects nothing when the guest comes, or when no conversation is known', () => {
    expect([shown('follow', { lines: false, disconnect: true }), shown('ended', { lines: false, disconnect: true }, {})]).toEqual([[], []])
  })
})
