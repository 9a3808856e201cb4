import { describe, expect, it } from '@jest/globals'
import type { Content, InboundEvent } from '@um/shared/contract'
import { parse } from '../src/parse.ts'
import { conversationId, eventsOf, hookOf, integrationId, messageId, openMessage, tenantOf } from './fakes.ts'

function read(members: Record<string, unknown>): InboundEvent[] {
  return eventsOf(parse(hookOf(openMessage(members)), tenantOf()))
}
function contentsOf(members: Record<string, unknown>): Content[] {
  return read(members).map(event => (event.type === 'message' ? event.content : { kind: 'text', text: event.type }))
}
function structured(content: unknown, text?: string): Content[] {
  return contentsOf({ type: 'Structured', content, ...(text === undefined ? {} : { text }) })
}
const image = {
  mediaType: 'Image',
  url: 'https://api-downloads.mypurecloud.jp/x',
  mime: 'image/png',
  filename: 'a.png',
  contentSizeBytes: 10_240,
  sha256: 'ab',
}
const imageSource = { url: image.url, mime: 'image/png', name: 'a.png', size: 10_240 }
const attachment = (members: object = image) => ({ contentType: 'Attachment', attachment: members })

describe('a message', () => {
  it('is told with who wrote it, when, to whom and where', () => {
    expect(read({ text: 'Hello from the desk' })).toEqual([
      {
        type: 'message',
        id: `Text:${messageId}:2026-03-04T05:06:07.089Z:${messageId}`,
        messageId,
        at: new Date('2026-03-04T05:06:07.089Z'),
        guest: 'U-77',
        address: { conversationId },
        author: 'agent',
        content: { kind: 'text', text: 'Hello from the desk' },
      },
    ])
  })
  it.each([
    ['Human', 'agent'],
    ['Bot', 'bot'],
    [undefined, 'bot'],
  ])('of %s is by the %s', (originatingEntity, author) => {
    expect(read({ text: 'x', originatingEntity })).toMatchObject([{ author }])
  })
  it('does without a conversation', () => {
    expect(read({ text: 'x', conversationId: undefined })[0]).not.toHaveProperty('address')
  })
  it('has another identity at another time and as another type', () => {
    const id = (members: Record<string, unknown>) => read({ text: 'x', ...members })[0]?.id
    const later = { ...(openMessage().channel as object), time: '2026-03-04T05:06:07.090Z' }

    expect(new Set([id({}), id({ channel: later }), id({ type: 'Structured' })]).size).toBe(3)
  })
  it('keeps the spaces of its text', () => {
    expect(contentsOf({ text: '  a\n b ' })).toEqual([{ kind: 'text', text: '  a\n b ' }])
  })
  it('without anything in it is told as what it was', () => {
    expect(contentsOf({ type: 'Message', text: ' ' })).toMatchObject([{ kind: 'unsupported', what: 'Message' }])
  })
  it('with a time that cannot be read is not lost', () => {
    expect(read({ text: 'x', channel: { id: integrationId, to: { id: 'U-77' }, time: 'soon' } })).toMatchObject([{ content: { text: 'x' } }])
  })
  it.each([
    ['names no guest', openMessage({ channel: { id: integrationId, from: { id: integrationId } } })],
    ['has no id', openMessage({ id: undefined })],
    ['has no channel', openMessage({ channel: 'x' })],
    ['is no object', []],
    ['is no JSON', '{"id"'],
  ])('that %s is refused', (_name, body) => {
    expect(parse(hookOf(body), tenantOf())).toMatchObject({ refused: 'malformed' })
  })
})

