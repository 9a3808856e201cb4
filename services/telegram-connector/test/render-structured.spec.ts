import { describe, expect, it } from '@jest/globals'
import type { ContentOf, PlatformCall, StructuredItem, Template } from '@um/shared/contract'
import { render } from '../src/render.ts'
import { outgoing } from './samples.ts'

const show = (template: Template, items: StructuredItem[], text: string | null = 'Pick one', out = outgoing()): PlatformCall[] => {
  const content: ContentOf<'structured'> = { kind: 'structured', template, items, ...(text === null ? {} : { text }) }
  return render.structured(content, out)
}
interface Shown {
  text?: string
  caption?: string
  reply_markup?: { inline_keyboard?: { text: string; callback_data?: string; url?: string }[][] }
}
const bodies = (calls: PlatformCall[]): Shown[] => calls.map(call => call.json as Shown)
const rows = (calls: PlatformCall[]): string[][] =>
  bodies(calls)
    .at(-1)
    ?.reply_markup?.inline_keyboard?.map(row => row.map(button => button.text)) ?? []
const dataOf = (payload: string): string | undefined =>
  bodies(show('buttons', [{ title: 'T', payload, token: 'um:c7Qk2' }]))[0]?.reply_markup?.inline_keyboard?.[0]?.[0]?.callback_data

describe('a payload', () => {
  it.each(['choice=blue&order=77', 'größe:mittel', 'x'.repeat(64)])('that fits goes as it is: %s', payload => {
    expect(dataOf(payload)).toBe(payload)
  })
  it.each(['はい、予約を確定してください。担当者に伝えます。', 'x'.repeat(65)])('of more than 64 bytes goes by its token: %s', payload => {
    expect(dataOf(payload)).toBe('um:c7Qk2')
  })
  it('that is missing is the title', () => {
    expect(bodies(show('buttons', [{ title: 'Blue' }]))).toMatchObject([{ reply_markup: { inline_keyboard: [[{ text: 'Blue', callback_data: 'Blue' }]] } }])
  })
  it('has its button even without a title', () => {
    expect(
      bodies(
        show('buttons', [
          { title: '', payload: 'b' },
          { title: '', url: 'https://a.example' },
        ]),
      ),
    ).toMatchObject([{ reply_markup: { inline_keyboard: [[{ text: 'b', callback_data: 'b' }], [{ text: 'https://a.example', url: 'https://a.example' }]] } }])
  })
})

describe('buttons', () => {
  const items = [
    { title: 'Small', payload: 's', token: 't1' },
    { title: 'Large', payload: 'l', token: 't2' },
    { title: 'Details', url: 'https://example.com/b' },
  ]

  it('stand in a row each, links among them', () => {
    expect(show('buttons', items)[0]?.json).toEqual({
      chat_id: 5550001111,
      text: 'Pick one',
      reply_markup: {
        inline_keyboard: [
          [{ text: 'Small', callback_data: 's' }],
          [{ text: 'Large', callback_data: 'l' }],
          [{ text: 'Details', url: 'https://example.com/b' }],
        ],
      },
    })
  })
  it('are numbered lines when Telegram does not take them', () => {
    expect(show('buttons', items)[0]?.alternatives?.numbered).toMatchObject([
      { path: '/sendMessage', json: { text: 'Pick one\n1. Small\n2. Large\n3. Details https://example.com/b' } },
    ])
  })
  it('have something to stand under', () => {
    expect(bodies(show('buttons', items, null))).toMatchObject([{ text: '⬇️' }])
    expect(bodies(show('buttons', items, ''))).toMatchObject([{ text: '⬇️' }])
  })
  it('may be none', () => {
    expect(show('buttons', [])).toEqual([{ method: 'POST', path: '/sendMessage', json: { chat_id: 5550001111, text: 'Pick one' } }])
  })
})

describe('quick replies', () => {
  it('share rows of three as long as they are short', () => {
    const titles = ['Yes', 'No', 'Maybe', 'Later', 'Fourteen chars', 'Fifteen letters', 'A', 'B']

    expect(
      rows(
        show(
          'quickReplies',
          titles.map(title => ({ title, payload: title })),
        ),
      ),
    ).toEqual([['Yes', 'No', 'Maybe'], ['Later', 'Fourteen chars'], ['Fifteen letters'], ['A', 'B']])
  })
})

