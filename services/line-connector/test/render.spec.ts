import { describe, expect, it } from '@jest/globals'
import type { Content, ContentOf, StructuredItem } from '@um/shared/contract'
import type { Settings } from '../src/definition.ts'
import { render } from '../src/render.ts'
import { group, lena, outgoing } from './samples.ts'

interface Message {
  type: string
  [member: string]: unknown
}
type Rendered = ContentOf<keyof typeof render>
function messages(content: Rendered): Message[] {
  const renderer = render[content.kind] as (content: Content, out: ReturnType<typeof outgoing>) => { json?: unknown }[]
  return renderer(content, outgoing()).flatMap(({ json }) => (json as { messages: Message[] }).messages)
}
const url = (file: string): string => `https://files.example.com/${file}`
const attachment = (media: 'image' | 'audio' | 'video' | 'file', file: string, mime?: string, size?: number, durationSeconds?: number): Message[] =>
  messages({
    kind: 'attachment',
    media,
    source: { url: url(file), ...(mime ? { mime } : {}), ...(size ? { size } : {}) },
    ...(durationSeconds ? { durationSeconds } : {}),
  })

describe('attachments', () => {
  it('are pictures up to a megabyte, their own preview', () => {
    const native = { type: 'image', originalContentUrl: url('p.jpg'), previewImageUrl: url('p.jpg') }

    expect(attachment('image', 'p.jpg', 'image/jpeg', 1_000_000)).toEqual([native])
    expect(attachment('image', 'p.jpg')).toEqual([native])
  })
  it('are cards with the picture when it is larger, without it when it is too large or of another kind', () => {
    const hero = { type: 'image', url: url('p.png') }

    expect(attachment('image', 'p.png', 'image/png', 1_000_001)).toMatchObject([{ type: 'flex', contents: { hero } }])
    expect(attachment('image', 'p.png', 'image/png', 10_000_001)[0]?.contents).not.toHaveProperty('hero')
    expect(attachment('image', 'p.gif', 'image/gif')[0]?.contents).not.toHaveProperty('hero')
  })
  it('are films with the picture that this service serves', () => {
    expect(attachment('video', 'v.mp4', 'video/mp4')).toEqual([
      { type: 'video', originalContentUrl: url('v.mp4'), previewImageUrl: 'https://um.example.com/line/preview.png' },
    ])
    expect(attachment('video', 'v.mov', 'video/quicktime')).toMatchObject([{ type: 'flex' }])
    expect(attachment('video', 'v.mp4', 'video/mp4', 200_000_001)).toMatchObject([{ type: 'flex' }])
  })
  it('are sound with its length in milliseconds, a minute when nobody tells', () => {
    expect(attachment('audio', 'a.m4a', 'audio/mp4', 1000, 4.2)).toEqual([{ type: 'audio', originalContentUrl: url('a.m4a'), duration: 4200 }])
    expect(attachment('audio', 'a.mp3')).toMatchObject([{ duration: 60_000 }])
    expect(attachment('audio', 'a.ogg', 'audio/ogg')).toMatchObject([{ type: 'flex' }])
  })
  it('are cards with name, size and a button when they are files', () => {
    const [card] = messages({
      kind: 'attachment',
      media: 'file',
      source: { url: url('inv.pdf'), mime: 'application/pdf', name: 'Invoice 77.pdf', size: 48_213 },
    })

    expect(card).toMatchObject({
      type: 'flex',
      altText: 'Invoice 77.pdf',
      contents: {
        body: { contents: [{ text: 'Invoice 77.pdf' }, { text: '0.048 MB' }] },
        footer: { contents: [{ action: { type: 'uri', uri: url('inv.pdf') } }] },
      },
    })
  })
  it('are words when their address is too long for a button', () => {
    const long = url(`c.pdf?signature=${'s'.repeat(1000)}`)

    expect(messages({ kind: 'attachment', media: 'file', source: { url: long, name: 'c.pdf' } })).toEqual([{ type: 'text', text: `c.pdf: ${long}` }])
  })
  it('carry their caption in the same request', () => {
    const source = { url: url('p.jpg'), mime: 'image/jpeg' }

    expect(messages({ kind: 'attachment', media: 'image', source, caption: 'Plan B' })).toMatchObject([{ type: 'image' }, { type: 'text', text: 'Plan B' }])
  })
  it('are encoded addresses', () => {
    expect(attachment('image', 'Плàn b.jpg')).toMatchObject([{ originalContentUrl: 'https://files.example.com/%D0%9F%D0%BB%C3%A0n%20b.jpg' }])
  })
})

