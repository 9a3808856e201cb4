import { describe, expect, it } from '@jest/globals'
import { readButtons, readLines } from '../src/page/desk/offer-text.ts'
import { fateOf } from '../src/page/desk/receipts.ts'
import { describeBody } from '../src/page/message/describe.ts'
import { linksIn, segmentsOf, webAddress } from '../src/page/message/spans.ts'
import { kindOf, stage } from '../src/page/phone/staging.ts'
import { monogram } from '../src/page/samples/avatar.ts'
import { pressable } from '../src/page/script/pressable.ts'
import { endingOf, hitsInWords, readParam } from '../src/page/tray/fault-words.ts'
import type { FaultParam } from '../src/protocol.ts'
import { deskEntry, loaded, phone, phoneEntry, told } from './page-builders.ts'

const everything = () => true

describe('styled text', () => {
  it('is cut wherever a style begins or ends', () => {
    const segments = segmentsOf('one two three', [
      { style: 'bold', offset: 0, length: 7 },
      { style: 'italic', offset: 4, length: 9 },
    ])

    expect(segments).toEqual([
      { text: 'one ', styles: ['bold'] },
      { text: 'two', styles: ['bold', 'italic'] },
      { text: ' three', styles: ['italic'] },
    ])
  })

  it('survives a style that reaches beyond it', () => {
    expect(segmentsOf('short', [{ style: 'code', offset: 2, length: 99 }]).map(segment => segment.text)).toEqual(['sh', 'ort'])
  })

  it('follows addresses of the web and nothing else', () => {
    expect(webAddress('https://example.com/a')).toBe('https://example.com/a')
    expect([webAddress('javascript:alert(1)'), webAddress('data:text/html,x'), webAddress('/etc/passwd'), webAddress(undefined)]).toEqual(
      Array(4).fill(undefined),
    )
  })

  it('shows addresses in plain words as links, without the full stop behind them', () => {
    const text = 'See https://example.com/a?b=1. Not example.com'

    expect(linksIn(text).map(({ offset, length }) => text.slice(offset, offset + length))).toEqual(['https://example.com/a?b=1'])
  })
})

describe('a message in a few words', () => {
  it.each([
    [{ kind: 'text', text: 'Hello' }, 'Hello'],
    [{ kind: 'choice', title: 'Yes', payload: 'y' }, 'Yes'],
    [{ kind: 'sticker', emoji: '🎉' }, 'Sticker 🎉'],
    [{ kind: 'location', latitude: 1, longitude: 2, title: 'Harbour' }, 'Location: Harbour'],
    [{ kind: 'photo', media: { url: '/x', mime: 'image/png', name: 'x.png', size: 1 } }, 'Photo'],
    [{ kind: 'file', media: { url: '/x', mime: 'application/pdf', name: 'x.pdf', size: 1 } }, 'File: x.pdf'],
    [{ kind: 'cards', cards: [{ title: 'Hotel', buttons: [] }] }, 'Card: Hotel'],
    [
      {
        kind: 'parts',
        parts: [
          { kind: 'text', text: 'a' },
          { kind: 'text', text: 'b' },
        ],
      },
      'a · b',
    ],
    [{ kind: 'other', what: 'poll' }, 'poll'],
  ] as const)('%j reads %s', (body, words) => {
    expect(describeBody(structuredClone(body) as Parameters<typeof describeBody>[0])).toBe(words)
  })
})

describe('lines of a form', () => {
  it('have a title and what stands behind the bar', () => {
    expect(readLines(' To my hotel | today | late \n\n  \nI fetch it')).toEqual([{ title: 'To my hotel', rest: 'today | late' }, { title: 'I fetch it' }])
  })

  it('become buttons that open an address or send a payload', () => {
    expect(readButtons('Open | https://example.com\nYes | y\nNo')).toEqual([
      { text: 'Open', url: 'https://example.com' },
      { text: 'Yes', payload: 'y' },
      { text: 'No' },
    ])
  })
})

