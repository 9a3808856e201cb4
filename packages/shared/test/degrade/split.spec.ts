import { describe, expect, it } from '@jest/globals'
import { shorten, splitText } from '../../src/degrade/index.ts'

const family = '👨‍👩‍👧‍👦'
const combined = 'e\u0301'
const japan = '🇯🇵'

describe('splitText', () => {
  it('leaves a text alone that fits exactly', () => {
    expect(splitText('a'.repeat(10), 10)).toEqual(['a'.repeat(10)])
  })

  it('has one piece also for nothing', () => {
    expect(splitText('', 10)).toEqual([''])
  })

  it('does not cut an emoji at a limit of 4096 code units', () => {
    const pieces = splitText(`${'a'.repeat(4095)}😀${'b'.repeat(10)}`, 4096)

    expect(pieces).toEqual(['a'.repeat(4095), '😀bbbbbbbbbb'])
  })

  it('fills a piece to the limit where a grapheme ends there', () => {
    expect(splitText(`${'a'.repeat(4094)}😀${'b'.repeat(10)}`, 4096)).toEqual([`${'a'.repeat(4094)}😀`, 'bbbbbbbbbb'])
  })

  it.each([
    ['a family of four (11 units)', family],
    ['a flag', japan],
    ['a letter with a combining mark', combined],
    ['a skin tone', '👍🏽'],
    ['a keycap', '1️⃣'],
    ['a Hangul syllable in parts', '각'.normalize('NFD')],
  ])('never cuts %s', (_name, grapheme) => {
    for (let before = 12; before <= 30; before += 1) {
      const text = `${'a'.repeat(before)}${grapheme.repeat(3)}b`

      const pieces = splitText(text, 30)

      expect(pieces.join('')).toBe(text)
      for (const piece of pieces) {
        expect(piece.length).toBeLessThanOrEqual(30)
        expect(piece.replaceAll(grapheme, '')).toMatch(/^[ab]*$/)
      }
    }
  })

  it('tells flags apart that follow each other', () => {
    expect(splitText('🇯🇵🇦🇹🇩🇪', 6)).toEqual(['🇯🇵', '🇦🇹', '🇩🇪'])
  })

  it('cuts a grapheme that is longer than the limit, but no surrogate pair', () => {
    const pieces = splitText(family, 4)

    expect(pieces.join('')).toBe(family)
    for (const piece of pieces) {
      expect(piece.length).toBeLessThanOrEqual(4)
      expect(piece.isWellFormed()).toBe(true)
    }
  })

  it('cuts at a space in the last third', () => {
    expect(splitText('aaaaaaa bbbbbbb', 10)).toEqual(['aaaaaaa', 'bbbbbbb'])
  })

  it('cuts inside a word rather than leave most of a piece empty', () => {
    expect(splitText('aaaa bbbbbbbbbb', 10)).toEqual(['aaaa bbbbb', 'bbbbb'])
  })

  it.each([
    ['a paragraph', `${'a'.repeat(20)}\n\n${'b. b '.repeat(4)}`, `${'a'.repeat(20)}`],
    ['a line', `${'a'.repeat(20)}\n${'b. b '.repeat(4)}`, `${'a'.repeat(20)}`],
    ['a sentence', `${'a'.repeat(20)}. ${'b b '.repeat(4)}`, `${'a'.repeat(20)}.`],
    ['a Japanese sentence', `${'あ'.repeat(20)}。${'い い '.repeat(4)}`, `${'あ'.repeat(20)}。`],
  ])('prefers the end of %s to a later space', (_name, text, first) => {
    expect(splitText(text, 30)[0]).toBe(first)
  })

  it('drops white space at a cut only', () => {
    expect(splitText('  aaaaaaa   \n  bbbbbbb  ', 13)).toEqual(['  aaaaaaa', 'bbbbbbb  '])
  })

  it('makes nothing of a cut in white space alone', () => {
    expect(splitText(' '.repeat(50), 10)).toEqual([''])
  })

  it('keeps every word of a long text in order, within the limit', () => {
    const words = Array.from({ length: 3000 }, (_, index) => `word${index}${index % 7 === 0 ? family : ''}`)

    const pieces = splitText(words.join(' '), 997)

    expect(pieces.join(' ').split(/\s+/)).toEqual(words)
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(997)
  })

  it('does not tear a combining mark off the space it stands on', () => {
    const text = `aaaaaaaa \u0301${'b'.repeat(10)}`

    expect(splitText(text, 10).join('')).toBe(text)
  })
})

describe('shorten', () => {
  it('leaves a text alone that fits exactly', () => {
    expect(shorten('abcde', 5)).toBe('abcde')
  })

  it('shows that something is missing', () => {
    expect(shorten('abcdef', 5)).toBe('abcd…')
  })

  it('cuts between graphemes', () => {
    expect(shorten(`ab${family}cd`, 10)).toBe('ab…')
    expect(shorten(`ab😀cd`, 5)).toBe('ab😀…')
    expect(shorten(`ab😀cd`, 4)).toBe('ab…')
  })
})
