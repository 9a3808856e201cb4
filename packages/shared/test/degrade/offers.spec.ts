import { describe, expect, it } from '@jest/globals'
import type { ContentOf } from '../../src/contract/index.ts'
import { findAnswer, findChoice, type Offer, withTokens } from '../../src/degrade/index.ts'

const structured = (template: ContentOf<'structured'>['template'], items: ContentOf<'structured'>['items']): ContentOf<'structured'> => ({
  kind: 'structured',
  template,
  text: 'Which?',
  items,
})
const sizes = structured('quickReplies', [{ title: 'Small', payload: 's' }, { title: 'Large' }, { title: 'Shop', url: 'https://shop.example' }])
const offer = (labels: string[], more: Partial<Offer> = {}): Offer => ({
  template: 'quickReplies',
  menu: true,
  options: labels.map(label => ({ token: `um:${label}`, payload: `p:${label}`, label })),
  ...more,
})

describe('withTokens', () => {
  it('gives each pressable item a short token of its own, and links none', () => {
    const { content, options } = withTokens(sizes, 'm1')

    expect(options.map(({ payload, label }) => [payload, label])).toEqual([
      ['s', 'Small'],
      ['Large', 'Large'],
    ])
    expect(content.items.map(({ token }) => token)).toEqual([options[0]?.token, options[1]?.token, undefined])
    expect(new Set(options.map(({ token }) => token)).size).toBe(2)
    for (const { token } of options) expect(token).toMatch(/^um:[A-Za-z0-9_-]{10}$/)
  })

  it('gives the same tokens at a retry, and others to another message', () => {
    expect(withTokens(sizes, 'm1')).toEqual(withTokens(sizes, 'm1'))
    expect(withTokens(sizes, 'm2').options[0]?.token).not.toBe(withTokens(sizes, 'm1').options[0]?.token)
  })

  it('makes the first bytes of the SHA-256 of message and place the token', () => {
    // base64url(sha256('m1#0')), first ten characters
    expect(withTokens(sizes, 'm1').options[0]?.token).toBe('um:QcK2zuvPfL')
  })

  it('takes the buttons of a card, not the card', () => {
    const cards = structured('cards', [
      {
        title: 'Room',
        actions: [
          { title: 'Book', payload: 'b1' },
          { title: 'See', url: 'https://x.example' },
        ],
      },
      { title: 'Only a picture' },
      { title: 'Suite', payload: 'b2' },
    ])

    const { content, options } = withTokens(cards, 'm1')

    expect(options.map(({ label }) => label)).toEqual(['Book', 'Suite'])
    expect(content.items[0]).not.toHaveProperty('token')
    expect(content.items[0]?.actions?.map(({ token }) => token)).toEqual([options[0]?.token, undefined])
    expect(content.items[1]).not.toHaveProperty('token')
  })

  it('lets a time slot mean its instant', () => {
    const slots = structured('timePicker', [
      { title: 'Monday', at: '2026-02-03T09:00:00Z' },
      { title: 'Other', at: '2026-02-04T09:00:00Z', payload: 'x' },
    ])

    expect(withTokens(slots, 'm1').options.map(({ payload }) => payload)).toEqual(['2026-02-03T09:00:00Z', 'x'])
  })
})

describe('findChoice', () => {
  const newest = offer(['Yes', 'No'])
  const older: Offer = offer(['Maybe', 'No'], { of: 'older' })

  it('finds the option by its token, in whatever offer', () => {
    expect(findChoice([newest, older], 'um:Maybe', undefined)).toEqual({ offer: older, option: older.options[0] })
  })

  it('prefers the newest offer', () => {
    expect(findChoice([newest, older], 'um:No', undefined)?.offer).toBe(newest)
    expect(findChoice([older, newest], 'um:No', undefined)?.offer).toBe(older)
  })

  it('prefers a token to a payload, and a payload to a label', () => {
    const tricky: Offer = {
      template: 'buttons',
      menu: false,
      options: [
        { token: 't1', payload: 'p1', label: 'p2' },
        { token: 't2', payload: 'p2', label: 't1' },
      ],
    }

    expect(findChoice([tricky], 't1', undefined)?.option.token).toBe('t1')
    expect(findChoice([tricky], 'p2', undefined)?.option.token).toBe('t2')
    expect(findChoice([tricky], 'unknown', 'P2 ')?.option.token).toBe('t1')
  })

  it('knows a button by its label where the platform tells nothing else', () => {
    expect(findChoice([newest], ' yes', undefined)?.option.payload).toBe('p:Yes')
    expect(findChoice([newest], 'unknown', 'YES')?.option.payload).toBe('p:Yes')
  })

  it('finds nothing that was not offered', () => {
    expect(findChoice([newest, older], 'um:Other', 'Other')).toBeUndefined()
    expect(findChoice([], 'um:Yes', 'Yes')).toBeUndefined()
  })
})

describe('findAnswer', () => {
  const menu = offer(['Small', 'Large'])

  it.each(['2', ' 2 ', '2.', '2)', '(2)', '[2]', '２', '②'])('takes %j for the second line of a menu', text => {
    expect(findAnswer(menu, text)?.label).toBe('Large')
  })

  it.each(['0', '3', '2 please', '-1', '1.5', '2.)', ''])('takes %j for no number of this menu', text => {
    expect(findAnswer(menu, text)).toBeUndefined()
  })

  it('takes a label, whatever its case and width', () => {
    expect(findAnswer(menu, ' LARGE ')?.label).toBe('Large')
    expect(findAnswer(menu, 'Ｌａｒｇｅ')?.label).toBe('Large')
    expect(findAnswer(menu, 'Larger')).toBeUndefined()
  })

  it('takes no number where buttons were shown', () => {
    expect(findAnswer(offer(['Small', 'Large'], { menu: false }), '2')).toBeUndefined()
    expect(findAnswer(offer(['10', '20'], { menu: false }), '20')?.label).toBe('20')
  })

  it('takes a number that is no line of the menu for a label', () => {
    expect(findAnswer(offer(['10', '20']), '20')?.label).toBe('20')
    expect(findAnswer(offer(['10', '20']), '2')?.label).toBe('20')
  })

  it('needs an offer', () => {
    expect(findAnswer(undefined, '1')).toBeUndefined()
  })
})
