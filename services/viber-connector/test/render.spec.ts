import { describe, expect, it } from '@jest/globals'
import type { Content, ContentOf, Outgoing, PlatformCall, StructuredItem, Template } from '@um/shared/contract'
import type { Settings } from '../src/definition.ts'
import { render } from '../src/render.ts'
import { ana, outgoing } from './samples.ts'

interface Message {
  type: string
  keyboard?: { Buttons: Record<string, unknown>[]; [member: string]: unknown }
  rich_media?: { ButtonsGroupRows: number; ButtonsGroupColumns: number; Buttons: Record<string, unknown>[] }
  [member: string]: unknown
}
type Rendered = ContentOf<keyof typeof render>
function calls(content: Rendered, out: Outgoing<Settings> = outgoing()): PlatformCall[] {
  return (render[content.kind] as (content: Content, out: Outgoing<Settings>) => PlatformCall[])(content, out)
}
const messageOf = ({ json }: PlatformCall): Message => json as Message
const messages = (content: Rendered, out?: Outgoing<Settings>): Message[] => calls(content, out).map(messageOf)
const otherwise = (content: Rendered, name: string, at = 0): Message[] => (calls(content)[at]?.alternatives?.[name] ?? []).map(messageOf)
const text = (words: string): Rendered => ({ kind: 'text', text: words })
const url = (file: string): string => `https://files.example.com/${file}`

describe('every message', () => {
  it('names receiver, sender and version', () => {
    expect(messages(text('Good morning'))).toEqual([{ receiver: ana, min_api_version: 1, sender: { name: 'Acme Help' }, type: 'text', text: 'Good morning' }])
  })
  it.each([
    ['the setting before the account', { senderName: 'Desk' }, {}, 'Desk'],
    ['an agent where that is wanted', { senderName: 'Desk', useAgentSender: true }, { agentName: 'Ole' }, 'Ole'],
    ['no bot as an agent', { senderName: 'Desk', useAgentSender: true }, { agentName: 'Robo', author: 'bot' as const }, 'Desk'],
    ['28 characters', { useAgentSender: true }, { agentName: 'Maximiliana Konstantinopolska' }, 'Maximiliana Konstantinopolsk'],
    ['no half characters', { useAgentSender: true }, { agentName: `${'x'.repeat(27)}😀` }, 'x'.repeat(27)],
  ])('shows %s', (_what, settings, facts, name) => {
    expect(messages(text('x'), outgoing(settings, {}, facts))[0]?.sender).toEqual({ name })
  })
  it('is tried once more as what newer apps know, and after the webhook was registered again', () => {
    const [call] = calls(text('x'))

    expect(call?.alternatives?.newer?.map(messageOf)).toMatchObject([{ text: 'x', min_api_version: 7 }])
    expect(call?.alternatives?.register).toMatchObject([
      { path: '/set_webhook', auxiliary: true, json: { url: 'https://um.example.com/viber', send_name: true, send_photo: true } },
      { path: '/send_message', json: { text: 'x' } },
    ])
    expect(call?.alternatives?.register?.[1]?.alternatives).not.toHaveProperty('register')
  })
  it('is not repeated blindly', () => {
    expect(calls(text('x'))[0]?.idempotent).toBeUndefined()
  })
})

describe('attachments', () => {
  const attachment = (media: 'image' | 'audio' | 'video' | 'file', file: string, more: { size?: number; name?: string } = { size: 1000 }): Rendered => ({
    kind: 'attachment',
    media,
    source: { url: url(file), ...more },
  })
  it('are pictures with their caption up to a megabyte, files beyond', () => {
    const picture = { ...attachment('image', 'p.jpg?sig=1', { size: 1_000_000 }), caption: 'Your plan' } as Rendered

    expect(messages(picture)).toMatchObject([{ type: 'picture', media: url('p.jpg?sig=1'), text: 'Your plan' }])
    expect(otherwise(picture, 'file')).toMatchObject([{ type: 'text', text: 'Your plan' }, { type: 'file' }])
    expect(otherwise(picture, 'text')).toMatchObject([{ text: `Your plan\nimage: ${url('p.jpg?sig=1')}` }])
    expect(messages(attachment('image', 'p.jpg', { size: 1_000_001 }))).toMatchObject([{ type: 'file', size: 1_000_001, file_name: 'p.jpg' }])
    expect(messages(attachment('image', 'p.webp'))).toMatchObject([{ type: 'file' }])
  })
  it('are videos when Viber plays them', () => {
    expect(messages({ ...attachment('video', 'v.mp4', { size: 27_262_976 }), durationSeconds: 20.4 } as Rendered)).toMatchObject([
      { type: 'video', size: 27_262_976, duration: 20 },
    ])
    expect(messages(attachment('video', 'v.mp4', { size: 27_262_977 }))).toMatchObject([{ type: 'file' }])
    expect(messages({ ...attachment('video', 'v.mp4'), durationSeconds: 181 } as Rendered)).toMatchObject([{ type: 'file' }])
    expect(messages(attachment('video', 'v.mov'))).toMatchObject([{ type: 'file' }])
  })
  it('are files otherwise, sound too, their words before them', () => {
    expect(messages({ ...attachment('audio', 'a.mp3', { size: 9, name: 'Note.mp3' }), caption: 'listen' } as Rendered)).toMatchObject([
      { type: 'text', text: 'listen' },
      { type: 'file', file_name: 'Note.mp3', size: 9 },
    ])
  })
  it.each([
    ['without an extension in the path', 'c?name=c.pdf'],
    ['of a forbidden kind', 'setup.EXE'],
    ['at an address that is too long', `${'x'.repeat(2000)}.pdf`],
  ])('%s are links', (_why, file) => {
    expect(messages(attachment('file', file))).toMatchObject([{ type: 'text', text: `file: ${url(file)}` }])
  })
  it('of an unknown size are measured first', () => {
    expect(calls(attachment('file', 'c.pdf', {}))[0]).toMatchObject({ upload: { url: url('c.pdf') } })
    expect(calls(attachment('file', 'c.pdf'))[0]).not.toHaveProperty('upload')
  })
  it('are named by the host that the tenant has for them', () => {
    expect(messages(attachment('image', 'p.jpg?a=b'), outgoing({ mediaHost: 'https://cdn.example.com' }))).toMatchObject([
      { media: 'https://cdn.example.com/p.jpg?a=b' },
    ])
  })
})

