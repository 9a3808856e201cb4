import { describe, expect, it } from '@jest/globals'
import { digestOf, keys, locate, verify } from '../src/webhook.ts'
import { hook, secret, tenant } from './samples.ts'

const header = 'X-Telegram-Bot-Api-Secret-Token'
const now = new Date('2026-01-01T00:00:00Z')
const digest = '79062ed0a6a65ad14a20fd18d6235557705f153819febe6235e79d35784a3c8f'
const otherSecret = 'aa-00-BB-11-cc-22-DD-33-ee-44-FF-55'
const otherDigest = '7b472de14f8251bbe8e9286ce5cdae18207b2535a7311e0f9174a85510ba1026'
const judge = (value: string | undefined, of = tenant()): unknown => verify(hook('{}', value === undefined ? {} : { [header]: value }), of, now)

describe('locate', () => {
  it.each([
    [secret, digest],
    [otherSecret, otherDigest],
  ])('finds the tenant of %s by the digest of the secret', (value, expected) => {
    expect(locate(hook('{}', { [header]: value }))).toBe(expected)
  })
  it.each([undefined, ''])('refuses a request whose header is %j', value => {
    expect(locate(hook('{}', value === undefined ? {} : { [header]: value }))).toMatchObject({ refused: 'unauthenticated' })
  })
})

describe('verify', () => {
  it('takes the secret of the tenant, whatever the body', () => {
    expect(judge(secret)).toBeUndefined()
    expect(verify(hook('no json', { [header]: secret }), tenant(), now)).toBeUndefined()
  })
  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['the secret in lower case', 'umtg_zq8-hc2lw0vx5kb9rf3tn7py1ds6gj4'],
    ['the secret and one more character', `${secret}A`],
    ['the secret without its last character', secret.slice(0, -1)],
    ['the lookup key itself', digest],
    ["another tenant's secret", otherSecret],
  ])('refuses %s', (_, value) => {
    expect(judge(value)).toMatchObject({ refused: 'unauthenticated' })
  })
  it('tells no secret when it refuses', () => {
    expect(JSON.stringify(judge(otherSecret))).not.toContain(otherSecret)
  })
})

describe('a secret that is replaced', () => {
  const until = '2026-01-01T00:00:05.000Z'
  const replaced = tenant({}, { secretDigest: digest, previousSecretDigest: otherDigest, previousSecretUntil: until })

  it('is good until its last instant', () => {
    expect(verify(hook('{}', { [header]: otherSecret }), replaced, new Date('2026-01-01T00:00:04.999Z'))).toBeUndefined()
  })
  it('is refused from then on', () => {
    expect(verify(hook('{}', { [header]: otherSecret }), replaced, new Date(until))).toMatchObject({ refused: 'unauthenticated' })
  })
  it('is refused when its end is not known', () => {
    expect(judge(otherSecret, tenant({}, { previousSecretDigest: otherDigest }))).toMatchObject({ refused: 'unauthenticated' })
  })
  it('is good as long as Telegram has not been told the new one', () => {
    const waiting = tenant({ webhookSecret: 'brand-new' }, { secretDigest: otherDigest })

    expect(judge(otherSecret, waiting)).toBeUndefined()
    expect(judge('brand-new', waiting)).toBeUndefined()
  })
  it('finds its tenant by all of them', () => {
    expect(keys(replaced)).toEqual([digest, digest, otherDigest])
    expect(keys(tenant({}, {}))).toEqual([digest])
  })
})

it('digests UTF-8 bytes', () => {
  expect(digestOf('größe')).toBe('d353a2671b67afff0941ae456e5c76e9394bd6579774ae7542a6185fb9843384')
})