describe('a list', () => {
  const items = [
    { title: 'Soup', description: 'hot', section: 'First' },
    { title: 'Salad', section: 'First' },
    { title: 'Fish', description: 'fresh', section: 'Main' },
  ]

  it('tells headings and descriptions in the text', () => {
    const calls = show('listPicker', items, 'Lunch?')

    expect(bodies(calls)).toMatchObject([{ text: 'Lunch?\n\nFirst\n• Soup – hot\n• Salad\n\nMain\n• Fish – fresh' }])
    expect(rows(calls)).toEqual([['Soup'], ['Salad'], ['Fish']])
  })
  it('of bare titles needs no list in the text', () => {
    expect(bodies(show('listPicker', [{ title: 'Soup' }]))).toMatchObject([{ text: 'Pick one' }])
  })
  it('that is too long for one message takes several, the buttons under the last', () => {
    const long = Array.from({ length: 100 }, (_, index) => ({ title: `Dish ${index}`, description: 'd'.repeat(100) }))

    const calls = show('listPicker', long, 'Lunch?')

    expect(calls.map(call => call.auxiliary)).toEqual([true, true, undefined])
    for (const { text = '' } of bodies(calls)) expect(text.length).toBeLessThanOrEqual(4096)

    expect(
      bodies(calls)
        .map(body => body.text)
        .join('\n')
        .split('\n'),
    ).toHaveLength(101)
    expect(bodies(calls).map(body => body.reply_markup?.inline_keyboard?.length)).toEqual([undefined, undefined, 100])
    const numbered = bodies(calls[2]?.alternatives?.numbered ?? []).map(body => body.text ?? '')
    expect(numbered.every(text => text.length <= 4096)).toBe(true)
    expect(numbered.join('\n')).toContain('\n100. Dish 99')
  })
})

describe('a text of several lines', () => {
  it.each([
    [2048, 2047, 1],
    [2048, 2048, 2],
  ])('of %i and %i characters takes %i messages', (first, second, count) => {
    expect(show('form', [{ title: 'q'.repeat(second - 2) }], 't'.repeat(first))).toHaveLength(count)
  })
})

describe('cards', () => {
  const card = {
    title: 'Chair',
    description: 'Oak',
    imageUrl: 'https://files.example.com/c.jpg',
    actions: [
      { title: 'Buy', payload: 'buy' },
      { title: 'More', url: 'https://example.com/c' },
    ],
  }
  const keyboard = { inline_keyboard: [[{ text: 'Buy', callback_data: 'buy' }], [{ text: 'More', url: 'https://example.com/c' }]] }

  it('are one message each, after their text', () => {
    expect(show('cards', [card, { title: 'Table', payload: 'table' }])).toMatchObject([
      { path: '/sendMessage', json: { text: 'Pick one' }, auxiliary: true },
      { path: '/sendPhoto', json: { photo: card.imageUrl, caption: 'Chair\nOak', reply_markup: keyboard } },
      { path: '/sendMessage', json: { text: 'Table', reply_markup: { inline_keyboard: [[{ text: 'Table', callback_data: 'table' }]] } } },
    ])
  })
  it('need no text', () => {
    expect(show('cards', [card], null)).toMatchObject([{ path: '/sendPhoto' }])
    expect(show('cards', [card], '')).toHaveLength(1)
  })
  it('have their pictures uploaded, or go without, when Telegram does not fetch them', () => {
    const [call] = show('cards', [card], '')
    const words = [{ path: '/sendMessage', json: { text: 'Chair\nOak', reply_markup: keyboard } }]

    expect(call?.alternatives?.upload).toMatchObject([
      {
        path: '/sendPhoto',
        multipart: { fields: { caption: 'Chair\nOak', reply_markup: JSON.stringify(keyboard) }, file: { field: 'photo', media: { url: card.imageUrl } } },
        alternatives: { link: words },
      },
    ])
    expect(call?.alternatives?.link).toMatchObject(words)
    expect(call?.alternatives?.numbered).toMatchObject([{ json: { text: 'Chair\nOak\n1. Buy\n2. More https://example.com/c' } }])
  })
  it('of many words have them below the picture', () => {
    const calls = show('cards', [{ ...card, description: 'd'.repeat(1019) }], '')

    expect(calls).toMatchObject([
      { path: '/sendPhoto', json: { photo: card.imageUrl }, auxiliary: true, alternatives: { link: [{ json: { text: card.imageUrl } }] } },
      { path: '/sendMessage', json: { text: `Chair\n${'d'.repeat(1019)}`, reply_markup: keyboard } },
    ])
    expect(show('cards', [{ ...card, description: 'd'.repeat(1018) }], '')).toHaveLength(1)
  })
  it('without buttons have no keyboard', () => {
    const [call] = show('cards', [{ title: 'Chair', imageUrl: card.imageUrl }], '')

    expect(call?.json).toEqual({ chat_id: 5550001111, photo: card.imageUrl, caption: 'Chair' })
    expect(call?.alternatives).not.toHaveProperty('numbered')
  })
  it('that are links lead there', () => {
    expect(bodies(show('cards', [{ title: 'Chair', url: 'https://example.com/c' }], ''))).toMatchObject([
      { reply_markup: { inline_keyboard: [[{ text: 'Chair', url: 'https://example.com/c' }]] } },
    ])
  })
})

