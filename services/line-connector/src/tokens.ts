import { createPrivateKey, type KeyObject } from 'node:crypto'
import { type Authorization, CallFailed, present } from '@um/shared/contract'
import { bearer, isFailure, secondsFrom, tried } from '@um/shared/kit'
import jwt from 'jsonwebtoken'
import { z } from 'zod'
import type { Ctx, Settings } from './definition.ts'
import { Token } from './schema.ts'

/** LINE takes an assertion for half an hour at most, whatever its API's address. https://developers.line.biz/en/docs/messaging-api/generate-json-web-token/ */
const assertionSeconds = 1800
const audience = 'https://api.line.me/'
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** of its life; then a new one is fetched, while the old one still works */
const renewAt = 0.8

/** https://developers.line.biz/en/docs/basics/channel-access-token/ */
export async function authorize(ctx: Ctx): Promise<Authorization> {
  const { settings } = ctx.tenant
  if (settings.tokenMode === 'longLived') return bearer(settings.channelAccessToken ?? '')
  const { path, form } = request(settings, ctx.now())
  const token = await ctx.http.call({ method: 'POST', path, form: { grant_type: 'client_credentials', ...form }, anonymous: true, idempotent: true }, Token)
  if (settings.tokenMode !== 'stateless') await keep(ctx, token)
  return bearer(token.access_token, secondsFrom(ctx.now(), token.expires_in * renewAt))
}
function request(settings: Settings, now: Date): { path: string; form: Record<string, string> } {
  const byAssertion =
    settings.assertionPrivateKey === undefined ? undefined : { client_assertion_type: assertionType, client_assertion: assertion(settings, now) }
  const bySecret = { client_id: settings.channelId, client_secret: settings.channelSecret }
  if (settings.tokenMode === 'shortLived') return { path: '/v2/oauth/accessToken', form: bySecret }
  return settings.tokenMode === 'stateless'
    ? { path: '/oauth2/v3/token', form: byAssertion ?? bySecret }
    : { path: '/oauth2/v2.1/token', form: byAssertion ?? {} }
}

export function assertion(settings: Settings, now: Date, seconds = assertionSeconds): string {
  const { channelId, assertionKeyId, tokenDays } = settings
  const exp = Math.floor(now.getTime() / 1000) + seconds
  const payload = { iss: channelId, sub: channelId, aud: audience, exp, token_exp: tokenDays * 86_400 }
  const how = { algorithm: 'RS256', noTimestamp: true, ...present({ keyid: assertionKeyId }) } as const
  try {
    return jwt.sign(payload, keyOf(settings.assertionPrivateKey ?? ''), how)
  } catch {
    // without the cause, which may quote the key
    throw new CallFailed({ kind: 'subscription', why: 'the assertion private key cannot be read, or is no RSA key of at least 2048 bits' })
  }
}
function keyOf(text: string): KeyObject {
  return text.trim().startsWith('{') ? createPrivateKey({ key: JSON.parse(text), format: 'jwk' }) : createPrivateKey(text)
}

const current = 'token'
const predecessor = 'token:before'
const notRevoked = 'token could not be revoked'
/** Calls that are under way still use the predecessor, so it lives on; the one before it is given back, as a channel may have thirty at a time. */
async function keep(ctx: Ctx, { access_token: token, expires_in }: z.infer<typeof Token>): Promise<void> {
  const before = await ctx.vault.get(current)
  await ctx.vault.set(current, token, expires_in)
  if (before === undefined || before === token) return
  const older = await ctx.vault.get(predecessor)
  await ctx.vault.set(predecessor, before, expires_in)
  if (older !== undefined && older !== before && older !== token) await tried(ctx, notRevoked, giveBack(ctx, older))
}

/** Ours go with the tenant. */
export async function revoke(ctx: Ctx): Promise<void> {
  for (const key of [predecessor, current]) {
    const token = await ctx.vault.get(key)
    if (token === undefined) continue
    await giveBack(ctx, token)
    await ctx.vault.delete(key)
  }
}
/** Where it must not hurt that LINE is away. */
export async function tryToRevoke(ctx: Ctx): Promise<void> {
  await tried(ctx, notRevoked, revoke(ctx))
}
async function giveBack({ tenant: { settings }, http }: Ctx, token: string): Promise<void> {
  if (settings.tokenMode === 'longLived' || settings.tokenMode === 'stateless') return
  const own = settings.tokenMode === 'v2.1' ? { client_id: settings.channelId, client_secret: settings.channelSecret } : {}
  const path = settings.tokenMode === 'v2.1' ? '/oauth2/v2.1/revoke' : '/v2/oauth/revoke'
  await http.call({ method: 'POST', path, form: { ...own, access_token: token }, anonymous: true, idempotent: true }, z.unknown()).catch(error => {
    // it has ended already, or the channel has
    if (!isFailure(error) || isFailure(error, 'retryable')) throw error
  })
}
