import { describe, expect, it } from '@jest/globals'
import type { ContentOf, PlatformCall, StructuredItem } from '@um/shared/contract'
import { sent } from '../src/api.ts'
import type { Settings } from '../src/definition.ts'
import { tokenOf } from '../src/menu.ts'
import { render } from '../src/render.ts'
import { lena, outgoing } from './samples.ts'

const bodies = (calls: PlatformCall[]) => calls.map(({ json }) => json as { msgtype: string; text?: { content: string }; [member: string]: unknown })
const wordsOf = (calls: PlatformCall[]): string[] => bodies(calls).map(({ text }) => text?.content ?? '')
const say = (text: string, more: Partial<Settings> = {}) => render.text({ kind: 'text', text }, outgoing(more))

describe('a text', () => {
  it('goes to the guest, in the name of a customer service account where there is one', () => {
    expect(bodies(say('hello'))).toEqual([{ touser: lena, msgtype: 'text', text: { content: 'hello' } }])
    expect(bodies(say('hello', { kfAccount: 'anna@acme' }))).toMatchObject([{ customservice: { kf_account: 'anna@acme' } }])
  })
  it('has an id of its own, the same at each attempt', () => {
    const [call] = say('hello')

    expect(sent({ errcode: 0 }, call as PlatformCall).id).toMatch(new RegExp(`^${lena}:[0-9a-f-]{36}$`))
    expect(say('hello')).toEqual([call])
    const ids = say('x'.repeat(5000)).map(each => sent({}, each).id)
    expect(new Set(ids).size).toBe(3)
  })
  it('is cut by bytes, at the fewest places', () => {
    const pieces = wordsOf(say('你'.repeat(2040)))

    expect(pieces.map(piece => Buffer.byteLength(piece))).toEqual([2046, 2046, 2028])
    expect(wordsOf(say('a'.repeat(2048)))).toHaveLength(1)
    expect(wordsOf(say('a'.repeat(2049)))).toHaveLength(2)
    expect(wordsOf(say(`${'a'.repeat(2000)}${'你'.repeat(700)}`)).every(piece => Buffer.byteLength(piece) <= 2048)).toBe(true)
  })
  it('becomes shorter pieces when WeChat finds it too long', () => {
    const [long] = say('a'.repeat(1300))
    const [short] = say('a'.repeat(600))

    expect(wordsOf(long?.alternatives?.text ?? []).map(piece => piece.length)).toEqual([600, 600, 100])
    expect(short?.alternatives).toBeUndefined()
  })
  it('cannot pass for a link, and has nothing that JSON must escape', () => {
    expect(wordsOf(say('<a href="x">y</a> <b> a<b <A'))).toEqual(['＜a href="x">y</a> <b> a<b ＜A'])
    expect(JSON.stringify(bodies(say('a\u0001\u0085b\ud83dc\n😀')))).not.toMatch(/\\u/)
  })
})

describe('an attachment', () => {
  const attach = (media: ContentOf<'attachment'>['media'], source: Partial<ContentOf<'attachment'>['source']>, more: object = {}) =>
    render.attachment({ kind: 'attachment', media, source: { url: 'https://files.example.com/x', ...source }, ...more }, outgoing())
  it.each([
    ['image', 'image/png', 10e6, 'image'],
    ['image', 'image/jpeg', undefined, 'image'],
    ['audio', 'audio/mpeg', 2e6, 'voice'],
    ['audio', 'audio/amr', 10, 'voice'],
    ['video', 'video/mp4', 10e6, 'video'],
    ['file', 'image/gif', 10, 'image'],
  ] as const)('that WeChat takes is brought there first: %s %s', (media, mime, size, msgtype) => {
    const calls = attach(media, { mime, ...(size === undefined ? {} : { size }) })

    expect(calls).toMatchObject([{ upload: { url: 'https://files.example.com/x' }, json: { msgtype, [msgtype]: { media_id: '' } } }])
  })
  it.each([
    ['image', { mime: 'image/png', size: 10e6 + 1 }],
    ['image', { mime: 'image/tiff' }],
    ['audio', { mime: 'audio/mpeg', size: 2e6 + 1 }],
    ['audio', { mime: 'audio/ogg' }],
    ['video', { mime: 'video/quicktime' }],
    ['file', { mime: 'application/pdf', name: 'bill.pdf' }],
  ] as const)('that WeChat does not take is a link: %s %j', (media, source) => {
    const calls = attach(media, source)

    expect(wordsOf(calls)[0]).toContain('https://files.example.com/x')
    expect(calls[0]).not.toHaveProperty('upload')
  })
  it('by voice is a link after a minute', () => {
    expect(bodies(attach('audio', { mime: 'audio/mpeg' }, { durationSeconds: 60 }))).toMatchObject([{ msgtype: 'voice' }])
    expect(bodies(attach('audio', { mime: 'audio/mpeg' }, { durationSeconds: 61 }))).toMatchObject([{ msgtype: 'text' }])
  })
  it('says its caption once: beside the picture, or with the link', () => {
    const shown = attach('image', { mime: 'image/png', name: 'plan.png' }, { caption: 'the plan' })
    const linked = attach('file', { mime: 'application/pdf', name: 'plan.pdf' }, { caption: 'the plan' })

    expect(wordsOf(shown)).toEqual(['', 'the plan'])
    expect(wordsOf(shown[0]?.alternatives?.link ?? [])).toEqual(['plan.png: https://files.example.com/x'])
    expect(wordsOf(linked)).toEqual(['the plan\nplan.pdf: https://files.example.com/x'])
  })
  it('is brought once more when WeChat has lost it, and is a link after that', () => {
    const [call] = attach('image', { mime: 'image/png' })
    const [again] = call?.alternatives?.again ?? []

    expect(again).toMatchObject({ upload: call?.upload, json: call?.json })
    expect(Object.keys(again?.alternatives ?? {})).toEqual(['link'])
  })
})

