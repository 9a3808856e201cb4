import { describe, expect, it } from '@jest/globals'
import type { ContentOf } from '../../src/contract/index.ts'
import {
  describeContact,
  describeLocation,
  describeMedia,
  describeReaction,
  describeSticker,
  describeStructured,
  describeUnsupported,
  mediaOf,
  withMedia,
  withTokens,
} from '../../src/degrade/index.ts'

const menu = (template: ContentOf<'structured'>['template'], items: ContentOf<'structured'>['items'], text?: string) =>
  ({ kind: 'structured', template, items, ...(text === undefined ? {} : { text }) }) satisfies ContentOf<'structured'>

describe('contents in words', () => {
  it('show a location with its own link, else with one to a map', () => {
    expect(describeLocation({ kind: 'location', latitude: 48.2, longitude: -16.3, title: 'Café', address: 'Ring 4', url: 'https://m.example' })).toBe(
      'Café\nRing 4\nhttps://m.example',
    )
    expect(describeLocation({ kind: 'location', latitude: 48.2, longitude: -16.3, title: '' })).toBe(
      'https://www.google.com/maps/search/?api=1&query=48.2,-16.3',
    )
  })

  it('show a contact without empty lines', () => {
    expect(describeContact({ kind: 'contact', name: 'Ann', phones: ['+431', '+432'], emails: ['a@b.example'] })).toBe('Ann\n+431\n+432\na@b.example')
    expect(describeContact({ kind: 'contact', name: '', phones: ['+431'] })).toBe('+431')
  })

  it('show a sticker as its emoji, else by its ids', () => {
    expect(describeSticker({ kind: 'sticker', stickerId: '7', emoji: '😀' })).toBe('😀')
    expect(describeSticker({ kind: 'sticker', stickerId: '7', packageId: '3' })).toBe('[sticker 3/7]')
    expect(describeSticker({ kind: 'sticker', stickerId: '7' })).toBe('[sticker 7]')
  })

  it('show media as a link below its caption', () => {
    const source = { url: 'https://f.example/a.pdf', name: 'a.pdf' }

    expect(describeMedia({ kind: 'attachment', media: 'file', source, caption: 'The plan' })).toBe('The plan\na.pdf: https://f.example/a.pdf')
    expect(describeMedia({ kind: 'attachment', media: 'file', source: { url: 'https://f.example/a' }, caption: '' })).toBe('file: https://f.example/a')
    expect(describeMedia({ kind: 'attachment', media: 'image', source: { platformId: 'p', name: 'a.png' } })).toBe('[image a.png]')
  })

  it('show what is not supported, and why', () => {
    expect(describeUnsupported({ kind: 'unsupported', what: 'poll', text: 'Tea?', reason: 'no polls' })).toBe('[unsupported content: poll (no polls)]\nTea?')
    expect(describeUnsupported({ kind: 'unsupported', what: 'poll' })).toBe('[unsupported content: poll]')
  })

  it('show a reaction and that it was taken back', () => {
    expect(describeReaction({ kind: 'reaction', of: 'm', emoji: '👍', on: true })).toBe('[reaction 👍]')
    expect(describeReaction({ kind: 'reaction', of: 'm', emoji: '👍', on: false })).toBe('[reaction 👍 removed]')
  })
})

describe('a menu in words', () => {
  it('numbers what can be chosen and writes links out', () => {
    const items = [
      { title: 'Small', description: '10 cm' },
      { title: 'Shop', url: 'https://s.example' },
      { title: 'Large', description: '' },
    ]

    expect(describeStructured(menu('quickReplies', items, 'Which size?'))).toBe('Which size?\n1. Small – 10 cm\n• Shop: https://s.example\n2. Large')
  })

  it('names each section once', () => {
    const items = [
      { title: 'Soup', section: 'Starters' },
      { title: 'Salad', section: 'Starters' },
      { title: 'Fish', section: 'Mains' },
    ]

    expect(describeStructured(menu('listPicker', items))).toBe('Starters\n1. Soup\n2. Salad\nMains\n3. Fish')
  })

  it('shows cards with their pictures and counts their buttons over all cards', () => {
    const items = [
      { title: 'Room', description: 'Garden', imageUrl: 'https://i.example/1', actions: [{ title: 'Book' }, { title: 'More', url: 'https://m.example' }] },
      { title: 'Suite', actions: [{ title: 'Reserve' }] },
      { title: 'Terrace' },
    ]

    expect(describeStructured(menu('cards', items))).toBe('Room\nGarden\nhttps://i.example/1\n1. Book\n• More: https://m.example\nSuite\n2. Reserve\nTerrace')
  })

  it.each([
    ['quickReplies', [{ title: 'A' }, { title: 'B', url: 'https://b.example' }, { title: 'C' }]],
    ['cards', [{ title: 'A' }, { title: 'B', payload: 'b' }, { title: 'C', actions: [{ title: 'C1' }, { title: 'C2', url: 'https://c.example' }] }]],
    ['buttons', [{ title: 'A', actions: [{ title: 'A1' }] }, { title: 'B' }]],
    [
      'timePicker',
      [
        { title: 'A', at: '2026-02-03T09:00:00Z' },
        { title: 'B', at: '2026-02-03T10:00:00Z' },
      ],
    ],
  ] as const)('gives the options of %s the numbers by which answers are found', (template, items) => {
    const { content, options } = withTokens(menu(template, structuredClone(items) as unknown as ContentOf<'structured'>['items']), 'm')

    const numbered = describeStructured(content)
      .split('\n')
      .flatMap(line => /^\d+\. (.*)$/.exec(line)?.[1] ?? [])

    expect(numbered).toEqual(options.map(({ label }) => label))
    expect(numbered.length).toBeGreaterThan(0)
  })
})

describe('the media inside a content', () => {
  const source = { url: 'https://f.example/a' }
  const other = { url: 'https://f.example/b' }

  it('is found and replaced, also inside an edit', () => {
    const image = { kind: 'attachment', media: 'image', source } as const
    const edit = { kind: 'edit', of: 'm', content: image } as const

    expect(mediaOf(edit)).toBe(source)
    expect(withMedia(edit, other)).toEqual({ kind: 'edit', of: 'm', content: { ...image, source: other } })
    expect(mediaOf({ kind: 'sticker', stickerId: '7', source })).toBe(source)
  })

  it('is nothing where there is none', () => {
    expect(mediaOf({ kind: 'text', text: 'x' })).toBeUndefined()
    expect(mediaOf({ kind: 'sticker', stickerId: '7' })).toBeUndefined()
    expect(withMedia({ kind: 'text', text: 'x' }, other)).toEqual({ kind: 'text', text: 'x' })
  })
})
