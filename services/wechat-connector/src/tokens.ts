import { createHash } from 'node:crypto'
import type { Authorization } from '@um/shared/contract'
import { kept, unless } from '@um/shared/kit'
import { z } from 'zod'
import type { Ctx } from './definition.ts'

/** From five minutes before its end WeChat gives another one, while the old one still works. https://developers.weixin.qq.com/doc/service/en/api/base/api_getstableaccesstoken.html */
const overlapSeconds = 300
/** WeChat ends a token at most twice a minute, and twenty times a day. One that is younger was hardly refused: several asked for it at once. */
const forceAfterSeconds = 30
const Token = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })
/** `at`: when it was given first */
const Given = z.object({ token: z.string(), settings: z.string(), at: z.number().default(0), until: z.number(), forcedAt: z.number() })
const key = 'token'

/** Shared code asks again when it has no token, or when WeChat has refused one: if that one comes once more, WeChat is told to end it, which ends it for other programs, too. */
export async function authorize(ctx: Ctx): Promise<Authorization> {
  const settings = createHash('sha256').update(JSON.stringify(ctx.tenant.settings)).digest('base64url')
  const before = await kept(ctx.vault, Given).get(key)
  const now = ctx.now().getTime() / 1000
  let given = await fetchToken(ctx, false)
  let forcedAt = before?.forcedAt ?? 0
  const isOld = before?.token === given.access_token && now - before.at >= forceAfterSeconds
  const isRefused = isOld && before.settings === settings && before.until > now
  if (isRefused && ctx.tenant.settings.tokenMode === 'stable' && now - forcedAt >= forceAfterSeconds) {
    // it may be that no more are ended today
    given = (await unless(fetchToken(ctx, true), 'content', 'rateLimited')) ?? given
    forcedAt = now
  }
  const { access_token: token, expires_in: seconds } = given
  const until = now + Math.max(seconds - overlapSeconds, seconds / 2)
  const at = before?.token === token ? before.at : now
  await kept(ctx.vault, Given).set(key, { token, settings, at, until, forcedAt }, seconds)
  return { query: { access_token: token }, expiresAt: new Date(until * 1000) }
}
async function fetchToken({ http, tenant: { settings } }: Ctx, force_refresh: boolean): Promise<z.infer<typeof Token>> {
  const query = { grant_type: 'client_credential', appid: settings.appId, secret: settings.appSecret }
  if (settings.tokenMode === 'classic') return http.call({ method: 'GET', path: '/cgi-bin/token', query, anonymous: true }, Token)
  const json = { ...query, force_refresh }
  return http.call({ method: 'POST', path: '/cgi-bin/stable_token', json, anonymous: true, idempotent: true }, Token)
}
