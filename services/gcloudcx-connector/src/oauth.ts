import type { Authorization } from '@um/shared/contract'
import { basic, bearer, secondsFrom } from '@um/shared/kit'
import { z } from 'zod'
import { openIntegrations } from './calls.ts'
import type { Ctx } from './definition.ts'
import { Token } from './schema.ts'

/** A token is dropped this much before its end, so that it never ends underway. */
const marginSeconds = 60

/** https://developer.genesys.cloud/authorization/platform-auth/use-client-credentials */
export async function authorize(ctx: Ctx): Promise<Authorization> {
  const { clientId, clientSecret } = ctx.tenant.settings
  const token = await ctx.http.call(
    {
      method: 'POST',
      base: 'login',
      path: '/oauth/token',
      anonymous: true,
      idempotent: true,
      headers: basic(clientId, clientSecret),
      form: { grant_type: 'client_credentials' },
    },
    Token,
  )
  return bearer(token.access_token, secondsFrom(ctx.now(), Math.max(1, token.expires_in - marginSeconds)))
}

/** The smallest question that needs both a token and the role's rights on integrations. */
export async function check(ctx: Ctx): Promise<void> {
  await ctx.http.call({ method: 'GET', path: openIntegrations, query: { pageSize: '1', pageNumber: '1' } }, z.unknown())
}