describe('places, people and stickers', () => {
  it('fill in what LINE wants to have', () => {
    expect(messages({ kind: 'location', latitude: 35.4437, longitude: 139.638 })).toEqual([
      { type: 'location', title: '35.4437, 139.638', address: '35.4437, 139.638', latitude: 35.4437, longitude: 139.638 },
    ])
    expect(messages({ kind: 'location', latitude: 1, longitude: 2, title: 't'.repeat(101), address: 'Pier 1' })).toMatchObject([
      { title: 't'.repeat(100), address: 'Pier 1' },
    ])
  })
  it('let phones ring', () => {
    expect(messages({ kind: 'contact', name: 'Ann', phones: ['+43 1 234'] })).toMatchObject([
      { template: { type: 'buttons', actions: [{ type: 'uri', label: '+43 1 234', uri: 'tel:+431234' }] } },
    ])
  })
  it('know stickers by both ids, else by their picture', () => {
    expect(messages({ kind: 'sticker', packageId: '446', stickerId: '1988' })).toEqual([{ type: 'sticker', packageId: '446', stickerId: '1988' }])
    expect(messages({ kind: 'sticker', stickerId: 'x', source: { url: url('s.png') } })).toMatchObject([{ type: 'image' }])
    expect(messages({ kind: 'sticker', stickerId: 'x', emoji: '😀' })).toEqual([{ type: 'text', text: '😀' }])
  })
})

describe('typing', () => {
  const typing = (durationSeconds?: number, more: Partial<Settings> = {}, guest = lena): unknown =>
    render.typing({ kind: 'typing', on: true, ...(durationSeconds === undefined ? {} : { durationSeconds }) }, outgoing(more, { guest }))[0]?.json
  it.each([
    [undefined, 20],
    [1, 5],
    [6, 10],
    [60, 60],
    [300, 60],
  ])('of %j seconds is shown for %d', (asked, shown) => {
    expect(typing(asked)).toEqual({ chatId: lena, loadingSeconds: shown })
  })
  it('is not shown in groups, nor when it is off, nor can it be ended', () => {
    expect(typing(5, {}, group)).toBeUndefined()
    expect(typing(5, { showTyping: false })).toBeUndefined()
    expect(render.typing({ kind: 'typing', on: false }, outgoing())).toEqual([])
  })
})