describe('a place', () => {
  it('is a text with a map that opens in China', () => {
    const place = { kind: 'location', latitude: 39.9, longitude: 116.4, title: '天安门', address: 'Beijing' } as const

    expect(wordsOf(render.location(place, outgoing()))).toEqual([
      '天安门\nBeijing\nhttps://apis.map.qq.com/uri/v1/marker?marker=coord:39.9,116.4;title:%E5%A4%A9%E5%AE%89%E9%97%A8',
    ])
  })
})

describe('an offer', () => {
  const offer = (template: ContentOf<'structured'>['template'], items: StructuredItem[], more: Partial<Settings> = {}) =>
    render.structured({ kind: 'structured', template, text: 'Pick one', items }, outgoing(more))
  const option = (title: string, more: Partial<StructuredItem> = {}): StructuredItem => ({ title, payload: title, token: `um:${title}_-12345`, ...more })
  interface Menu {
    head_content: string
    list: { id: string; content: string }[]
    tail_content: string
  }
  const menuOf = (calls: PlatformCall[]): Menu => bodies(calls).find(({ msgtype }) => msgtype === 'msgmenu')?.msgmenu as Menu

  it('is a menu, whose ids are letters and digits that lead back to the option', () => {
    const { head_content, list, tail_content } = menuOf(offer('quickReplies', [option('Delivery'), option('Invoice')]))

    expect([head_content, ...list.map(({ content }) => content), tail_content]).toEqual(['Pick one', 'Delivery', 'Invoice', ''])
    for (const { id } of list) expect(id).toMatch(/^[A-Za-z0-9]+$/)
    expect(list.map(({ id }) => tokenOf(id))).toEqual(['um:Delivery_-12345', 'um:Invoice_-12345'])
  })
  it('tells links below and descriptions above', () => {
    const menu = menuOf(offer('listPicker', [option('A', { description: 'cheap' }), { title: 'Shop', url: 'https://acme.example' }]))

    expect(menu).toMatchObject({ head_content: 'Pick one\nA – cheap', tail_content: 'Shop: https://acme.example' })
  })
  it('is a numbered text when it is too long for a menu', () => {
    const long = offer('buttons', [option('x'.repeat(65))])
    const many = offer('buttons', [option('A'), option('B')], { maxMenuEntries: 1 })

    expect(menuOf(offer('buttons', [option('x'.repeat(64))]))).toBeDefined()
    expect(wordsOf(long)).toEqual([`Pick one\n1. ${'x'.repeat(65)}`])
    expect(wordsOf(many)).toEqual(['Pick one\n1. A\n2. B'])
    expect([...long, ...many].map(({ numbered }) => numbered)).toEqual([true, true])
  })
  it('is a numbered text when WeChat refuses the menu', () => {
    const [call] = offer('buttons', [option('A')])

    expect(call?.alternatives?.text).toMatchObject([{ numbered: true, json: { text: { content: 'Pick one\n1. A' } } }])
  })
  it('of links alone is a text', () => {
    expect(wordsOf(offer('buttons', [{ title: 'Shop', url: 'https://acme.example' }]))).toEqual(['Pick one\n• Shop: https://acme.example'])
  })
  it('of one card with a picture is an article and a menu', () => {
    const actions = [option('Buy'), { title: 'More', url: 'https://acme.example/more' }]
    const calls = offer('cards', [{ title: 'Tea', description: 'green', imageUrl: 'https://acme.example/tea.jpg', actions }])

    expect(bodies(calls).map(({ msgtype }) => msgtype)).toEqual(['news', 'msgmenu'])
    expect(menuOf(calls)).toMatchObject({ head_content: 'Pick one', tail_content: 'More: https://acme.example/more' })
    expect(bodies(calls)[0]?.news).toEqual({
      articles: [{ title: 'Tea', description: 'green', url: 'https://acme.example/more', picurl: 'https://acme.example/tea.jpg' }],
    })
  })
  it('of one card with a picture and nothing to choose is an article alone', () => {
    const actions = [
      { title: 'Shop', url: 'https://acme.example' },
      { title: 'More', url: 'https://acme.example/more' },
    ]
    const calls = offer('cards', [{ title: 'Tea', imageUrl: 'https://acme.example/tea.jpg', actions }])

    expect(bodies(calls)).toMatchObject([
      { news: { articles: [{ title: 'Tea', description: 'Pick one\nMore: https://acme.example/more', url: 'https://acme.example' }] } },
    ])
  })
  it('of several cards is one menu, in which buttons of the same name are told apart', () => {
    const card = (title: string) => ({
      title,
      description: `${title} leaves`,
      imageUrl: 'https://acme.example/x.jpg',
      actions: [option('Buy', { token: `um:${title}` })],
    })
    const calls = offer('cards', [card('Black'), card('Green')])

    expect(calls).toHaveLength(1)
    expect(menuOf(calls).head_content).toBe('Pick one\nBlack – Black leaves\nGreen – Green leaves')
    expect(menuOf(calls).list.map(({ content }) => content)).toEqual(['Buy – Black', 'Buy – Green'])
  })
})

describe('typing', () => {
  it('begins and ends', () => {
    const commands = [true, false].map(on => bodies(render.typing({ kind: 'typing', on }, outgoing()))[0]?.command)

    expect(commands).toEqual(['Typing', 'CancelTyping'])
  })
})
