import { describe, expect, it } from '@jest/globals'
import { readXml } from '@um/shared/xml'
import { decrypt, encrypt, signatureOf } from '../src/crypto.ts'
import type { Settings } from '../src/definition.ts'
import { parse } from '../src/parse.ts'
import { acknowledge, handshake, open, verify } from '../src/webhook.ts'
import {
  account,
  aesKey,
  appId,
  event,
  greeting,
  hook,
  lena,
  otherKey,
  outer,
  plain,
  safeA,
  safeB,
  safely,
  sha1,
  signed,
  tenant,
  token,
  xml,
} from './samples.ts'

const now = new Date(1763803020e3)
const admitted = (body: string, query: Record<string, string>, more: Partial<Settings> = {}) => verify(hook(body, query), tenant(more), now)
const opened = (body: string, query: Record<string, string>, more: Partial<Settings> = {}) => open(hook(body, query), tenant(more))

describe('signatures', () => {
  it('are those of other programs', () => {
    expect(signatureOf('AAAAA', '1714037059', '486452656')).toBe('899cf89e464efb63f54ddac96b0a0a235f53aa78')
    expect(signatureOf(token, '1763803000', '1290774321')).toBe(greeting.query.signature)
    expect(signatureOf(token, '1763803010', '552310987', safeA.encrypted)).toBe(safeA.query.msg_signature)
  })
})

describe('encryption', () => {
  it.each([
    ['a text', safeA],
    ['an emoji', safeB],
  ])('of %s is that of another program, both ways', (_what, sample) => {
    expect(encrypt(sample.message, aesKey, appId, Buffer.from(sample.random))).toBe(sample.encrypted)
    expect(decrypt(sample.encrypted, aesKey, appId)?.toString()).toBe(sample.message)
  })
  it.each([
    ['another key', safeB.encrypted, otherKey, appId],
    ['another app', safeB.encrypted, aesKey, 'wx0000000000000000'],
    ['another app inside', safeB.ofAnotherApp, aesKey, appId],
    ['half a block', safeB.encrypted.slice(0, -44), aesKey, appId],
    ['nothing', '', aesKey, appId],
    ['no base64', '你好', aesKey, appId],
  ])('does not open with %s', (_what, encrypted, key, app) => {
    expect(decrypt(encrypted, key, app)).toBeUndefined()
  })
})

describe('the handshake', () => {
  it('gives back the words of WeChat as they are', () => {
    expect(handshake(hook('', greeting.query, 'GET'), tenant())).toMatchObject({ status: 200, body: '5819377263349017' })
  })
  it('says nothing to anybody else', () => {
    const forged = { ...greeting.query, signature: greeting.query.signature.replace('5ca7', '5ca8') }

    expect(handshake(hook('', forged, 'GET'), tenant())).toBeUndefined()
    expect(handshake(hook('', greeting.query, 'GET'), tenant({ token: 'sunflowerToken2026' }))).toBeUndefined()
    expect(handshake(hook('', greeting.query, 'POST'), tenant())).toBeUndefined()
    expect(verify(hook('', forged, 'GET'), tenant(), now)).toMatchObject({ refused: 'unauthenticated' })
  })
})

describe('a push in safe mode', () => {
  const signature = sha1(token, safeB.query.timestamp, safeB.query.nonce)
  const query = { ...safeB.query, signature }
  it('is let in and opened', () => {
    expect(admitted(outer(safeB.encrypted), query)).toBeUndefined()
    expect(String(opened(outer(safeB.encrypted), query))).toBe(safeB.message)
  })
  it('is refused with the signature of another one', () => {
    expect(admitted(outer(safeB.encrypted), { ...query, msg_signature: safeA.query.msg_signature })).toMatchObject({ refused: 'unauthenticated' })
  })
  it('is refused when another app is named inside, although it is signed', () => {
    const forged = { ...query, msg_signature: safeB.signatureOfAnotherApp }

    expect(admitted(outer(safeB.ofAnotherApp), forged)).toBeUndefined()
    expect(opened(outer(safeB.ofAnotherApp), forged)).toMatchObject({ refused: 'unauthenticated' })
  })
  it('is refused in clear', () => {
    expect(admitted(plain.body, plain.query)).toMatchObject({ refused: 'unauthenticated' })
    expect(admitted(plain.body, { ...plain.query, encrypt_type: 'raw' })).toMatchObject({ refused: 'unauthenticated' })
  })
  it('may be encrypted with the key before, while that is known', () => {
    const push = safely(safeA.message, { key: otherKey })

    expect(opened(push.body, push.query)).toMatchObject({ refused: 'unauthenticated' })
    expect(String(opened(push.body, push.query, { previousEncodingAesKey: otherKey }))).toBe(safeA.message)
  })
})

