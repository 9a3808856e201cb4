import { describe, expect, it } from '@jest/globals'
import { authorize, check } from '../src/oauth.ts'
import { contextOf } from './fakes.ts'

const token = { access_token: 't0ken', token_type: 'bearer', expires_in: 86_400 }

describe('authorize', () => {
  it('asks the login host with the client credentials', async () => {
    const ctx = contextOf({ platform: () => ({ body: token }) })

    await authorize(ctx)

    expect(ctx.calls).toMatchObject([
      {
        method: 'POST',
        base: 'login',
        path: '/oauth/token',
        anonymous: true,
        headers: { authorization: 'Basic NGYxYzJkM2UtMGExYi00YzJkLThlM2YtMTEyMjMzNDQ1NTY2OnMzY3IzdC1PZi10aGUtY2xpZW50' },
        form: { grant_type: 'client_credentials' },
      },
    ])
  })
  it('gives up a token a minute before its end', async () => {
    const ctx = contextOf({ platform: () => ({ body: token }) })

    expect(await authorize(ctx)).toEqual({ headers: { authorization: 'Bearer t0ken' }, expiresAt: new Date('2026-03-05T05:05:09.000Z') })
  })
  it('leaves a refused client to the tenant', async () => {
    const ctx = contextOf({ platform: () => ({ status: 401, body: { error: 'invalid_client', description: 'client not found' } }) })

    await expect(authorize(ctx)).rejects.toMatchObject({
      failure: { kind: 'subscription', why: 'Genesys Cloud refuses the OAuth client: HTTP 401 invalid_client: client not found' },
    })
  })
})

describe('check', () => {
  it('passes where the role may see integrations', async () => {
    const ctx = contextOf({ platform: () => ({ body: { entities: [] } }) })

    await check(ctx)

    expect(ctx.calls).toMatchObject([{ method: 'GET', path: '/api/v2/conversations/messaging/integrations/open' }])
  })
  it('fails with the missing permission', async () => {
    const ctx = contextOf({ platform: () => ({ status: 403, body: { code: 'missing.permissions', message: 'messaging:integration:view' } }) })

    await expect(check(ctx)).rejects.toMatchObject({ failure: { kind: 'subscription', why: expect.stringContaining('messaging:integration:view') } })
  })
})
