import { createHmac } from 'node:crypto'
import { type Authorization, CallFailed, type PlatformCall } from '@um/shared/contract'
import { rotatingTokens, type TokenPair } from '@um/shared/tokens'
import type { Ctx, Settings } from './definition.ts'
import { Granted, OaInfo } from './schema.ts'

/** https://developers.zalo.me/docs/official-account/bat-dau/xac-thuc-va-uy-quyen-cho-ung-dung-new */
export const tokens = rotatingTokens<Settings>({
  renew: (refresh, ctx) => exchange(ctx, { grant_type: 'refresh_token', refresh_token: refresh }),
  missing: ({ tenant }) => {
    const link = `${tenant.webhookUrl}/authorize/${tenant.id}`
    return new CallFailed({ kind: 'subscription', why: `Zalo: authorisation needed. The administrator of the Official Account has to follow ${link}` })
  },
})

export async function authorize(ctx: Ctx): Promise<Authorization> {
  const { access, until } = await tokens.current(ctx)
  return { headers: headersOf(access, ctx.tenant.settings), expiresAt: until }
}
export function headersOf(access: string, { appSecret, useAppSecretProof }: Settings): Record<string, string> {
  const proof = useAppSecretProof ? { appsecret_proof: createHmac('sha256', appSecret).update(access).digest('hex') } : {}
  return { access_token: access, ...proof }
}

/** The code of a permission for the tokens; false: it is another account's, and nothing changes. What the address of the page says anybody can change; whose a token is, Zalo knows. */
export async function redeem(ctx: Ctx, code: string, verifier: string): Promise<boolean> {
  const pair = await exchange(ctx, { grant_type: 'authorization_code', code, code_verifier: verifier })
  const { data } = await ctx.http.call({ ...infoCall, headers: headersOf(pair.access, ctx.tenant.settings), anonymous: true }, OaInfo)
  if (data.oa_id !== ctx.tenant.settings.oaId) return false
  await tokens.keep(ctx, pair)
  await ctx.resume()
  return true
}
export const infoCall: PlatformCall = { method: 'GET', path: '/v2.0/oa/getoa', idempotent: true }

export const tokenPath = '/v4/oa/access_token'
async function exchange({ tenant: { settings }, http }: Ctx, form: Record<string, string>): Promise<TokenPair> {
  const headers = { secret_key: settings.appSecret }
  const call: PlatformCall = { method: 'POST', base: 'oauth', path: tokenPath, headers, form: { app_id: settings.appId, ...form }, anonymous: true }
  const { access_token, refresh_token, expires_in } = await http.call(call, Granted)
  return { access: access_token, refresh: refresh_token, expiresInSeconds: expires_in }
}
