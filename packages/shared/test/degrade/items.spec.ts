import { describe, expect, it } from '@jest/globals'
import { answerOf, askedInText, headingOf, lineOf } from '../../src/degrade/index.ts'

describe('the answer of a button', () => {
  const short = (text: string) => text.length <= 10

  it('is its payload, or its title', () => {
    expect(answerOf({ title: 'Blue', payload: 'c=blue' }, short)).toBe('c=blue')
    expect(answerOf({ title: 'Blue', payload: '' }, short)).toBe('Blue')
  })

  it('is its token where the payload has no room', () => {
    const action = { title: 'Blue', payload: 'x'.repeat(11), token: 'um:abc' }

    expect(answerOf(action, short)).toBe('um:abc')
    expect(answerOf({ ...action, payload: 'x'.repeat(10) }, short)).toBe('x'.repeat(10))
  })
})

describe('an item', () => {
  it('is one line, without a dash when there is nothing behind it', () => {
    expect(lineOf({ title: 'Blue', description: 'like the sky' })).toBe('Blue – like the sky')
    expect(lineOf({ title: 'Blue', description: '' })).toBe('Blue')
  })

  it('has a heading when it is the first of its section', () => {
    const warm = { title: 'Red', section: 'Warm' }

    expect(headingOf(warm, undefined)).toBe('Warm')
    expect(headingOf(warm, { title: 'Blue', section: 'Cold' })).toBe('Warm')
    expect(headingOf(warm, { title: 'Orange', section: 'Warm' })).toBeUndefined()
    expect(headingOf({ title: 'Grey', section: '' }, warm)).toBeUndefined()
  })
})

describe('a form', () => {
  it('asks in the text, and offers what is to be opened', () => {
    const link = { title: 'Open', url: 'https://example.com' }
    const content = { kind: 'structured', template: 'form', text: 'Tell us', items: [{ title: 'Name', description: 'as on the card' }, link] } as const

    expect(askedInText({ ...content, items: [...content.items] })).toEqual({ lines: ['Tell us', '• Name – as on the card'], links: [link] })
  })

  it('without a text begins with what is asked', () => {
    expect(askedInText({ kind: 'structured', template: 'form', items: [{ title: 'Name' }] })).toEqual({ lines: ['• Name'], links: [] })
  })
})