describe('the fate of an agent’s message', () => {
  const agent = { from: 'agent' as const, state: 'delivered' as const }

  it('is what the last receipt says, with its reasons', () => {
    const receipts = [
      { status: 'Delivered', at: '', reasons: [], final: false },
      { status: 'Failed', at: '', reasons: [{ code: 'general.forbidden', message: 'blocked' }], final: true },
    ]

    expect(fateOf(deskEntry('1', { ...agent, receipts }))).toMatchObject({ tone: 'bad', word: 'Failed', why: 'blocked (general.forbidden)' })
    expect(fateOf(deskEntry('1', { ...agent, receipts: receipts.slice(0, 1) }))).toMatchObject({ tone: 'good', word: 'Delivered' })
  })

  it('without a receipt is how far the webhook got', () => {
    expect(fateOf(deskEntry('1', agent)).tone).toBe('idle')
    expect(fateOf(deskEntry('1', { from: 'agent', state: 'retrying', attempts: 2, status: 503 }))).toMatchObject({
      tone: 'warn',
      why: 'The webhook answered 503',
    })
    expect(fateOf(deskEntry('1', { from: 'agent', state: 'lost', why: 'gone' }))).toMatchObject({ tone: 'bad', why: 'gone' })
  })
})

describe('a file', () => {
  it('goes as what it is where the platform has that, else as a file', () => {
    const photo = new File([], 'a.png', { type: 'image/png' })

    expect(kindOf(photo, everything)).toBe('photo')
    expect(kindOf(photo, does => does !== 'photo')).toBe('file')
    expect(kindOf(new File([], 'a.bin'), everything)).toBe('file')
    expect(kindOf(photo, everything, 'file')).toBe('file')
  })

  it('becomes an album with others that can be seen', () => {
    const photo = new File([], 'a.png', { type: 'image/png' })
    const text = new File([], 'a.txt', { type: 'text/plain' })

    expect(stage([photo, photo], everything)?.as).toBe('album')
    expect(stage([photo, text], everything)?.as).toBe('photo')
    expect(stage([photo, photo], does => does !== 'album')?.as).toBe('photo')
    expect(stage([], everything)).toBeUndefined()
  })
})

describe('a fault', () => {
  const wait = { name: 'ms', title: 'Delay', type: 'number', default: 2_000, min: 1, max: 600 } as const

  it('reads what was typed within its bounds, and its default when that is nothing', () => {
    expect([readParam(wait, '50'), readParam(wait, '9999'), readParam(wait, '0'), readParam(wait, ''), readParam(wait, 'x')]).toEqual([
      50, 600, 1, 2_000, 2_000,
    ])
  })

  it('takes only offered choices', () => {
    const when: FaultParam = { name: 'when', title: 'When', type: 'choice', default: 'before', choices: [{ value: 'after', title: 'after' }] }

    expect([readParam(when, 'after'), readParam(when, 'never')]).toEqual(['after', 'before'])
  })

  it('ends by hand, after hits, or after a time', () => {
    expect([endingOf('never'), endingOf('three'), endingOf('half')]).toEqual([{}, { times: 3 }, { forSeconds: 30 }])
  })

  it('counts its hits, unless it is the service as a whole', () => {
    expect([hitsInWords({ hits: 1 }, 'requests'), hitsInWords({ hits: 2, times: 5 }, 'webhooks'), hitsInWords({ hits: 0 }, 'service')]).toEqual([
      '1 hit',
      '2 of 5 hits',
      undefined,
    ])
  })
})

describe('what a script can press', () => {
  const offers = phoneEntry('1', {
    from: 'business',
    state: 'shown',
    buttons: [[{ id: '0.0', title: 'Site', action: 'url', url: 'https://example.com' }], [{ id: '1.0', title: 'Yes', action: 'reply' }]],
  })

  it('is a button that answers, of the newest message that has one', () => {
    const plain = phoneEntry('2', { from: 'business', state: 'shown' })
    const state = told(loaded({ phones: [phone()] }), { type: 'phoneEntry', entry: offers }, { type: 'phoneEntry', entry: plain })

    expect(pressable(state, 0)).toEqual({ entry: '1', button: '1.0' })
  })

  it('is a key of the phone’s keyboard when no message offers any', () => {
    const keyboard = { rows: [[{ id: '0.0', title: 'Yes', action: 'reply' as const }]], oneTime: true }

    expect(pressable(loaded({ phones: [phone({ keyboard })] }), 0)).toEqual({ button: '0.0' })
    expect(pressable(loaded({ phones: [phone()] }), 0)).toBeUndefined()
  })
})

describe('a monogram', () => {
  it.each([
    ['Mia Tanaka', 'MT'],
    ['ole', 'O'],
    ['田中', '田'],
    ['Anna van der Berg', 'AB'],
    ['  ', ''],
  ])('of %j is %j', (name, letters) => {
    expect(monogram(name)).toBe(letters)
  })
})