describe('time slots', () => {
  it('of one day stand side by side', () => {
    const slots = ['2026-05-30T08:00:00Z', '2026-05-30T09:00:00Z', '2026-05-30T10:00:00Z', '2026-05-30T11:00:00Z', '2026-05-31T08:00:00Z'].map(at => ({
      title: `${at.slice(8, 10)} ${at.slice(11, 16)}`,
      at,
      payload: at,
    }))

    expect(rows(show('timePicker', slots))).toEqual([['30 08:00', '30 09:00', '30 10:00'], ['30 11:00'], ['31 08:00']])
  })
  it('are called by their instant when they have no title', () => {
    expect(rows(show('timePicker', [{ title: '', at: '2026-05-30T08:00:00Z', payload: 'p' }]))).toEqual([['2026-05-30T08:00:00Z']])
  })
  it('without an instant still have their button', () => {
    expect(rows(show('timePicker', [{ title: '', payload: 'p' }]))).toEqual([['p']])
  })
})

describe('a form', () => {
  const page = { title: 'Fill in', url: 'https://example.com/form' }

  it('with an address opens inside Telegram', () => {
    expect(bodies(show('form', [page]))).toMatchObject([
      { text: 'Pick one', reply_markup: { inline_keyboard: [[{ text: 'Fill in', web_app: { url: page.url } }]] } },
    ])
  })
  it.each([
    ['in a group', outgoing({}, { guest: '-100' }), page],
    ['in a business chat', outgoing({}, { address: { business: 'bc-1' } }), page],
    ['without TLS', outgoing(), { ...page, url: 'http://example.com/form' }],
  ])('%s is a link', (_, out, item) => {
    expect(bodies(show('form', [item], 'Please', out))).toMatchObject([{ reply_markup: { inline_keyboard: [[{ text: 'Fill in', url: item.url }]] } }])
  })
  const questions = [{ title: 'Your name' }, { title: 'Your order', description: 'see the mail' }]
  it('without one asks in the text, and for an answer', () => {
    expect(bodies(show('form', questions, 'Please'))).toEqual([
      {
        chat_id: 5550001111,
        text: 'Please\n• Your name\n• Your order – see the mail',
        reply_markup: { force_reply: true, input_field_placeholder: 'Your order' },
      },
    ])
  })
  it('asks without force where Telegram knows none', () => {
    expect(bodies(show('form', questions, 'Please', outgoing({}, { guest: '-100' })))[0]).not.toHaveProperty('reply_markup')
  })
  it('asks beside its address', () => {
    expect(bodies(show('form', [page, ...questions], 'Please'))).toMatchObject([
      { text: 'Please\n• Your name\n• Your order – see the mail', reply_markup: { inline_keyboard: [[{}]] } },
    ])
  })
  it('keeps the placeholder short, and leaves out an empty one', () => {
    expect(bodies(show('form', [{ title: 'q'.repeat(65) }]))).toMatchObject([{ reply_markup: { input_field_placeholder: 'q'.repeat(64) } }])
    expect(bodies(show('form', [{ title: '', description: 'd' }]))[0]?.reply_markup).toEqual({ force_reply: true })
  })
  it('of many questions is asked in several messages', () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ title: `${index}`, description: 'q'.repeat(100) }))

    const calls = show('form', many)

    expect(bodies(calls).map(body => body.reply_markup)).toEqual([undefined, { force_reply: true, input_field_placeholder: '59' }])
  })
  it('may be empty', () => {
    expect(bodies(show('form', []))).toEqual([{ chat_id: 5550001111, text: 'Pick one' }])
  })
})
