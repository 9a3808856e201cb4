import { beforeEach, describe, expect, it } from '@jest/globals'
import type { Page } from '@um/shared/contract'
import { unregister } from '../src/api.ts'
import { pages } from '../src/pages.ts'
import { enrich, profile } from '../src/people.ts'
import { authorize, install, type Settings } from '../src/workspaces.ts'
import { contextOf, granted, hookOf, now, settings, tenantOf } from './samples.ts'

const account = 'T04BQRS7X1'
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('the authorization of a workspace', () => {
  it('is the token that it gave', async () => {
    const ctx = contextOf()
    await install(ctx, account, granted)

    expect(await authorize(ctx, account)).toEqual({ headers: bearer('xoxb-invented-bot-token') })
  })

  it('is missing where the app is not installed any more', async () => {
    await expect(authorize(contextOf(), account)).rejects.toMatchObject({ failure: { kind: 'subscription' } })
  })

  it('is nothing to wait for where the app never was', async () => {
    await expect(authorize(contextOf(), 'T04OTHER01')).rejects.toMatchObject({ failure: { kind: 'recipient', code: 'unknownGuest' } })
  })

  describe('that rotates', () => {
    const rotating = { ...granted, refresh_token: 'xoxe-1', expires_in: 43_200 }
    const refreshed = { ...granted, access_token: 'xoxb-second', refresh_token: 'xoxe-2', expires_in: 43_200 }
    let clock: Date
    beforeEach(() => {
      clock = now
    })
    const ctxOf = () => contextOf({ '/oauth.v2.access': refreshed }, { now: () => clock })
    const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000)

    it('is good until two hours before its end', async () => {
      const ctx = ctxOf()
      await install(ctx, account, rotating)

      expect(await authorize(ctx, account)).toEqual({ headers: bearer('xoxb-invented-bot-token'), expiresAt: later(10) })
      expect(ctx.seen.calls).toEqual([])
    })

    it('is replaced when it is near its end, and both tokens are kept', async () => {
      const ctx = ctxOf()
      await install(ctx, account, rotating)
      clock = later(10.1)

      expect(await authorize(ctx, account)).toMatchObject({ headers: bearer('xoxb-second') })
      expect(ctx.seen.calls).toMatchObject([{ form: { grant_type: 'refresh_token', refresh_token: 'xoxe-1' }, anonymous: true }])
      clock = later(21)
      await authorize(ctx, account)
      expect(ctx.seen.calls[1]?.form?.refresh_token).toBe('xoxe-2')
    })

    it('is replaced when it is asked for again before its time, since it was refused', async () => {
      const ctx = ctxOf()
      await install(ctx, account, rotating)
      await authorize(ctx, account)

      expect(await authorize(ctx, account)).toMatchObject({ headers: bearer('xoxb-second') })
    })
  })
})

describe('an installation', () => {
  it('is shown without its tokens', async () => {
    const ctx = contextOf()
    await install(ctx, account, granted)

    expect(ctx.state[`workspace:${account}`]).toBe(
      `active: Acme Support (${account}), Acme Group (E01ENT0001), installed by U04ADMIN01 on ${now.toISOString()}`,
    )
    expect(JSON.stringify(ctx.state)).not.toContain('xoxb')
  })

  it('is shown as inactive once it was withdrawn', async () => {
    const ctx = contextOf()
    await enrich({ id: 'e', guest: account, type: 'trouble', stops: true, why: 'gone' }, ctx)

    expect(ctx.state[`workspace:${account}`]).toBe(`inactive since ${now.toISOString()}: gone`)
  })

  it('is revoked with its tenant, also when Slack knows it no longer', async () => {
    const ctx = contextOf({ '/auth.revoke': { ok: false, error: 'token_revoked' } })
    await install(ctx, account, granted)

    await unregister(ctx)

    expect(ctx.seen.calls).toMatchObject([{ path: '/auth.revoke', account }])
    expect(ctx.state[`workspace:${account}`]).toBe('')
    await expect(authorize(ctx, account)).rejects.toMatchObject({ failure: { kind: 'subscription' } })
  })
})

