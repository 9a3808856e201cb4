import { describe, expect, it } from '@jest/globals'
import { messagePage } from '@um/shared/pages'
import { readTags, writeTags } from '../src/tags.ts'

const names = new Set(['acme-site-verification'])
const tag = (content: string) => `<meta name="acme-site-verification" content="${content}">`
const page = (head: string, body = '') => `<!doctype html><html><head><meta charset="utf-8">${head}</head><body>${body}</body></html>`
const contents = (text: string) => readTags(text, names).map(({ content }) => content)

describe('tags of a page', () => {
  it('are those of the names that are looked for, each once, in their order', () => {
    const other = '<meta name="viewport" content="width-device"><meta name="other-site-verification" content="Other">'

    const found = readTags(page(tag('b_2-B') + other + tag('a1') + tag('b_2-B')), names)

    expect(found).toEqual([
      { name: 'acme-site-verification', content: 'b_2-B' },
      { name: 'acme-site-verification', content: 'a1' },
    ])
  })

  it('are found on the pages that connectors make', () => {
    const { body } = messagePage(200, 'Acme', 'Acme sends here.', [['acme-site-verification', 'GkE8-x_9']])

    expect(contents(String(body))).toEqual(['GkE8-x_9'])
  })

  it.each([
    ['a script behind a quotation mark', '<meta name="acme-site-verification" content="x"><script>alert(1)</script>', ['x']],
    ['a quotation mark that was escaped', tag('x&quot;&gt;&lt;script&gt;'), []],
    ['an element inside of the content', tag('"><img src=x onerror=alert(1)>'), []],
    ['more attributes', '<meta name="acme-site-verification" content="x" onload="alert(1)">', []],
    ['another attribute for the name', '<meta http-equiv="acme-site-verification" content="x">', []],
    ['no content', tag(''), []],
    ['an address', tag('https://evil.example'), []],
    ['a line break in the content', tag('a\nb'), []],
    ['a content of endless length', tag('a'.repeat(257)), []],
    ['a name in other letters', '<meta name="ACME-site-verification" content="x">', []],
  ])('are not taken with %s', (_what, head, found) => {
    expect(contents(page(head))).toEqual(found)
    expect(writeTags(readTags(page(head), names))).not.toMatch(/script|onerror|onload|evil/)
  })

  it('are not taken from what people have written into the body, nor from a page without an end of its head', () => {
    expect(contents(page('', tag('body')))).toEqual([])
    expect(contents(`<html><body>${tag('body')}</head></body>`)).toEqual([])
    expect(contents(tag('fragment'))).toEqual([])
  })

  it('are a thousand at most', () => {
    const many = Array.from({ length: 1500 }, (_, index) => tag(`code-${index}`)).join('')

    expect(contents(page(many))).toHaveLength(1000)
  })
})
