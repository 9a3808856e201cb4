import { describe, expect, it } from '@jest/globals'
import type { Content } from '../../src/contract/index.ts'
import { wordsOf } from '../../src/journal/words.ts'

describe('wordsOf', () => {
  it.each<[Content, string | undefined]>([
    [{ kind: 'text', text: 'hello' }, 'hello'],
    [{ kind: 'text', text: '' }, undefined],
    [{ kind: 'attachment', media: 'image', source: { url: 'https://x/secret.png', name: 'secret.png' }, caption: 'look' }, 'look'],
    [{ kind: 'attachment', media: 'image', source: { url: 'https://x/secret.png' } }, undefined],
    [{ kind: 'structured', template: 'quickReplies', text: 'which?', items: [{ title: 'a' }] }, 'which?'],
    [{ kind: 'choice', payload: 'p', label: 'Large' }, 'Large'],
    [{ kind: 'edit', of: 'm', content: { kind: 'text', text: 'better' } }, 'better'],
    [{ kind: 'location', latitude: 1, longitude: 2, title: 'home' }, undefined],
    [{ kind: 'contact', name: 'Ann', phones: ['+1'] }, undefined],
  ])('of %j are %s', (content, words) => {
    expect(wordsOf(content)).toBe(words)
  })

  it('are cut between characters when they are long', () => {
    const at = (length: number) => wordsOf({ kind: 'text', text: '👋'.repeat(length) }) ?? ''

    expect(at(500)).toBe('👋'.repeat(500))
    expect(at(501)).toBe(`${'👋'.repeat(499)}…`)
    expect(Array.from(at(100_000)).length).toBe(500)
    expect(wordsOf({ kind: 'text', text: 'x'.repeat(100_000) })).toBe(`${'x'.repeat(499)}…`)
  })
})