describe('registration', () => {
  const page = (path: string, method: string) => pages.find(each => each.path === path && each.method === method) as Page<Settings>
  const ask = (body: string) => hookOf(body, { 'content-type': 'application/x-www-form-urlencoded' }, '/register')
  const answers = { '/oauth.v2.access': granted }
  const desk = (more: object = {}, known: Record<string, string> = {}) => contextOf({ ...answers, ...more }, { tenant: tenantOf({}, known) })
  const id = tenantOf().id

  async function begin(ctx: ReturnType<typeof desk>): Promise<{ query: URLSearchParams; cookie: string; url: URL }> {
    const reply = await page('/register', 'POST').handle(ask(`customer=${id.toUpperCase()}`), [ctx])
    const url = new URL(reply.headers?.location ?? '')
    return { url, query: url.searchParams, cookie: reply.headers?.['set-cookie'] ?? '' }
  }
  const back = (query: Record<string, string>, cookie: string) => ({
    ...hookOf('', { cookie: cookie.split(';')[0] ?? '' }, '/oauth/callback'),
    method: 'GET',
    query: new URLSearchParams(query),
  })

  it('asks for the customer, and does not take what is in the address for HTML', async () => {
    const reply = await page('/register', 'GET').handle({ ...hookOf(''), query: new URLSearchParams({ customer: '"><script>' }) }, [])

    expect(reply.status).toBe(200)
    expect(String(reply.body)).toContain('value="&quot;&gt;&lt;script&gt;"')
  })

  it('knows nothing of identifiers that are not its own', async () => {
    expect((await page('/register', 'POST').handle(ask('customer=x'), [desk()])).status).toBe(404)
  })

  it('leads to Slack with the scopes, the way back and a state that only this browser has', async () => {
    const { url, query, cookie } = await begin(desk())

    expect(`${url.origin}${url.pathname}`).toBe(settings.authorizeUrl)
    expect(query.get('client_id')).toBe(settings.clientId)
    expect(query.get('redirect_uri')).toBe('https://um.example.com/slack/oauth/callback')
    expect(query.get('scope')?.split(',')).toContain('chat:write')
    expect(cookie).toMatch(new RegExp(`=${query.get('state')}; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=600$`))
  })

  it('installs the workspace with the code, once', async () => {
    const ctx = desk()
    const { query, cookie } = await begin(ctx)
    const hook = back({ code: 'c-1', state: query.get('state') ?? '' }, cookie)

    expect((await page('/oauth/callback', 'GET').handle(hook, [ctx])).status).toBe(200)
    expect(ctx.seen.calls).toMatchObject([
      {
        form: { code: 'c-1', redirect_uri: 'https://um.example.com/slack/oauth/callback' },
        headers: { authorization: `Basic ${Buffer.from(`${settings.clientId}:${settings.clientSecret}`).toString('base64')}` },
      },
    ])
    expect((await page('/oauth/callback', 'GET').handle(hook, [ctx])).status).toBe(400)
    expect(ctx.seen.calls).toHaveLength(1)
  })

  it.each([
    ['without the cookie', (state: string) => back({ code: 'c', state }, '')],
    ['with the cookie of another attempt', (state: string) => back({ code: 'c', state }, `um_oauth=${state}x`)],
    ['without a state', (state: string) => back({ code: 'c' }, `um_oauth=${state}`)],
  ])('refuses an answer %s, and exchanges nothing', async (_what, hookFor) => {
    const ctx = desk()
    const { query } = await begin(ctx)

    expect((await page('/oauth/callback', 'GET').handle(hookFor(query.get('state') ?? ''), [ctx])).status).toBe(400)
    expect(ctx.seen.calls).toEqual([])
  })

  it('says so when somebody does not want the app', async () => {
    const ctx = desk()
    const { query, cookie } = await begin(ctx)

    const reply = await page('/oauth/callback', 'GET').handle(back({ error: 'access_denied', state: query.get('state') ?? '' }, cookie), [ctx])

    expect(String(reply.body)).toContain('Cancelled')
    expect(ctx.seen.calls).toEqual([])
  })

  it.each([
    ['the code is refused', { '/oauth.v2.access': { ok: false, error: 'invalid_code' } }, 502],
    ['another app was installed', { '/oauth.v2.access': { ...granted, app_id: 'A0OTHER001' } }, 400],
  ])('keeps nothing when %s', async (_what, more, status) => {
    const ctx = desk(more)
    const { query, cookie } = await begin(ctx)

    expect((await page('/oauth/callback', 'GET').handle(back({ code: 'c', state: query.get('state') ?? '' }, cookie), [ctx])).status).toBe(status)
    await expect(authorize(ctx, account)).rejects.toThrow()
  })

  it('does not take a workspace away from another customer', async () => {
    const ctx = desk()
    const owner = contextOf({}, { tenant: { ...tenantOf(), id: '9a4d2b60-1c3e-4e8f-8a71-5b0c9d2e4f61' } })
    const { query, cookie } = await begin(ctx)

    expect((await page('/oauth/callback', 'GET').handle(back({ code: 'c', state: query.get('state') ?? '' }, cookie), [ctx, owner])).status).toBe(409)
    await expect(authorize(ctx, account)).rejects.toThrow()
  })

  it('does not take it away from one that is switched off either, but from nobody else', async () => {
    const [mine, other] = [tenantOf(), { ...tenantOf(), id: '9a4d2b60-1c3e-4e8f-8a71-5b0c9d2e4f61' }]
    const attempt = async (resting: readonly ReturnType<typeof tenantOf>[]) => {
      const ctx = desk()
      const { query, cookie } = await begin(ctx)
      return page('/oauth/callback', 'GET').handle(back({ code: 'c', state: query.get('state') ?? '' }, cookie), [ctx], resting)
    }

    const refused = await attempt([other])
    expect([refused.status, String(refused.body).includes('registered for another customer')]).toEqual([409, true])
    expect((await attempt([{ ...other, state: {} }])).status).toBe(200)
    expect((await attempt([{ ...other, settings: { ...mine.settings, appId: 'A0OTHER001' } }])).status).toBe(200)
  })

  it('is for the whole organisation when that has installed the app', async () => {
    const ctx = desk({ '/oauth.v2.access': { ...granted, team: null, is_enterprise_install: true } })
    const { query, cookie } = await begin(ctx)

    await page('/oauth/callback', 'GET').handle(back({ code: 'c', state: query.get('state') ?? '' }, cookie), [ctx])

    expect(await authorize(ctx, 'E01ENT0001')).toMatchObject({ headers: bearer('xoxb-invented-bot-token') })
  })
})