describe('attachments', () => {
  it.each([
    ['Image', 'image'],
    ['Video', 'video'],
    ['Audio', 'audio'],
    ['File', 'file'],
    ['Hologram', 'file'],
  ])('of the type %s are %s', (mediaType, media) => {
    expect(contentsOf({ content: [attachment({ ...image, mediaType })] })).toEqual([{ kind: 'attachment', media, source: imageSource }])
  })
  it('that are links are texts', () => {
    expect(contentsOf({ content: [attachment({ mediaType: 'Link', url: 'https://acme.com/a', text: 'See' })] })).toEqual([
      { kind: 'text', text: 'See\nhttps://acme.com/a' },
    ])
  })
  it('of one image bear the text as their caption', () => {
    expect(contentsOf({ text: 'Look', content: [attachment({ ...image, text: 'photo' })] })).toEqual([
      { kind: 'attachment', media: 'image', source: imageSource, caption: 'Look\nphoto' },
    ])
  })
  it('of another kind come after the text', () => {
    const source = { url: 'https://acme.com/a.pdf' }

    expect(contentsOf({ text: 'Look', content: [attachment({ mediaType: 'File', ...source })] })).toEqual([
      { kind: 'text', text: 'Look' },
      { kind: 'attachment', media: 'file', source },
    ])
  })
  it('without an address are told as such', () => {
    const element = attachment({ mediaType: 'File', id: '8b36' })

    expect(contentsOf({ content: [element] })).toEqual([{ kind: 'unsupported', what: 'Attachment', raw: element }])
  })
  it('become one message each, of which the last one bears the Genesys id', () => {
    const events = read({ text: 'Two', content: [attachment(), attachment()] })

    expect(events.map(event => 'messageId' in event && event.messageId)).toEqual([`${messageId}#1`, `${messageId}#2`, messageId])
    expect(new Set(events.map(event => event.id)).size).toBe(3)
    expect(events).toMatchObject([{ content: { kind: 'text', text: 'Two' } }, { content: { kind: 'attachment' } }, { content: { kind: 'attachment' } }])
  })
})

describe('quick replies', () => {
  const reply = (text: string, more: object = {}) => ({
    contentType: 'QuickReply',
    quickReply: { text, payload: text.toLowerCase(), action: 'Message', ...more },
  })

  it('come one by one and make one question', () => {
    expect(structured([reply('Yes', { image: 'https://acme.com/y.png' }), reply('No')], 'Really?')).toEqual([
      {
        kind: 'structured',
        template: 'quickReplies',
        text: 'Really?',
        items: [
          { title: 'Yes', payload: 'yes', imageUrl: 'https://acme.com/y.png' },
          { title: 'No', payload: 'no' },
        ],
      },
    ])
  })
  it('without a payload answer with their text', () => {
    expect(structured([{ contentType: 'QuickReply', quickReply: { text: 'Yes' } }])).toMatchObject([{ items: [{ title: 'Yes', payload: 'Yes' }] }])
  })
  it('of the second kind bring their own question', () => {
    const content = [{ contentType: 'QuickReplyV2', quickReplyV2: { title: 'Pick', actions: [{ text: 'A', payload: 'a', action: 'Message' }] } }]

    expect(structured(content)).toEqual([{ kind: 'structured', template: 'quickReplies', text: 'Pick', items: [{ title: 'A', payload: 'a' }] }])
    expect(structured(content, 'Pick')).toMatchObject([{ text: 'Pick' }])
  })
  it('keep their place among other elements', () => {
    expect(structured([attachment(), reply('Yes'), { contentType: 'Text', text: { body: 'After' } }], 'Really?')).toMatchObject([
      { kind: 'attachment' },
      { kind: 'structured', text: 'Really?' },
      { kind: 'text', text: 'After' },
    ])
  })
  it('survive a broken neighbour', () => {
    expect(structured([{ contentType: 'QuickReplyV2', quickReplyV2: { title: 'Pick', actions: [null, { text: 'A', payload: 'a' }] } }])).toMatchObject([
      { items: [{ title: 'A' }] },
    ])
  })
})

describe('cards', () => {
  const card = {
    title: 'T',
    description: 'D',
    image: 'https://acme.com/t.png',
    video: 'https://acme.com/t.mp4',
    defaultAction: { type: 'Link', url: 'https://acme.com/t' },
    actions: [
      { type: 'Postback', text: 'Buy', payload: 'buy-1' },
      { type: 'Link', text: 'More', url: 'https://acme.com/more' },
    ],
  }
  const item = {
    title: 'T',
    description: 'D',
    imageUrl: 'https://acme.com/t.png',
    url: 'https://acme.com/t',
    actions: [
      { title: 'Buy', payload: 'buy-1' },
      { title: 'More', url: 'https://acme.com/more' },
      { title: '▶', url: 'https://acme.com/t.mp4' },
    ],
  }

  it('have pictures, links and buttons', () => {
    expect(structured([{ contentType: 'Card', card }])).toEqual([{ kind: 'structured', template: 'cards', items: [item] }])
  })
  it('have buttons that answer, even where they also name a link', () => {
    const actions = [{ type: 'Postback', text: 'Buy', payload: 'buy-1', url: 'https://acme.com/buy' }]

    expect(structured([{ contentType: 'Card', card: { title: 'T', actions } }])).toMatchObject([{ items: [{ actions: [{ title: 'Buy', payload: 'buy-1' }] }] }])
  })
  it('make a carousel, with the text before them', () => {
    expect(structured([{ contentType: 'Carousel', carousel: { cards: [card, { title: 'U', actions: [] }] } }], 'Offers')).toEqual([
      { kind: 'structured', template: 'cards', text: 'Offers', items: [item, { title: 'U' }] },
    ])
  })
})

