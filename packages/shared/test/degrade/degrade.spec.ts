import { describe, expect, it } from '@jest/globals'
import type { Capabilities, Content, ContentOf } from '../../src/contract/index.ts'
import { type DegradeOptions, degrade } from '../../src/degrade/index.ts'

const options: DegradeOptions = { messageId: 'm1', showSystemMessages: true }
const plain: Capabilities = { text: { level: 'native', maxText: 100 } }
const parts = (content: Content, capabilities: Capabilities, more: Partial<DegradeOptions> = {}) => {
  const degraded = degrade(content, capabilities, { ...options, ...more })
  return 'parts' in degraded ? degraded.parts : degraded
}
const text = (value: string): Content => ({ kind: 'text', text: value })
const image = (more: object = {}, source: object = {}): Content => ({
  kind: 'attachment',
  media: 'image',
  source: { url: 'https://f.example/a.png', mime: 'image/png', name: 'a.png', size: 1000, ...source },
  ...more,
})
const images: Capabilities = { ...plain, attachment: { level: 'partial', maxBytes: 1000, mimes: ['image/png', 'audio/*'], maxCaption: 5 } }
const link = 'a.png: https://f.example/a.png'

describe('a text', () => {
  it('stays as it is where it fits, and is split where it does not', () => {
    expect(parts(text('hello'), plain)).toEqual([text('hello')])
    expect(parts(text(`${'a'.repeat(99)}😀b`), plain)).toEqual([text('a'.repeat(99)), text('😀b')])
  })

  it('of nothing but white space is not sent', () => {
    expect(parts(text(' \n '), plain)).toEqual([])
  })

  it('of up to 4000 units is sent in one where the platform names no limit', () => {
    expect(parts(text('a'.repeat(4000)), {})).toHaveLength(1)
    expect(parts(text('a'.repeat(4001)), {})).toHaveLength(2)
  })

  it('begins with the agent’s name where the tenant wants it', () => {
    expect(parts(text('hello'), plain, { agentName: 'Ann' })).toEqual([text('Ann: hello')])
    expect(parts(text('hello'), plain, { agentName: '' })).toEqual([text('hello')])
  })
})

describe('an attachment', () => {
  it('is shown where the platform takes its type and size', () => {
    expect(parts(image(), images)).toEqual([image()])
    expect(parts(image({}, { mime: 'audio/ogg' }), images)).toEqual([image({}, { mime: 'audio/ogg' })])
  })

  it.each([
    ['too large', { size: 1001 }],
    ['of another type', { mime: 'image/webp' }],
    ['of a type that only begins alike', { mime: 'image/png2' }],
  ])('becomes a link when it is %s', (_name, source) => {
    expect(parts(image({}, source), images)).toEqual([text(link)])
  })

  it('is tried when nobody knows its size or type', () => {
    const unknown: Content = { kind: 'attachment', media: 'image', source: { url: 'https://f.example/a.png' } }

    expect(parts(unknown, images)).toEqual([unknown])
  })

  it('becomes a link where the platform shows none', () => {
    expect(parts(image({ caption: 'Look' }), plain)).toEqual([text(`Look\n${link}`)])
    expect(parts(image(), { ...plain, attachment: { level: 'fallback' } })).toEqual([text(link)])
  })

  it('is named where there is no link to it', () => {
    expect(parts({ kind: 'attachment', media: 'image', source: { platformId: 'x', name: 'a.png' } }, images)).toEqual([text('[image a.png]')])
  })

  it('keeps a caption that fits, and is followed by one that does not', () => {
    expect(parts(image({ caption: '12345' }), images)).toEqual([image({ caption: '12345' })])
    expect(parts(image({ caption: '123456' }), images)).toEqual([image(), text('123456')])
    expect(parts(image({ caption: '' }), images)).toEqual([image()])
  })

  it('has the agent’s name in its caption', () => {
    expect(parts(image({ caption: 'Look' }), images, { agentName: 'Ann' })).toEqual([image(), text('Ann: Look')])
    expect(parts(image(), images, { agentName: 'Ann' })).toEqual([image()])
  })
})

