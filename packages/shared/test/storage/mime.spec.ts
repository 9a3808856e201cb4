import { describe, expect, it } from '@jest/globals'
import { chooseMime, extensionOf, isActiveType, plainMime } from '../../src/storage/mime.ts'

const png = Buffer.from('89504e470d0a1a0a', 'hex')
const page = Buffer.from('<html><script>alert(1)</script>')
const ole = Buffer.from('d0cf11e0a1b11ae1', 'hex')
const unknown = Buffer.from('just words')

describe('chooseMime', () => {
  it.each<[string, { declared?: string; name?: string; head: Buffer }, string]>([
    ['what was declared wins', { declared: 'image/jpeg', head: png }, 'image/jpeg'],
    ['parameters and case are dropped', { declared: 'Text/Plain; charset=utf-8', head: unknown }, 'text/plain'],
    ['a page in disguise is told', { declared: 'image/png', name: 'a.png', head: page }, 'text/html'],
    ['a page without a type is told', { name: 'a.png', head: page }, 'text/html'],
    ['an active type that was declared stays', { declared: 'application/xhtml+xml', head: page }, 'application/xhtml+xml'],
    ['first bytes tell what nobody declared', { head: png }, 'image/png'],
    ['first bytes go before the name', { name: 'a.pdf', head: png }, 'image/png'],
    ['"unknown" is no declaration', { declared: 'application/octet-stream', head: png }, 'image/png'],
    ['nonsense is no declaration', { declared: 'png', head: png }, 'image/png'],
    ['a header that was smuggled in is no declaration', { declared: 'image/png\r\nx-a: b', head: unknown }, 'application/octet-stream'],
    ['the name tells what the bytes do not', { name: 'data.CSV', head: unknown }, 'text/csv'],
    ['the name tells which document is in a container', { name: 'old.doc', head: ole }, 'application/msword'],
    ['a container without a name stays one', { head: ole }, 'application/x-ole-storage'],
    ['nothing is known', { head: unknown }, 'application/octet-stream'],
  ])('%s', (_rule, file, expected) => {
    expect(chooseMime(file)).toBe(expected)
  })
})

describe('isActiveType', () => {
  it.each(['text/html', 'application/xhtml+xml', 'image/svg+xml', 'text/xml', 'application/xml', 'application/rss+xml', 'text/javascript', 'application/wasm'])(
    'is true of %s',
    mime => {
      expect(isActiveType(mime)).toBe(true)
    },
  )

  it.each(['image/png', 'application/pdf', 'text/plain', 'text/csv', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'])(
    'is false of %s',
    mime => {
      expect(isActiveType(mime)).toBe(false)
    },
  )
})

describe('plainMime and extensionOf', () => {
  it('know what they do not know', () => {
    expect(plainMime(undefined)).toBeUndefined()
    expect(plainMime('')).toBeUndefined()
    expect(plainMime(`image/${'x'.repeat(200)}`)).toBeUndefined()
    expect(extensionOf('application/x-nobody-knows')).toBeUndefined()
  })

  it('give nameless files the usual extension', () => {
    expect(extensionOf('image/jpeg')).toBe('jpg')
    expect(extensionOf('video/quicktime')).toBe('mov')
  })
})