describe('a guest', () => {
  const user = {
    name: 'mina',
    real_name: 'Mina Lee',
    locale: 'en-US',
    tz: 'Europe/Vienna',
    profile: { display_name: '', real_name: 'Mina R. Lee', email: 'mina@acme.example', image_192: 'https://a.example/192' },
  }

  it('is known by the first name that is there, and by the workspace', async () => {
    const team = { name: 'Acme Support', enterprise_id: 'E01ENT0001', enterprise_name: 'Acme Group' }
    const ctx = contextOf({ '/users.info': { ok: true, user }, '/team.info': { ok: true, team } })

    expect(await profile('T04BQRS7X1:U04GUEST99', ctx)).toEqual({
      displayName: 'Mina R. Lee',
      nickname: 'Mina R. Lee',
      email: 'mina@acme.example',
      avatar: { url: 'https://a.example/192' },
      participantData: { locale: 'en-US', timeZone: 'Europe/Vienna', workspaceName: 'Acme Support', enterpriseId: 'E01ENT0001', enterpriseName: 'Acme Group' },
    })
    await profile('T04BQRS7X1:U04GUEST98', ctx)
    expect(ctx.seen.calls.filter(call => call.path === '/team.info')).toHaveLength(1)
  })

  it('is known by what the installation told when the workspace may not be asked about', async () => {
    const ctx = contextOf({ '/users.info': { ok: true, user }, '/team.info': { ok: false, error: 'missing_scope' } })
    await install(ctx, account, granted)

    expect((await profile('T04BQRS7X1:U04GUEST99', ctx)).participantData).toMatchObject({ workspaceName: 'Acme Support', enterpriseName: 'Acme Group' })
  })

  it('mentions people by their names, and an address in a text stays as it is', async () => {
    const ctx = contextOf({ '/users.info': call => (call.form?.user === 'U04AGENT77' ? { ok: true, user } : { ok: false, error: 'user_not_found' }) })
    const event = {
      id: 'e',
      guest: 'T04BQRS7X1:U04GUEST99',
      type: 'message',
      content: { kind: 'text', text: '@U04AGENT77 and @U04NOBODY, a@b.example' },
    } as const

    expect(await enrich(event, ctx)).toMatchObject({ content: { text: '@Mina R. Lee and @U04NOBODY, a@b.example' } })
  })
})
