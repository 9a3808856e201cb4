import { describe, expect, it, jest } from '@jest/globals'
import type { InboundEvent, Page } from '@um/shared/contract'
import { challengeOf } from '@um/shared/pages'
import { check, jobs, profile, register, sentEffect, unregister } from '../src/api.ts'
import type { Settings } from '../src/definition.ts'
import { pages } from '../src/pages.ts'
import { authorize, headersOf } from '../src/tokens.ts'
import { account, contextOf, granted, guest, hookOf, now, outOf, settings, tenantOf, vectors } from './samples.ts'

const page = (path: string) => pages.find(each => each.path === path) as Page<Settings>
const id = tenantOf().id
const tokenPath = '/v4/oa/access_token'
const working = { [tokenPath]: granted, '/v2.0/oa/getoa': account }
const ask = (path: string, query: Record<string, string> = {}, cookie = '') => ({
  ...hookOf('', { cookie }, path),
  method: 'GET',
  query: new URLSearchParams(query),
})

async function begin(ctx: ReturnType<typeof contextOf>) {
  const reply = await page('/authorize/*').handle(ask(`/authorize/${id.toUpperCase()}`), [ctx])
  const url = new URL(reply.headers?.location ?? '')
  const cookie = (reply.headers?.['set-cookie'] ?? '').split(';')[0] ?? ''
  const back = (more: Record<string, string> = {}) =>
    page('/oauth/callback').handle(ask('/oauth/callback', { code: 'c-1', oa_id: settings.oaId, state: url.searchParams.get('state') ?? '', ...more }, cookie), [
      ctx,
    ])
  return { reply, url, back }
}

describe('what was computed elsewhere', () => {
  it('is the challenge of a verifier', () => {
    expect(challengeOf(vectors.challenge.verifier)).toBe(vectors.challenge.challenge)
  })

  it('is the proof of the application, where it is asked for', () => {
    const headers = (useAppSecretProof: boolean) => headersOf(vectors.proof.access, tenantOf({ useAppSecretProof }).settings)

    expect(headers(true)).toEqual({ access_token: vectors.proof.access, appsecret_proof: vectors.proof.proof })
    expect(headers(false)).toEqual({ access_token: vectors.proof.access })
  })
})

describe('the page at the address of the webhook', () => {
  it('carries the tag of each application once', async () => {
    const desks = [
      contextOf(),
      contextOf(),
      contextOf({}, { tenant: tenantOf({ domainVerification: 'another-code' }) }),
      contextOf({}, { tenant: tenantOf({ domainVerification: '' }) }),
    ]

    const { status, body } = await page('').handle(ask(''), desks)

    expect(status).toBe(200)
    expect(String(body).match(/<meta name="zalo-[^>]*>/g)).toEqual([
      '<meta name="zalo-platform-site-verification" content="Kq9Xw2Lm7Bv4Ns_Tz8-Rf3">',
      '<meta name="zalo-platform-site-verification" content="another-code">',
    ])
  })
})