describe('pickers and forms', () => {
  it('offer the times of a date picker, answered by the very text of the time', () => {
    const datePicker = {
      id: 'd1',
      title: 'When?',
      subtitle: 'Pick',
      location: { address: '1 A St' },
      availableTimes: [{ dateTime: '2026-05-30T12:00:00+00:00', duration: 1800 }, { dateTime: 'never' }],
    }

    expect(structured([{ contentType: 'DatePicker', datePicker }])).toEqual([
      {
        kind: 'structured',
        template: 'timePicker',
        text: 'When?\nPick\n1 A St',
        items: [{ title: '2026-05-30 12:00 UTC', payload: '2026-05-30T12:00:00+00:00', at: '2026-05-30T12:00:00.000Z', durationSeconds: 1800 }],
      },
    ])
  })
  it('ask in words when a date picker has no times', () => {
    const datePicker = { title: 'When?', dateMinimum: '2026-05-30', dateMaximum: '2026-06-30' }

    expect(structured([{ contentType: 'DatePicker', datePicker }])).toEqual([{ kind: 'text', text: 'When?\n2026-05-30 – 2026-06-30' }])
  })
  it('offer the items of a list picker under their headings', () => {
    const listPicker = {
      sections: [
        { title: 'S', items: [{ id: 'i1', title: 'One', subtitle: 'x', imageUrl: 'https://acme.com/1.png' }] },
        { title: 'R', items: [{ id: 'i2', title: 'Two' }] },
      ],
      receivedMessage: { title: 'Choose', subtitle: 'one' },
    }

    expect(structured([{ contentType: 'ListPicker', listPicker }])).toEqual([
      {
        kind: 'structured',
        template: 'listPicker',
        text: 'Choose\none',
        items: [
          { title: 'One', payload: 'i1', description: 'x', imageUrl: 'https://acme.com/1.png', section: 'S' },
          { title: 'Two', payload: 'i2', section: 'R' },
        ],
      },
    ])
  })
  it('show the pages of a form', () => {
    const form = { introduction: { title: 'Survey', subtitle: 'Short', buttonText: 'Go' }, formPages: [{ title: 'Q1', subtitle: 'Why?' }, { title: 'Q2' }] }

    expect(structured([{ contentType: 'Form', form }])).toEqual([
      { kind: 'structured', template: 'form', text: 'Survey\nShort', items: [{ title: 'Q1', description: 'Why?' }, { title: 'Q2' }] },
    ])
  })
})

