import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { type SampleAnswer, scriptedContext } from '@um/testing/conformance'
import { classify } from '../src/classify.ts'
import type { Settings } from '../src/definition.ts'
import { line } from '../src/definition.ts'
import { assertion, authorize, revoke } from '../src/tokens.ts'
import { j1, j2, privateKey } from './keys.ts'
import { secret, settings, tenant } from './samples.ts'

const now = new Date('2026-01-01T00:00:00Z')
const keyed = { tokenMode: 'v2.1', assertionKeyId: 'um-key-2026-01', assertionPrivateKey: privateKey } satisfies Partial<Settings>
const context = (more: Partial<Settings>, answer: Omit<SampleAnswer, 'name'> = { body: { access_token: 'at-1', token_type: 'Bearer', expires_in: 1000 } }) =>
  scriptedContext({ tenant: tenant(more), classify, platform: () => ({ name: 'token', ...answer }), now: () => now })

describe('assertion', () => {
  it('is the same as that of another program', () => {
    expect(assertion(tenant(keyed).settings, now)).toBe(j1)
    expect(assertion(tenant({ ...keyed, tokenDays: 1 }).settings, now, 900)).toBe(j2)
  })
  it('names LINE even when its API is somewhere else, and the key may be PEM', () => {
    const pem = createPrivateKey({ key: JSON.parse(privateKey), format: 'jwk' })
      .export({ type: 'pkcs8', format: 'pem' })
      .toString()

    expect(assertion(tenant({ ...keyed, assertionPrivateKey: pem, apiUrl: 'https://line.lab.example' }).settings, now)).toBe(j1)
  })
  it('would not verify with another payload', () => {
    const key = createPublicKey({ key: JSON.parse(privateKey), format: 'jwk' })
    const [head = '', payload = '', signature = ''] = j1.split('.')
    const check = (text: string): boolean => verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64url'))

    expect(check(`${head}.${payload}`)).toBe(true)
    expect(check(`${head}.${payload.slice(0, -1)}8`)).toBe(false)
  })
  it('says without quoting it that a key is none', () => {
    const broken = tenant({ ...keyed, assertionPrivateKey: 'a-secret-that-is-no-key' }).settings

    expect(() => assertion(broken, now)).toThrow(/private key cannot be read/)
    expect(() => assertion(broken, now)).not.toThrow(/a-secret/)
  })
  it.each([
    ['too short', generateKeyPairSync('rsa', { modulusLength: 1024 })],
    ['of another kind', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ])('tells the administrator that a key is %s', (_what, { privateKey: key }) => {
    const { settings: given } = tenant({ ...keyed, assertionPrivateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString() })

    expect(() => assertion(given, now)).toThrow(expect.objectContaining({ failure: expect.objectContaining({ kind: 'subscription' }) }))
  })
  it('is never asked to live longer than LINE allows', () => {
    expect(line.settings.safeParse({ ...settings, tokenDays: 30 }).success).toBe(true)
    expect(line.settings.safeParse({ ...settings, tokenDays: 31 }).success).toBe(false)
  })
})

describe('authorize', () => {
  it('takes a long-lived token as it is', async () => {
    const ctx = context({})

    expect(await authorize(ctx)).toEqual({ headers: { authorization: 'Bearer long-lived-token-of-the-sample' } })
    expect(ctx.seen.calls).toEqual([])
  })
  it.each([
    [{ tokenMode: 'stateless' }, '/oauth2/v3/token', { client_id: '2007654321', client_secret: secret }],
    [{ tokenMode: 'shortLived' }, '/v2/oauth/accessToken', { client_id: '2007654321', client_secret: secret }],
    [keyed, '/oauth2/v2.1/token', { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: j1 }],
    [
      { ...keyed, tokenMode: 'stateless' },
      '/oauth2/v3/token',
      { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: j1 },
    ],
  ] satisfies [Partial<Settings>, string, object][])('fetches one otherwise, good for four fifths of its life: %#', async (more, path, form) => {
    const ctx = context(more)

    expect(await authorize(ctx)).toEqual({ headers: { authorization: 'Bearer at-1' }, expiresAt: new Date(now.getTime() + 800_000) })
    expect(ctx.seen.calls).toMatchObject([{ method: 'POST', path, anonymous: true, form: { grant_type: 'client_credentials', ...form } }])
  })
  it('asks for what a way needs', () => {
    expect(line.settings.safeParse({ ...settings, channelAccessToken: undefined }).error?.issues).toMatchObject([{ path: ['channelAccessToken'] }])
    expect(line.settings.safeParse({ ...settings, tokenMode: 'v2.1' }).error?.issues.map(({ path }) => path[0])).toEqual([
      'assertionKeyId',
      'assertionPrivateKey',
    ])
    expect(line.settings.safeParse({ ...settings, tokenMode: 'stateless', channelAccessToken: undefined }).success).toBe(true)
  })
})

describe('a token that follows another', () => {
  const inTurn = (revoking = 200) => {
    let count = 0
    const platform = ({ path }: { path: string }): SampleAnswer => {
      if (path.endsWith('/revoke')) return { name: 'revoke', status: revoking, body: {} }
      count += 1
      return { name: 'token', body: { access_token: `at-${count}`, expires_in: 1000 } }
    }
    const ctx = scriptedContext({ tenant: tenant({ tokenMode: 'shortLived' }), classify, platform, now: () => now })
    return { ctx, revoked: () => ctx.seen.calls.filter(({ path }) => path === '/v2/oauth/revoke').map(({ form }) => form?.access_token) }
  }
  it('leaves its predecessor alone, and ends the one before that', async () => {
    const { ctx, revoked } = inTurn()

    await authorize(ctx)
    await authorize(ctx)
    expect(revoked()).toEqual([])
    await authorize(ctx)
    expect(revoked()).toEqual(['at-1'])
    await authorize(ctx)
    expect(revoked()).toEqual(['at-1', 'at-2'])
  })
  it('is good even when LINE does not take the old one back', async () => {
    const { ctx } = inTurn(503)
    await authorize(ctx)
    await authorize(ctx)

    expect((await authorize(ctx)).headers).toEqual({ authorization: 'Bearer at-3' })
  })
  it('is given back together with its predecessor', async () => {
    const { ctx, revoked } = inTurn()
    await authorize(ctx)
    await authorize(ctx)

    await revoke(ctx)

    expect(revoked()).toEqual(['at-1', 'at-2'])
  })
})

describe('revoke', () => {
  it('gives back the token of the tenant, whatever LINE says to it', async () => {
    const ctx = context(keyed, { status: 400, body: { error: 'invalid_request' } })
    await ctx.vault.set('token', 'at-1')

    await revoke(ctx)
    await revoke(ctx)

    expect(ctx.seen.calls).toMatchObject([{ path: '/oauth2/v2.1/revoke', form: { client_id: '2007654321', client_secret: secret, access_token: 'at-1' } }])
  })
  it('leaves alone what it has not fetched', async () => {
    const ctx = context({})

    await revoke(ctx)

    expect(ctx.seen.calls).toEqual([])
  })
})
