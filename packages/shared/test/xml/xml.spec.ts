import { describe, expect, it } from '@jest/globals'
import { cdata, membersOf, readXml } from '../../src/xml/index.ts'

const read = (text: string) => {
  const root = readXml(text)
  return root && { [root.name]: membersOf(root) }
}

describe('readXml', () => {
  it('reads words, CDATA and children', () => {
    expect(read('<xml><A>1</A><B><![CDATA[<你好> & 😀]]></B><C><D>2</D></C><E/></xml>')).toEqual({
      xml: { A: '1', B: '<你好> & 😀', C: { D: '2' }, E: '' },
    })
  })
  it('reads the entities of XML itself, a declaration, and white space between elements', () => {
    expect(read('<?xml version="1.0"?>\n<xml>\n <A>&lt;&amp;&gt;&#20320;</A>\n</xml>\n')).toEqual({ xml: { A: '<&>你' } })
  })
  it('keeps what looks like a document type inside of words', () => {
    expect(read('<xml><A><![CDATA[<!DOCTYPE html><!ENTITY a "b">]]></A></xml>')).toEqual({ xml: { A: '<!DOCTYPE html><!ENTITY a "b">' } })
  })
  it('reads CDATA that is longer than a parser holds at once', () => {
    const long = 'x'.repeat(200_000)

    expect(read(`<xml><A><![CDATA[${long}]]></A></xml>`)).toEqual({ xml: { A: long } })
  })
  it.each([
    ['nothing', ''],
    ['words', 'hello'],
    ['JSON', '{"a":1}'],
    ['half of it', '<xml><A>1</A>'],
    ['a wrong end', '<xml><A>1</B></xml>'],
    ['two roots', '<xml></xml><xml></xml>'],
    ['something behind the end', '<xml></xml>x'],
    ['a document type', '<!DOCTYPE xml><xml><A>1</A></xml>'],
    ['entities of its own', '<!DOCTYPE xml [<!ENTITY a "b">]><xml><A>&a;</A></xml>'],
    ['an external entity', '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>'],
    ['an entity that nobody declared', '<xml><A>&nbsp;</A></xml>'],
    ['a bare ampersand', '<xml><A>a & b</A></xml>'],
    ['too much depth', `${'<a>'.repeat(17)}${'</a>'.repeat(17)}`],
    ['too many elements', `<xml>${'<a/>'.repeat(10_000)}</xml>`],
  ])('refuses %s', (_what, text) => {
    expect(readXml(text)).toBeUndefined()
  })
  it('refuses what is larger than it may be, by one character', () => {
    expect(readXml('<xml></xml>', 11)).toBeDefined()
    expect(readXml('<xml></xml>', 10)).toBeUndefined()
  })
  it('gives names no power over the object that they end up in', () => {
    const members = membersOf(readXml('<xml><__proto__><polluted>1</polluted></__proto__></xml>') ?? { name: '', text: '', children: [] })

    expect(Object.hasOwn(members, '__proto__')).toBe(true)
    expect((members as { polluted?: string }).polluted).toBeUndefined()
  })
})

describe('cdata', () => {
  it.each(['plain', '<a href="x">&</a>', 'a]]>b]]>', ']]', '你好 😀\nline'])('comes back as it was: %j', words => {
    expect(readXml(`<A>${cdata(words)}</A>`)?.text).toBe(words)
  })
  it('leaves out what XML cannot say', () => {
    expect(cdata('a\u0000b\u0008c\uD83Dd\te')).toBe('<![CDATA[abc\uFFFDd\te]]>')
  })
})