describe('other elements', () => {
  const template = {
    id: 'cannedresponse@1',
    header: { text: 'Hello' },
    body: { text: 'Hi {{1}} and {{2}}', parameters: [{ name: '1', text: 'Bo' }] },
    footer: { text: 'Bye' },
  }

  it('tell a notification as its filled-in lines', () => {
    expect(structured([{ contentType: 'Notification', template }])).toEqual([{ kind: 'text', text: 'Hello\nHi Bo and {{2}}\nBye' }])
  })
  it("tell a notification as the message's own text where there is one", () => {
    expect(structured([{ contentType: 'Notification', template }], 'Hi Bo')).toEqual([{ kind: 'text', text: 'Hi Bo' }])
  })
  it('tell a location', () => {
    const location = { latitude: 35.681236, longitude: 139.767125, text: 'HQ', address: '1 A St', url: 'https://acme.com/hq' }

    expect(structured([{ contentType: 'Location', location }])).toEqual([
      { kind: 'location', latitude: 35.681236, longitude: 139.767125, title: 'HQ', address: '1 A St', url: 'https://acme.com/hq' },
    ])
  })
  it('tell a location at the origin, and one without a place as its words', () => {
    expect(structured([{ contentType: 'Location', location: { latitude: 0, longitude: 0 } }])).toEqual([{ kind: 'location', latitude: 0, longitude: 0 }])
    expect(structured([{ contentType: 'Location', location: { text: 'HQ' } }])).toEqual([{ kind: 'text', text: 'HQ' }])
  })
  it('say a text once', () => {
    expect(structured([{ contentType: 'Text', text: { body: 'Same' } }], 'Same')).toEqual([{ kind: 'text', text: 'Same' }])
  })
  it.each(['Reactions', 'Story', 'Mention', 'RichLink', 'PaymentRequest', 'Push', 'InteractiveApplication', 'RoadsideAssistance', 'Unknown', 'toString'])(
    'of the type %s are told by the text, else as what they were',
    contentType => {
      expect(structured([{ contentType }], 'In words')).toEqual([{ kind: 'text', text: 'In words' }])
      expect(structured([{ contentType, x: 1 }])).toEqual([{ kind: 'unsupported', what: contentType, raw: { contentType, x: 1 } }])
    },
  )
  it('that cannot be shown leave nobody to speak for the message', () => {
    const events = read({ content: [{ contentType: 'Push' }, { contentType: 'Text', text: { body: 'x' } }] })

    expect(events.map(event => 'messageId' in event && event.messageId)).toEqual([`${messageId}#1`, `${messageId}#2`])
  })
  it('that are no elements at all are told, not dropped', () => {
    expect(structured([null])).toMatchObject([{ kind: 'unsupported', what: 'Unknown' }])
  })
})

describe('typing and presence', () => {
  const events = (...list: object[]) => read({ type: 'Event', events: list })

  it('shows typing for as long as it is told', () => {
    expect(events({ eventType: 'Typing', typing: { type: 'On', duration: 7000 } })).toMatchObject([
      { type: 'message', author: 'agent', content: { kind: 'typing', on: true, durationSeconds: 7 } },
    ])
  })
  it('shows typing for five seconds when nothing is told', () => {
    expect(events({ eventType: 'Typing' })).toMatchObject([{ content: { kind: 'typing', on: true, durationSeconds: 5 } }])
  })
  it.each([
    ['Disconnect', ['ended']],
    ['Join', ['joined']],
    ['Clear', []],
    ['SignIn', []],
    ['SessionExpired', []],
  ])('takes the presence %s as %j', (type, changes) => {
    expect(events({ eventType: 'Presence', presence: { type } }).map(event => event.type === 'lifecycle' && event.change)).toEqual(changes)
  })
  it('ignores other events, and tells several apart', () => {
    const [one, other] = events({ eventType: 'CoBrowse' }, { eventType: 'Typing' }, { eventType: 'Typing' })

    expect(one?.id).not.toBe(other?.id)
  })
})

describe('receipts', () => {
  const receipt = (members: Record<string, unknown>) => read({ id: 'g-1', type: 'Receipt', direction: 'Inbound', ...members })

  it.each([
    ['Published', 'delivered'],
    ['Delivered', 'delivered'],
    ['Read', 'read'],
    ['Sent', 'sent'],
  ])('of the status %s say %s', (status, state) => {
    expect(receipt({ status })).toMatchObject([{ type: 'receipt', of: 'g-1', state, guest: 'U-77' }])
  })
  it('say why a message failed', () => {
    expect(receipt({ status: 'Failed', reasons: [{ code: 'RateLimited', message: 'too fast' }] })).toMatchObject([
      { state: 'failed', code: 'rateLimited', reason: 'too fast' },
    ])
  })
  it.each(['Removed', undefined])('of the status %s are ignored', status => {
    expect(receipt({ status })).toEqual([])
  })
  it('of one message and time differ by their status', () => {
    expect(receipt({ status: 'Sent' })[0]?.id).not.toBe(receipt({ status: 'Delivered' })[0]?.id)
  })
  it('that name the integration as their receiver are about the sender', () => {
    const channel = { id: integrationId, to: { id: integrationId }, from: { id: 'U-78' }, time: '2026-03-04T05:06:07.089Z' }

    expect(receipt({ status: 'Sent', channel })).toMatchObject([{ guest: 'U-78' }])
  })
})