describe('the permission of an account', () => {
  it('is asked for at Zalo, with a challenge of its own each time', async () => {
    const ctx = contextOf(working)
    const [first, second] = [await begin(ctx), await begin(ctx)]

    expect(first.reply.status).toBe(302)
    expect(`${first.url.origin}${first.url.pathname}`).toBe('https://oauth.zalo.lab.example/v4/oa/permission')
    expect(Object.fromEntries(first.url.searchParams)).toMatchObject({ app_id: settings.appId, redirect_uri: 'https://um.example.com/zalo/oauth/callback' })
    expect(first.url.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    expect(first.url.searchParams.get('code_challenge')).not.toBe(second.url.searchParams.get('code_challenge'))
  })

  it('is not asked for a tenant that is not known', async () => {
    expect((await page('/authorize/*').handle(ask('/authorize/9a4d2b60-1c3e-4e8f-8a71-5b0c9d2e4f61'), [contextOf()])).status).toBe(404)
  })

  it('brings tokens for the code and the verifier, once', async () => {
    const ctx = contextOf(working)
    const { url, back } = await begin(ctx)

    expect((await back()).status).toBe(200)

    const [redeemed] = ctx.seen.calls
    expect(redeemed).toMatchObject({ path: tokenPath, base: 'oauth', anonymous: true, headers: { secret_key: settings.appSecret } })
    expect(redeemed?.form).toMatchObject({ grant_type: 'authorization_code', code: 'c-1', app_id: settings.appId })
    expect(challengeOf(redeemed?.form?.code_verifier ?? '')).toBe(url.searchParams.get('code_challenge'))
    expect(await authorize(ctx)).toEqual({ headers: { access_token: granted.access_token }, expiresAt: new Date(now.getTime() + 19 * 3600_000) })
    expect((await back()).status).toBe(400)
  })

  it.each([
    ['it is for another account', { oa_id: '999999999' }, working, 409],
    ['the address names our account and the token is of another', {}, { ...working, '/v2.0/oa/getoa': { ...account, data: { oa_id: '999999999' } } }, 409],
    ['Zalo refuses the code', {}, { [tokenPath]: { error: -14_003, error_name: 'invalid code' } }, 502],
    ['nobody wants to give it', { code: '' }, working, 200],
    ['the state is another', { state: `${id}.x` }, working, 400],
  ])('changes nothing when %s', async (_what, query, answers, status) => {
    const ctx = contextOf(answers)
    const { back } = await begin(ctx)

    expect((await back(query)).status).toBe(status)
    await expect(authorize(ctx)).rejects.toMatchObject({ failure: { kind: 'subscription' } })
  })

  it('lets what waited go on', async () => {
    const ctx = contextOf(working)
    const resume = jest.spyOn(ctx, 'resume')
    const { back } = await begin(ctx)
    await back()

    expect(resume).toHaveBeenCalledTimes(1)
  })

  it('is missing with the link that mends it, and after the tenant is gone', async () => {
    const ctx = contextOf(working)
    const link = `https://um.example.com/zalo/authorize/${id}`
    await expect(authorize(ctx)).rejects.toMatchObject({ failure: { kind: 'subscription', why: expect.stringContaining(link) } })

    await (await begin(ctx)).back()
    await unregister(ctx)

    await expect(authorize(ctx)).rejects.toThrow('authorisation needed')
  })

  it('is renewed by the job with the refresh token', async () => {
    let clock = now
    const ctx = contextOf(working, { now: () => clock })
    await (await begin(ctx)).back()
    clock = new Date(now.getTime() + 20 * 3600_000)

    await jobs.find(({ name }) => name === 'tokens')?.run(ctx, async () => {})

    expect(ctx.seen.calls.at(-1)?.form).toEqual({ app_id: settings.appId, grant_type: 'refresh_token', refresh_token: granted.refresh_token })
  })
})

describe('a tenant', () => {
  it('shows what people have to enter at Zalo', async () => {
    const ctx = contextOf(working)

    await check(ctx)

    expect(await register(ctx)).toEqual({
      officialAccount: 'Acme Cafe',
      webhook: 'https://um.example.com/zalo',
      callbackUrl: 'https://um.example.com/zalo/oauth/callback',
      authorizationLink: `https://um.example.com/zalo/authorize/${id}`,
    })
  })

  it('does not work with the tokens of another account', async () => {
    const ctx = contextOf({ '/v2.0/oa/getoa': { error: 0, data: { oa_id: 999_999_999 } } })

    await expect(check(ctx)).rejects.toMatchObject({ failure: { kind: 'subscription' } })
  })
})

describe('a guest', () => {
  const detail = (data: object) => contextOf({ '/v3.0/oa/user/detail': { error: 0, data } })

  it('is known by name, picture, telephone and what was shared', async () => {
    const ctx = detail({
      ...{
        display_name: 'Lan Anh',
        user_alias: '',
        user_is_follower: true,
        avatar: 'https://a.example/120',
        avatars: { 120: 'x', 240: 'https://a.example/240' },
      },
      shared_info: { name: 'Nguyễn Lan Anh', phone: 84_912_345_678, address: '12 Lê Lợi', city: 'Hồ Chí Minh', district: '' },
    })

    expect(await profile(guest, ctx)).toEqual({
      ...{ displayName: 'Lan Anh', phone: '84912345678', avatar: { url: 'https://a.example/240' } },
      participantData: { follower: 'true', sharedName: 'Nguyễn Lan Anh', address: '12 Lê Lợi', city: 'Hồ Chí Minh' },
    })
    expect(ctx.seen.calls[0]?.query).toEqual({ data: `{"user_id":"${guest}"}` })
  })

  it('has the end of its id for a name when there is none', async () => {
    expect(await profile(guest, detail({}))).toMatchObject({ displayName: 'Zalo user 766554' })
  })

  it('is not asked about when it is anonymous', async () => {
    expect(await profile(`anonymous:${guest}`, contextOf())).toEqual({})
  })
})

describe('the time window', () => {
  const hours = 3600_000
  const told = async (ctx: ReturnType<typeof contextOf>) => {
    const events: InboundEvent[] = []
    await jobs.find(({ name }) => name === 'windows')?.run(ctx, async more => void events.push(...more))
    return events
  }
  const after = (silence: number, author: 'agent' | 'ivr' = 'agent') => ({
    ...outOf({}, { address: { interaction: String(now.getTime() - silence) } }),
    author,
  })

  it('is told once when an agent writes after 48 hours of silence', async () => {
    const ctx = contextOf()
    await sentEffect({}, after(48 * hours + 1), ctx)
    await sentEffect({}, after(48 * hours + 1), ctx)

    expect(await told(ctx)).toMatchObject([
      { guest, author: 'system', content: { kind: 'system', text: expect.stringMatching(/48 hours.*2025-11-27 09:33 UTC/) } },
    ])
    await sentEffect({}, after(48 * hours + 1), ctx)
    expect(await told(ctx)).toEqual([])
  })

  it.each([
    ['the 48 hours are not over', after(48 * hours)],
    ['an IVR writes', after(50 * hours, 'ivr')],
    ['the guest has never written', outOf()],
  ])('is not told when %s', async (_what, out) => {
    const ctx = contextOf()
    await sentEffect({}, out, ctx)

    expect(await told(ctx)).toEqual([])
  })
})