describe('a push in the other modes', () => {
  it('is taken in clear', () => {
    for (const encryptionMode of ['plain', 'compatible'] as const) {
      expect(admitted(plain.body, plain.query, { encryptionMode })).toBeUndefined()
      expect(String(opened(plain.body, plain.query, { encryptionMode }))).toBe(plain.body)
    }
  })
  const both = (() => {
    const { query, body } = safely(xml('text', '<Content>genuine</Content><MsgId>1</MsgId>'))
    return { query, body: body.replace('</xml>', `${xml('text', '<Content>smuggled</Content><MsgId>1</MsgId>').slice(5)}`) }
  })()
  it('counts by what is encrypted, where the same stands beside it', () => {
    expect(admitted(both.body, both.query, { encryptionMode: 'compatible' })).toBeUndefined()
    expect(String(opened(both.body, both.query, { encryptionMode: 'compatible' }))).toContain('genuine')
    expect(admitted(both.body, { ...both.query, msg_signature: '' }, { encryptionMode: 'compatible' })).toMatchObject({ refused: 'unauthenticated' })
  })
  it('counts by what stands in clear, where nothing is encrypted', () => {
    expect(admitted(both.body, { ...both.query, msg_signature: '' }, { encryptionMode: 'plain' })).toBeUndefined()
    expect(String(opened(both.body, both.query, { encryptionMode: 'plain' }))).toContain('smuggled')
  })
  it('is refused with a wrong signature', () => {
    expect(admitted(plain.body, { ...plain.query, nonce: '746120986' }, { encryptionMode: 'plain' })).toMatchObject({ refused: 'unauthenticated' })
  })
  it('is refused for another account, where the own one is known', () => {
    expect(admitted(plain.body, plain.query, { encryptionMode: 'plain', originalId: account })).toBeUndefined()
    expect(admitted(plain.body, plain.query, { encryptionMode: 'plain', originalId: 'gh_000000000000' })).toMatchObject({ refused: 'unauthenticated' })
  })
  it.each([
    ['the address of the tenant, whichever account it names', undefined, undefined, undefined],
    ['the shared address, where the account is known and named', '', account, undefined],
    ['the shared address, where nothing but a token says whose it is', '', undefined, 'unauthenticated'],
    ['the shared address with a slash, likewise', '/', undefined, 'unauthenticated'],
    ['the shared address, where another account is known', '', 'gh_000000000000', 'unauthenticated'],
  ])('in clear comes to %s', (_where, path, originalId, refused) => {
    for (const encryptionMode of ['plain', 'compatible'] as const)
      expect(verify(hook(plain.body, plain.query, 'POST', path), tenant({ encryptionMode, originalId }), now)?.refused).toBe(refused)
  })
  it('that is encrypted proves its tenant by the key, at the shared address as well', () => {
    expect(verify(hook(both.body, both.query, 'POST', ''), tenant({ encryptionMode: 'compatible' }), now)).toBeUndefined()
  })
  it('may be as old as it likes, unless somebody sets a limit', () => {
    const later = { encryptionMode: 'plain', maxClockSkewSeconds: 18 } as const

    expect(admitted(plain.body, plain.query, { encryptionMode: 'plain' })).toBeUndefined()
    expect(admitted(plain.body, plain.query, { ...later, maxClockSkewSeconds: 19 })).toBeUndefined()
    expect(admitted(plain.body, plain.query, later)).toMatchObject({ refused: 'stale' })
  })
  it('is malformed with a document type, and nothing of it is read', () => {
    expect(admitted(`<!DOCTYPE xml>${plain.body}`, plain.query, { encryptionMode: 'plain' })).toMatchObject({ refused: 'malformed' })
  })
})

describe('the answer', () => {
  const answer = (push: { body: string; query: Record<string, string> }, more: Partial<Settings> = {}) => {
    const its = tenant({ welcomeText: 'Welcome ]]> to <Acme>!', ...more })
    const inner = { ...hook(push.body, push.query), raw: open(hook(push.body, push.query), its) } as ReturnType<typeof hook>
    const events = parse(inner, its)
    return acknowledge(Array.isArray(events) ? events : [], inner, its)
  }
  const element = (body: unknown, name: string) => readXml(String(body))?.children.find(child => child.name === name)?.text ?? ''

  it('is the one word that WeChat expects', () => {
    expect(answer(safely(safeA.message))).toMatchObject({ status: 200, body: 'success' })
    expect(answer(safely(event('subscribe')), { welcomeText: undefined })).toMatchObject({ status: 200, body: 'success' })
    expect(answer(safely(event('SCAN', '<EventKey>7</EventKey>')))).toMatchObject({ status: 200, body: 'success' })
  })
  it('welcomes who begins to follow', () => {
    const { body } = answer(signed(event('subscribe')), { encryptionMode: 'plain' })

    expect(['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'Content'].map(name => element(body, name))).toEqual([
      lena,
      account,
      '1763803010',
      'text',
      'Welcome ]]> to <Acme>!',
    ])
  })
  it('is encrypted and signed as the push was, with a nonce of its own', () => {
    const { body } = answer(safely(event('subscribe')))
    const [encrypted, nonce, timestamp] = ['Encrypt', 'Nonce', 'TimeStamp'].map(name => element(body, name))

    expect(element(body, 'MsgSignature')).toBe(sha1(token, timestamp ?? '', nonce ?? '', encrypted ?? ''))
    expect(nonce).not.toBe('552310987')
    expect(element(decrypt(encrypted ?? '', aesKey, appId), 'Content')).toBe('Welcome ]]> to <Acme>!')
  })
  it('is the same when the push comes again, and begins otherwise for another push', () => {
    const first = answer(safely(event('subscribe')))
    const other = safely(event('subscribe'))

    expect(answer(safely(event('subscribe')))).toEqual(first)
    expect(element(answer({ ...other, query: { ...other.query, nonce: '552310988' } }).body, 'Encrypt').slice(0, 40)).not.toBe(
      element(first.body, 'Encrypt').slice(0, 40),
    )
  })
})