describe('choices', () => {
  const items = (count: number, more: Partial<StructuredItem> = {}): StructuredItem[] =>
    Array.from({ length: count }, (_, index) => ({ title: `Size ${index}`, payload: `size=${index}`, token: `tok${index}`, ...more }))
  const offer = (template: ContentOf<'structured'>['template'], of: StructuredItem[], text = 'Which size?'): Message[] =>
    messages({ kind: 'structured', template, text, items: of })

  it('are quick replies, thirteen at most', () => {
    expect(offer('quickReplies', items(2))).toEqual([
      {
        type: 'text',
        text: 'Which size?',
        quickReply: {
          items: [0, 1].map(index => ({
            type: 'action',
            action: { type: 'postback', label: `Size ${index}`, data: `size=${index}`, displayText: `Size ${index}` },
          })),
        },
      },
    ])
    expect(offer('quickReplies', items(13))).toMatchObject([{ type: 'text' }])
    expect(offer('listPicker', items(13))).toMatchObject([{ type: 'text' }])
    expect(offer('quickReplies', items(14))).toMatchObject([{ type: 'flex' }])
  })
  it('are lists when labels are long or there is more to tell', () => {
    expect(offer('quickReplies', items(2, { title: 'x'.repeat(21) }))).toMatchObject([{ type: 'flex' }])
    const [list] = offer('listPicker', items(2, { description: 'in stock', section: 'Shoes' }))
    expect(list).toMatchObject({ type: 'flex', altText: 'Which size?\nSize 0\nSize 1' })
    expect(JSON.stringify(list).match(/Shoes/g)).toHaveLength(1)
    expect(JSON.stringify(list).match(/in stock/g)).toHaveLength(2)
  })
  it('are two answers, up to four buttons, or a list', () => {
    expect(offer('buttons', items(2))).toMatchObject([{ type: 'template', altText: 'Which size?\nSize 0\nSize 1', template: { type: 'confirm' } }])
    expect(offer('buttons', items(1))).toMatchObject([{ template: { type: 'buttons', text: 'Which size?' } }])
    expect(offer('buttons', items(4))).toMatchObject([{ template: { type: 'buttons' } }])
    expect(offer('buttons', items(5))).toMatchObject([{ type: 'flex' }])
    expect(offer('buttons', items(4), 'x'.repeat(161))).toMatchObject([{ type: 'flex' }])
    expect(offer('buttons', items(2), 'x'.repeat(240))).toMatchObject([{ template: { type: 'confirm' } }])
    expect(offer('buttons', items(2), 'x'.repeat(241))).toMatchObject([{ type: 'flex' }])
  })
  it('have a text to stand under', () => {
    expect(messages({ kind: 'structured', template: 'buttons', items: items(3) })).toMatchObject([{ template: { text: '⬇️' } }])
  })
  it('are numbered lines, to be answered by number, when LINE does not like them; a picture in words is not', () => {
    const options: StructuredItem[] = [
      { title: 'Blue', payload: 'b' },
      { title: 'Red', payload: 'r' },
    ]
    const [menu] = render.structured({ kind: 'structured', template: 'buttons', text: 'Which?', items: options }, outgoing())
    const [picture] = render.attachment({ kind: 'attachment', media: 'image', source: { url: url('p.jpg') } }, outgoing())

    expect(menu?.numbered).toBeUndefined()
    expect(menu?.alternatives?.text).toMatchObject([{ numbered: true, json: { messages: [{ text: 'Which?\n1. Blue\n2. Red' }] } }])
    expect(picture?.alternatives?.text).toHaveLength(1)
    expect(picture?.alternatives?.text?.[0]).not.toHaveProperty('numbered')
  })
  it('come back by their token when they are longer than 300 characters', () => {
    const data = (payload: string): unknown => {
      const [message] = offer('quickReplies', items(1, { payload }))
      return message?.quickReply
    }

    expect(data('p'.repeat(300))).toMatchObject({ items: [{ action: { data: 'p'.repeat(300) } }] })
    expect(data('p'.repeat(301))).toMatchObject({ items: [{ action: { data: 'tok0' } }] })
  })
  it('open links', () => {
    expect(offer('buttons', [{ title: 'Details', url: 'https://example.com/b' }])).toMatchObject([
      { template: { actions: [{ type: 'uri', label: 'Details', uri: 'https://example.com/b' }] } },
    ])
  })
  it('write out links that LINE cannot open', () => {
    const [list] = offer('buttons', [{ title: 'Files', url: 'ftp://files.example.com/' }])

    expect(JSON.stringify(list)).toContain('Files: ftp://files.example.com/')
  })
  it('take the time of a slot for its name', () => {
    const [message] = messages({ kind: 'structured', template: 'timePicker', items: [{ title: '', at: '2026-05-30T08:00:00Z', payload: 's' }] })

    expect(message?.quickReply).toMatchObject({ items: [{ action: { label: '2026-05-30T08:00:00Z' } }] })
  })
  it('ask the questions of a form in words and offer its links', () => {
    const form = offer('form', [{ title: 'Your name' }, { title: 'Fill in', url: 'https://example.com/f' }], 'Please tell us')

    expect(form).toMatchObject([{ template: { text: 'Please tell us\n• Your name', actions: [{ type: 'uri' }] } }])
    expect(offer('form', [{ title: 'Your name' }], 'Please tell us')).toEqual([{ type: 'text', text: 'Please tell us\n• Your name' }])
  })
})

describe('cards', () => {
  const cards = (count: number): Message[] =>
    messages({
      kind: 'structured',
      template: 'cards',
      text: 'Our plans',
      items: Array.from({ length: count }, (_, index) => ({
        title: `Plan ${index}`,
        description: '20 GB',
        imageUrl: url('b.png'),
        actions: [{ title: 'Take it', payload: `plan=${index}` }],
      })),
    })
  it('stand side by side, with picture and buttons', () => {
    expect(cards(2)).toMatchObject([
      { type: 'text', text: 'Our plans' },
      {
        type: 'flex',
        altText: 'Plan 0\nPlan 1',
        contents: {
          type: 'carousel',
          contents: [
            {
              type: 'bubble',
              hero: { url: url('b.png') },
              body: { contents: [{ text: 'Plan 0' }, { text: '20 GB' }] },
              footer: { contents: [{ action: { label: 'Take it', data: 'plan=0' } }] },
            },
            {},
          ],
        },
      },
    ])
    expect(cards(1)).toMatchObject([{}, { contents: { type: 'bubble' } }])
  })
  it('stay within twelve bubbles and 50 KB to a message', () => {
    const many = cards(50).slice(1)

    expect(many.map(({ contents }) => (contents as { contents: object[] }).contents.length)).toEqual([12, 12, 12, 12, 2])
    const fat = messages({
      kind: 'structured',
      template: 'cards',
      items: Array.from({ length: 6 }, (_, index) => ({ title: `Card ${index}`, description: '予'.repeat(4000) })),
    })
    expect(fat.length).toBeGreaterThan(1)
    for (const { contents } of fat) expect(Buffer.byteLength(JSON.stringify(contents))).toBeLessThanOrEqual(50_000)
  })
})
