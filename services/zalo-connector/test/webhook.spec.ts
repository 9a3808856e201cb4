import { describe, expect, it } from '@jest/globals'
import { keys, locate, verify } from '../src/webhook.ts'
import { event, hookOf, now, ofAccount, settings, signed, tenantOf, vectors } from './samples.ts'

const header = (signature: string, more: Record<string, string> = {}) => ({ 'x-zevent-signature': signature, ...more })
const account = '2890011223344556677:3141592653589793238'

describe('the tenant of a webhook', () => {
  it.each([
    ['what guests do', vectors.text.body],
    ['who follows', vectors.follow.body],
    ['what became of messages', event('user_seen_message', { ...ofAccount, message: { msg_ids: ['f'] } })],
    ['what the account sends', event('oa_send_text', { ...ofAccount, message: { msg_id: 'f', text: 'x' } })],
  ])('is the application with its account, in %s', (_what, body) => {
    expect(locate(hookOf(body, signed(body)))).toBe(account)
    expect(keys(tenantOf())).toEqual([account])
  })

  it.each(['{}', '', ' {} '])('is nobody when Zalo tries the address with %j', body => {
    expect(locate(hookOf(body))).toMatchObject({ refused: 'ignored' })
  })

  it('is not looked for without a signature, or where nothing is an event', () => {
    expect(locate(hookOf(vectors.text.body))).toMatchObject({ refused: 'unauthenticated' })
    for (const body of ['null', '[1]', '{"event_name":"follow"}']) expect(locate(hookOf(body, header('x')))).toMatchObject({ refused: 'malformed' })
  })
})

describe('a signature', () => {
  const at = (milliseconds: number) => new Date(now.getTime() + milliseconds)
  const judged = (signature: string, when = now, more: Record<string, string> = {}, options: object = {}) =>
    verify(hookOf(vectors.text.body, header(signature, more)), tenantOf(options), when)?.refused

  it('is the digest that was computed elsewhere, in any case, with its prefix or without', () => {
    const { signature } = vectors.text
    for (const each of [signature, signature.slice(4), `mac=${signature.slice(4).toUpperCase()}`]) expect(judged(each)).toBeUndefined()
  })

  it('is no HMAC, none of another body, none that is cut and none with other characters', () => {
    const cut = vectors.text.signature.slice(0, -1)
    for (const each of [vectors.hmac, vectors.follow.signature, cut, `${cut}é`, `${vectors.text.signature}0`, '']) expect(judged(each)).toBe('unauthenticated')
  })

  it('may be made with the time of the header, and with no other', () => {
    const { body } = vectors.text
    const judge = (signedAt: string, told: string) => verify(hookOf(body, { ...signed(body, signedAt), 'x-zevent-timestamp': told }), tenantOf(), now)?.refused

    expect([judge('1763804009999', '1763804009999'), judge('1763804001234', '1763804009999')]).toEqual([undefined, undefined])
    expect(judge('1763804009999', '1763804009998')).toBe('unauthenticated')
    expect(judge('1763604009999', '1763604009999')).toBe('stale')
  })

  it('is of its application', () => {
    const body = vectors.text.body.replace(settings.appId, '2890011223344556678')

    expect(verify(hookOf(body, signed(body)), tenantOf(), now)?.refused).toBe('unauthenticated')
  })

  it('is believed for a day in both directions, or for ever', () => {
    const day = 86_400_000
    const sinceSent = now.getTime() - 1_763_804_001_234
    const { signature } = vectors.text

    expect([day - sinceSent, -day - sinceSent].map(edge => judged(signature, at(edge)))).toEqual([undefined, undefined])
    expect([day - sinceSent + 1, -day - sinceSent - 1].map(edge => judged(signature, at(edge)))).toEqual(['stale', 'stale'])
    expect(judged(signature, at(10 * day), {}, { maxClockSkewSeconds: 0 })).toBeUndefined()
  })
})
