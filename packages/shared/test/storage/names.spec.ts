import { describe, expect, it } from '@jest/globals'
import { cacheControl, contentDisposition, conversationFolder, encodeKey, objectKey, safeName, shownName } from '../../src/storage/names.ts'

describe('safeName', () => {
  it.each([
    ['photo.jpg', 'image/jpeg', 'photo.jpg'],
    ['写真 1.jpg', 'image/jpeg', '写真 1.jpg'],
    ['a/b\\c?d#e%f.png', 'image/png', 'a_b_c_d_e_f.png'],
    ['..profile', 'image/png', '__profile.png'],
    ['../../etc/passwd', 'text/plain', '___.._etc_passwd.txt'],
    ['a\u0000b\u001fc\u007f.txt', 'text/plain', 'a_b_c_.txt'],
    ['invoice\u202efdp.exe', 'application/pdf', 'invoice_fdp.exe'],
    ['', 'image/png', 'file.png'],
    ['   ', 'application/octet-stream', 'file'],
    ['report', 'application/pdf', 'report.pdf'],
    ['report.v2 final', 'application/pdf', 'report.v2 final.pdf'],
    ['lone\ud800.txt', 'text/plain', 'lone\ufffd.txt'],
  ])('makes %j of type %s %j', (original, mime, expected) => {
    expect(safeName(original, mime)).toBe(expected)
  })

  it('writes composed characters, however they came', () => {
    expect(safeName('e\u0301te\u0301.png', 'image/png')).toBe('\u00e9t\u00e9.png')
  })

  it('names what came without a name after its type', () => {
    expect(safeName(undefined, 'audio/ogg')).toBe('file.ogg')
  })

  it('keeps at most 100 bytes, whole characters and the extension', () => {
    const name = safeName(`${'写'.repeat(60)}.jpeg`, 'image/jpeg')

    expect(Buffer.byteLength(name)).toBe(98)
    expect(name).toBe(`${'写'.repeat(31)}.jpeg`)
  })

  it('leaves a name of exactly 100 bytes alone', () => {
    const name = `${'a'.repeat(96)}.png`

    expect(safeName(name, 'image/png')).toBe(name)
    expect(safeName(`a${name}`, 'image/png')).toBe(name)
  })
})

describe('shownName', () => {
  it('keeps what only URLs cannot hold, but no control characters', () => {
    expect(shownName('50% off? #1 a/b\r\nSet-Cookie: x.png', 'image/png')).toBe('50% off? #1 a/b__Set-Cookie: x.png')
  })

  it('is bounded', () => {
    expect(Buffer.byteLength(shownName(`${'é'.repeat(400)}.png`, 'image/png'))).toBeLessThanOrEqual(255)
  })
})

describe('encodeKey', () => {
  it.each([
    ['gum/t/c/ab-été 1+1.png', 'gum/t/c/ab-%C3%A9t%C3%A9%201%2B1.png'],
    ['gum/t1/c1/0002-写真 1.jpg', 'gum/t1/c1/0002-%E5%86%99%E7%9C%9F%201.jpg'],
    ["a/(b)!'*~-_.&=@:,;$", 'a/%28b%29%21%27%2A~-_.%26%3D%40%3A%2C%3B%24'],
  ])('encodes %j', (key, expected) => {
    expect(encodeKey(key)).toBe(expected)
  })
})

describe('contentDisposition', () => {
  it.each([
    ['写真 1.jpg', 'image/jpeg', "inline; filename*=UTF-8''%E5%86%99%E7%9C%9F%201.jpg"],
    ["it's (1).pdf", 'application/pdf', "inline; filename*=UTF-8''it%27s%20%281%29.pdf"],
    ['page.html', 'text/html', "attachment; filename*=UTF-8''page.html"],
    ['logo.svg', 'image/svg+xml', "attachment; filename*=UTF-8''logo.svg"],
    ['feed.xml', 'application/xml', "attachment; filename*=UTF-8''feed.xml"],
    ['run.js', 'text/javascript', "attachment; filename*=UTF-8''run.js"],
    ['letter.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', "inline; filename*=UTF-8''letter.docx"],
  ])('of %s (%s)', (name, mime, expected) => {
    expect(contentDisposition(name, mime)).toBe(expected)
  })
})

describe('cacheControl', () => {
  it('ends with the purge delay, but is a minute at least', () => {
    expect(cacheControl(300)).toBe('private, max-age=300')
    expect(cacheControl(0)).toBe('private, max-age=60')
    expect(cacheControl(60)).toBe('private, max-age=60')
    expect(cacheControl(61)).toBe('private, max-age=61')
  })
})

describe('objectKey', () => {
  const parts = { tenantId: 't1', conversation: 'c1', random: Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'), name: 'a.png' }

  it('joins prefix, tenant, conversation and an unguessable name', () => {
    expect(objectKey({ ...parts, prefix: 'gum' })).toBe('gum/t1/c1/000102030405060708090a0b0c0d0e0f-a.png')
  })

  it('has no leading slash without a prefix', () => {
    expect(objectKey({ ...parts, prefix: '' })).toBe('t1/c1/000102030405060708090a0b0c0d0e0f-a.png')
  })
})

describe('conversationFolder', () => {
  it('is the same for the same guest, and does not show who it is', () => {
    const folder = conversationFolder('secret-1', 't1', '+4512345678')

    expect(folder).toBe(conversationFolder('secret-1', 't1', '+4512345678'))
    expect(folder).toMatch(/^[0-9a-f]{32}$/)
  })

  it('differs between guests, tenants and installations', () => {
    const folders = [
      conversationFolder('secret-1', 't1', 'g1'),
      conversationFolder('secret-1', 't1', 'g2'),
      conversationFolder('secret-1', 't2', 'g1'),
      conversationFolder('secret-2', 't1', 'g1'),
      conversationFolder('secret-1', 't1"', '"g1'),
    ]

    expect(new Set(folders).size).toBe(5)
  })
})
