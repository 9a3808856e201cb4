import { describe, expect, it } from '@jest/globals'
import { documentContext, fleetKeys, seal, unseal } from '../../src/settings/index.ts'

const { seal: key, sign } = fleetKeys('a-secret-of-the-tests-0123456789')
const document = { name: 'ACME', token: 's3cr3t é😀', nothing: null, list: [1, 2] }
const context = documentContext('tenants', 't1')
const flip = (sealed: string, byte: number): string => {
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  bytes[byte] = (bytes[byte] ?? 0) ^ 1
  return `v1.${bytes.toString('base64url')}`
}

describe('a sealed document', () => {
  it('opens with its key at its place', () => {
    expect(unseal(seal(document, key, context), key, context)).toEqual(document)
  })

  it('shows nothing of what is inside, and is never the same twice', () => {
    const sealed = seal(document, key, context)

    expect(sealed).toMatch(/^v1\.[A-Za-z0-9_-]+$/)
    expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).not.toMatch(/ACME|s3cr3t|token/)
    expect(seal(document, key, context)).not.toBe(sealed)
  })

  it('does not open with another key', () => {
    const other = fleetKeys('a-secret-of-the-tests-0123456788').seal

    expect(() => unseal(seal(document, key, context), other, context)).toThrow()
    expect(() => unseal(seal(document, key, context), sign, context)).toThrow()
  })

  it('does not open at another place', () => {
    for (const place of [documentContext('tenants', 't2'), documentContext('storages', 't1'), ''])
      expect(() => unseal(seal(document, key, context), key, place)).toThrow()
  })

  it('does not open when any one bit was flipped: nonce, tag or text', () => {
    const sealed = seal(document, key, context)
    const { length } = Buffer.from(sealed.slice(3), 'base64url')

    for (let byte = 0; byte < length; byte += 1) expect(() => unseal(flip(sealed, byte), key, context)).toThrow()
  })

  it('does not open when it was cut or lengthened', () => {
    const sealed = seal(document, key, context)

    for (const broken of [sealed.slice(0, -4), `${sealed}AAAA`, 'v1.', 'v1.AAAA', sealed.slice(0, 30)]) expect(() => unseal(broken, key, context)).toThrow()
  })

  it.each(['v2.AAAA', 'AAAA', '', 'v1'])('of an unknown version is told apart: %j', text => {
    expect(() => unseal(text, key, context)).toThrow('sealed document has an unknown version')
  })

  it('opens what was sealed earlier', () => {
    // AES-256-GCM by another implementation: key = HKDF-SHA-256(secret, salt 'universal-messaging', info 'seal/v1'), nonce 00..0b
    expect(unseal('v1.AAECAwQFBgcICQoL2tOZrKfaA9A-_rzcUbqND_tcwHxkLro', key, 'tenants/t1')).toEqual({ a: 1 })
  })
})

describe('keys of a fleet', () => {
  it('differ by purpose and are the same in all services', () => {
    expect(key).toHaveLength(32)
    expect(sign).toHaveLength(32)
    expect(key.equals(sign)).toBe(false)
    expect(fleetKeys('a-secret-of-the-tests-0123456789').seal.equals(key)).toBe(true)
  })
})