describe('a sticker', () => {
  const sticker: ContentOf<'sticker'> = {
    kind: 'sticker',
    stickerId: '7',
    packageId: '3',
    source: { url: 'https://f.example/a.png', mime: 'image/png', name: 'a.png' },
  }

  it('is shown, else its picture, else what it says', () => {
    expect(parts(sticker, { ...images, sticker: { level: 'native' } })).toEqual([sticker])
    expect(parts(sticker, images)).toEqual([{ kind: 'attachment', media: 'image', source: sticker.source }])
    expect(parts(sticker, plain)).toEqual([text('[sticker 3/7]')])
  })
})

describe('what is not said', () => {
  it('is dropped where the platform shows no typing', () => {
    expect(parts({ kind: 'typing', on: true }, plain)).toEqual([])
    expect(parts({ kind: 'typing', on: true }, { typing: { level: 'native' } })).toEqual([{ kind: 'typing', on: true }])
  })

  it('is shown as text when the tenant wants system messages, and not at all otherwise', () => {
    const joined: Content = { kind: 'system', text: 'Ole joined' }

    expect(parts(joined, plain)).toEqual([text('Ole joined')])
    expect(parts(joined, plain, { showSystemMessages: false })).toEqual([])
    expect(parts(joined, { ...plain, system: { level: 'native' } })).toEqual([joined])
    expect(parts(joined, { ...plain, system: { level: 'native' } }, { showSystemMessages: false })).toEqual([])
  })
})

describe('an edit', () => {
  const edit = (content: Content): Content => ({ kind: 'edit', of: 'p1', content })

  it('is shown where the platform can, and else marked as one', () => {
    expect(parts(edit(text('new')), { ...plain, edit: { level: 'native' } })).toEqual([edit(text('new'))])
    expect(parts(edit(text('new')), plain)).toEqual([text('✎ new')])
    expect(parts(edit(image()), images)).toEqual([text('✎'), image()])
    expect(parts(edit(text(' ')), plain)).toEqual([])
  })

  it('stays within the limit with its mark', () => {
    const pieces = parts(edit(text('a'.repeat(100))), plain) as { text: string }[]

    expect(pieces.map(piece => piece.text.length)).toEqual([100, 2])
  })

  it('keeps the agent’s name that the message had', () => {
    expect(parts(edit(text('new')), { ...plain, edit: { level: 'native' } }, { agentName: 'Ann' })).toEqual([edit(text('Ann: new'))])
    expect(parts(edit(text('new')), plain, { agentName: 'Ann' })).toEqual([text('✎ Ann: new')])
  })
})

describe('everything else', () => {
  it.each<[string, Content, string]>([
    ['a location', { kind: 'location', latitude: 1.5, longitude: 2.5, title: 'Café' }, 'Café\nhttps://www.google.com/maps/search/?api=1&query=1.5,2.5'],
    ['a contact', { kind: 'contact', name: 'Ann', phones: ['+431'] }, 'Ann\n+431'],
    ['a choice with a label', { kind: 'choice', payload: 'p', label: 'Large' }, 'Large'],
    ['a choice without one', { kind: 'choice', payload: 'p' }, 'p'],
    ['a message taken back', { kind: 'withdrawn', of: 'm' }, '[message withdrawn]'],
    ['a reaction', { kind: 'reaction', of: 'm', emoji: '👍', on: true }, '[reaction 👍]'],
    ['what nobody knows', { kind: 'unsupported', what: 'poll' }, '[unsupported content: poll]'],
  ])('is described: %s', (_name, content, words) => {
    expect(parts(content, plain)).toEqual([text(words)])
    expect(parts(content, { ...plain, [content.kind]: { level: 'native' } })).toEqual([content])
  })

  it('is refused where the platform rejects it', () => {
    const capabilities: Capabilities = { ...plain, location: { level: 'reject' }, structured: { level: 'reject' } }

    expect(parts({ kind: 'location', latitude: 1, longitude: 2 }, capabilities)).toEqual({ rejected: 'unsupported', why: 'this platform cannot take location' })
    expect(parts({ kind: 'structured', template: 'buttons', items: [] }, capabilities)).toMatchObject({ rejected: 'unsupported' })
  })
})
