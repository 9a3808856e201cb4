import { describe, expect, it } from '@jest/globals'
import type { Capabilities, ContentOf } from '../../src/contract/index.ts'
import { degrade } from '../../src/degrade/index.ts'

const question = (titles: string[], more: Partial<ContentOf<'structured'>> = {}): ContentOf<'structured'> => ({
  kind: 'structured',
  template: 'quickReplies',
  text: 'Which?',
  items: titles.map(title => ({ title, payload: `p:${title}` })),
  ...more,
})
const native: Capabilities = { text: { level: 'native', maxText: 20 }, structured: { level: 'native', maxItems: 2, templates: ['quickReplies'] } }
const show = (content: ContentOf<'structured'>, capabilities: Capabilities, agentName?: string) => {
  const degraded = degrade(content, capabilities, { messageId: 'm1', showSystemMessages: true, ...(agentName === undefined ? {} : { agentName }) })
  if (!('parts' in degraded)) throw new Error('was rejected')
  return degraded
}

describe('options', () => {
  it('are shown by the platform where it can, with their tokens', () => {
    const { parts, offered } = show(question(['A', 'B']), native)

    expect(offered).toMatchObject({ template: 'quickReplies', menu: false, options: [{ label: 'A', payload: 'p:A' }, { label: 'B' }] })
    expect(parts).toEqual([
      question([], { items: ['A', 'B'].map((title, index) => ({ title, payload: `p:${title}`, token: offered?.options[index]?.token ?? '' })) }),
    ])
  })

  it.each([
    ['has none', { text: { level: 'native' } } satisfies Capabilities, question(['A', 'B'])],
    ['has fewer', native, question(['A', 'B', 'C'])],
    ['has others', native, question(['A', 'B'], { template: 'buttons' })],
  ])('become a numbered menu where the platform %s', (_name, capabilities, content) => {
    const { parts, offered } = show(content, capabilities)

    expect(offered).toMatchObject({ template: content.template, menu: true })
    expect(offered?.options).toHaveLength(content.items.length)
    expect(parts[0]).toMatchObject({ kind: 'text', text: expect.stringMatching(/^Which\?\n1\. A\n2\. B/) })
  })

  it('count also where they are buttons of one card', () => {
    const card = question([], { template: 'quickReplies', items: [{ title: 'Card', actions: [{ title: 'A' }, { title: 'B' }, { title: 'C' }] }] })

    expect(show(card, native).offered?.menu).toBe(true)
    expect(show({ ...card, items: [{ title: 'Card', actions: [{ title: 'A' }, { title: 'B' }] }] }, native).offered?.menu).toBe(false)
  })

  it('come with the last piece of a long question', () => {
    const { parts } = show(question(['A'], { text: `${'a'.repeat(20)} ${'b'.repeat(10)}` }), native)

    expect(parts.map(part => [part.kind, 'text' in part ? part.text : undefined])).toEqual([
      ['text', 'a'.repeat(20)],
      ['structured', 'b'.repeat(10)],
    ])
  })

  it('have a limit of their own for the question', () => {
    const capabilities: Capabilities = { ...native, structured: { level: 'native', maxText: 8 } }

    expect(show(question(['A'], { text: '12345678' }), capabilities).parts).toHaveLength(1)
    expect(show(question(['A'], { text: '123456789' }), capabilities).parts).toHaveLength(2)
  })

  it('need no question', () => {
    const { text: _none, ...silent } = question(['A'])

    expect(show(silent, native).parts).toMatchObject([{ kind: 'structured' }])
    expect(show(silent, { text: { level: 'native' } }).parts).toEqual([{ kind: 'text', text: '1. A' }])
  })

  it('are asked in the agent’s name', () => {
    expect(show(question(['A']), native, 'Ann').parts).toMatchObject([{ text: 'Ann: Which?' }])
    expect(show(question(['A']), { text: { level: 'native' } }, 'Ann').parts).toEqual([{ kind: 'text', text: 'Ann: Which?\n1. A' }])
  })

  it('degrade the same way at every retry', () => {
    expect(show(question(['A', 'B', 'C']), native)).toEqual(show(question(['A', 'B', 'C']), native))
  })

  it('in too long a menu go on in a second message', () => {
    const { parts } = show(question(['first option', 'second option', 'third option']), native)

    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) expect('text' in part ? (part.text?.length ?? 0) : 0).toBeLessThanOrEqual(20)
  })
})