describe('stickers, places and contacts', () => {
  it('are shown as what they are where Viber knows them', () => {
    expect(messages({ kind: 'sticker', stickerId: '46105' })).toMatchObject([{ type: 'sticker', sticker_id: 46105 }])
    expect(messages({ kind: 'sticker', stickerId: '11537', packageId: '789', emoji: '😀' })).toMatchObject([{ type: 'text', text: '😀' }])
    expect(messages({ kind: 'sticker', stickerId: '1', source: { url: url('s.png'), size: 9 } })).toMatchObject([{ type: 'picture' }])
    expect(messages({ kind: 'location', latitude: 42.6977, longitude: 23.3219, title: 'Office', address: 'Ring 4' })).toMatchObject([
      { type: 'text', text: 'Office\nRing 4' },
      { type: 'location', location: { lat: 42.6977, lon: 23.3219 } },
    ])
    expect(messages({ kind: 'contact', name: 'Maximiliana Konstantinopolska', phones: ['+35924000000'] })).toMatchObject([
      { type: 'contact', contact: { name: 'Maximiliana Konstantinopolsk', phone_number: '+35924000000' } },
    ])
    expect(messages({ kind: 'contact', name: 'Ann', phones: ['1'.repeat(19)] })).toMatchObject([{ type: 'text' }])
  })
})

const items = (...titles: string[]): StructuredItem[] => titles.map(title => ({ title, payload: `p:${title}`, token: `um:${title}` }))
const offer = (template: Template, of: StructuredItem[], words = 'Which?'): Rendered => ({ kind: 'structured', template, text: words, items: of })
const buttonsOf = (content: Rendered, out?: Outgoing<Settings>) => messages(content, out).at(-1)?.keyboard?.Buttons ?? []

describe('keyboards', () => {
  it('write the label, as a guest would', () => {
    expect(buttonsOf(offer('quickReplies', items('Small', 'Large')))).toEqual([
      { Columns: 3, Rows: 1, Text: 'Small', TextSize: 'regular', ActionType: 'reply', ActionBody: 'Small' },
      { Columns: 3, Rows: 1, Text: 'Large', TextSize: 'regular', ActionType: 'reply', ActionBody: 'Large' },
    ])
  })
  it.each([
    ['another has the same', ['Yes', 'yes ']],
    ['it is a number', ['1', 'Two']],
    ['it looks like an address', ['https://example.com', 'Two']],
  ])('send the key unseen when the label says too little: %s', (_why, titles) => {
    expect(buttonsOf(offer('buttons', items(...titles)))[0]).toMatchObject({ ActionBody: `um:${titles[0]}`, Silent: true })
  })
  it('escape what Viber would take for markup, within the limit', () => {
    const [short, long] = buttonsOf(offer('buttons', items('<b>A & B</b>', '&'.repeat(240))))

    expect(short?.Text).toBe('&lt;b&gt;A &amp; B&lt;/b&gt;')
    expect(String(long?.Text).length).toBeLessThanOrEqual(250)
    expect(String(long?.Text)).toMatch(/^(&amp;)+…$/)
  })
  it.each([
    [
      ['A', 'B', 'C', 'D'],
      [2, 2, 2, 6],
    ],
    [
      ['Tomorrow morning', 'Tomorrow noon', 'Later'],
      [3, 3, 6],
    ],
    [
      ['A rather long answer', 'B'],
      [6, 6],
    ],
  ])('fill their rows: %j', (titles, columns) => {
    expect(buttonsOf(offer('quickReplies', items(...titles))).map(({ Columns }) => Columns)).toEqual(columns)
  })
  it('list one option to a row, with headings while there is room', () => {
    const listed = (count: number): StructuredItem[] =>
      items(...Array.from({ length: count }, (_, n) => `No ${n}`)).map(item => ({ ...item, section: 'All', description: 'fine' }))

    expect(buttonsOf(offer('listPicker', listed(2))).map(({ Text, ActionType }) => [Text, ActionType])).toEqual([
      ['<b>All</b>', 'none'],
      ['No 0 – fine', 'reply'],
      ['No 1 – fine', 'reply'],
    ])
    expect(buttonsOf(offer('listPicker', listed(24)))).toHaveLength(24)
  })
  it('open forms, and ask what has no address', () => {
    const [message] = messages(offer('form', [{ title: 'Order number' }, { title: 'Fill in', url: 'https://example.com/f' }], 'Please'))

    expect(message?.text).toBe('Please\n• Order number')
    expect(message?.keyboard?.Buttons).toMatchObject([{ ActionType: 'open-url', ActionBody: 'https://example.com/f', Silent: true }])
  })
  it('are numbered lines where they cannot be shown', () => {
    expect(calls(offer('buttons', items('A', 'B')))[0]?.alternatives?.text).toMatchObject([{ numbered: true, json: { text: 'Which?\n1. A\n2. B' } }])
  })
  it('ask for an app that knows how the field for typing looks', () => {
    expect(messages(offer('buttons', items('A')), outgoing({ inputField: 'hidden' }))[0]).toMatchObject({
      min_api_version: 4,
      keyboard: { InputFieldState: 'hidden' },
    })
    expect(messages(offer('buttons', items('A')))[0]).toMatchObject({ min_api_version: 1 })
  })
  it('stand under a message of their own when both are too large for one', () => {
    const rendered = messages(offer('listPicker', items(...Array.from({ length: 24 }, (_, n) => `${n}${'界'.repeat(200)}`)), '界'.repeat(6000)))

    expect(rendered.map(({ text: words, keyboard }) => [String(words).length, keyboard !== undefined])).toEqual([
      [6000, false],
      [2, true],
    ])
  })
})

describe('a keyboard that waits for its answer', () => {
  const keyboard = { Type: 'keyboard', Buttons: [{ Text: 'A' }] }
  const waiting = outgoing({}, { keyboard: JSON.stringify(keyboard) })
  it('is repeated, since the next message would take it away', () => {
    expect(messages(text('one moment'), waiting)).toMatchObject([{ text: 'one moment', keyboard }])
  })
  it('gives way to another, to cards, and to what leaves no room', () => {
    expect(messages(offer('buttons', items('B')), waiting)[0]?.keyboard).not.toEqual(keyboard)
    expect(messages(offer('cards', items('B'), ''), waiting)[0]).not.toHaveProperty('keyboard')
    expect(messages(text('界'.repeat(7000)), outgoing({}, { keyboard: JSON.stringify({ ...keyboard, more: 'x'.repeat(9000) }) }))[0]).not.toHaveProperty(
      'keyboard',
    )
  })
})

describe('cards', () => {
  const card = (title: string, more: Partial<StructuredItem> = {}): StructuredItem => ({
    title,
    actions: [{ title: 'Take it', payload: title, token: `um:${title}` }],
    ...more,
  })
  it('fill the same grid, each of them', () => {
    const cards = [card('A', { imageUrl: url('a.png'), description: '5 GB' }), card('B', { actions: [] }), card('C', { actions: items('x', 'y', 'z') })]
    const [words, message] = messages(offer('cards', cards))
    const grid = message?.rich_media
    const cells = (grid?.ButtonsGroupColumns ?? 0) * (grid?.ButtonsGroupRows ?? 0)
    const filled = grid?.Buttons.reduce((sum, { Columns, Rows }) => sum + Number(Columns) * Number(Rows), 0)

    expect(words).toMatchObject({ type: 'text', text: 'Which?' })
    expect(message).toMatchObject({ type: 'rich_media', min_api_version: 7, alt_text: expect.stringContaining('5 GB') })
    expect(grid?.ButtonsGroupRows).toBeLessThanOrEqual(7)
    expect(filled).toBe(3 * cells)
    expect(grid?.Buttons.slice(0, 3)).toMatchObject([
      { Image: url('a.png') },
      { Text: '<b>A</b><br>5 GB', ActionType: 'none' },
      { ActionBody: 'um:A', Silent: true },
    ])
  })
  it('go six to a message; only those of one message can be numbered', () => {
    const many = calls(offer('cards', items('1', '2', '3', '4', '5', '6', '7'), ''))

    expect(many.map(call => messageOf(call).type)).toEqual(['rich_media', 'rich_media'])
    expect(many[0]?.alternatives?.text?.[0]).not.toHaveProperty('numbered')
    expect(calls(offer('cards', items('1'), ''))[0]?.alternatives?.text?.[0]).toMatchObject({ numbered: true })
  })
  it('with more buttons than there is room for are a numbered text', () => {
    expect(calls(offer('cards', [card('A', { actions: items('a', 'b', 'c', 'd', 'e') })]))).toMatchObject([{ numbered: true, json: { type: 'text' } }])
  })
})
