import { type BudgetRule, CallFailed, type Job, type PlatformCall, type Profile, present, type Recipient, type SentFacts } from '@um/shared/contract'
import { replyWindow } from '@um/shared/kit'
import { anonymous } from './calls.ts'
import type { Ctx, Settings, Tenant } from './definition.ts'
import { OaInfo, Sent, UserDetail } from './schema.ts'
import { infoCall, tokens } from './tokens.ts'

export function bases({ apiUrl, oauthUrl }: Settings): { api: string; oauth: string } {
  return { api: apiUrl, oauth: oauthUrl }
}
export function sent(answer: unknown): SentFacts {
  return present({ id: Sent.safeParse(answer).data?.data.message_id })
}
/** Ids are kept for three days: then reading is no news. */
export const receiptWindowSeconds = 3 * 86_400

/** Not told by Zalo, but for error -32: what accounts are known to get. */
export function budgets({ path, base }: PlatformCall, _to: Recipient | undefined, { settings }: Tenant): BudgetRule[] {
  if (base !== undefined) return []
  const [kind, limit] = path.startsWith('/v2.0/oa/upload/') ? ['upload', 5] : path.endsWith('/message/cs') ? ['message', 20] : ['info', 10]
  return [{ key: `${settings.appId}:${settings.oaId}:${kind}`, limit: Number(limit), perSeconds: 1 }]
}

/** Without an authorisation this fails with the link to follow. */
export const check = async (ctx: Ctx): Promise<void> => void (await accountFacts(ctx))
async function accountFacts(ctx: Ctx) {
  const { data } = await ctx.http.call(infoCall, OaInfo)
  if (data.oa_id === ctx.tenant.settings.oaId) return data
  throw new CallFailed({ kind: 'subscription', why: `Zalo: the permission was given for another Official Account (${data.oa_id})` })
}
/** Zalo has no API for it: what people have to enter at its pages. */
export async function register(ctx: Ctx): Promise<Record<string, string>> {
  const { id, webhookUrl } = ctx.tenant
  const { name = '' } = await accountFacts(ctx)
  return { officialAccount: name, webhook: webhookUrl, callbackUrl: `${webhookUrl}/oauth/callback`, authorizationLink: `${webhookUrl}/authorize/${id}` }
}
export const unregister = tokens.forget

export async function profile(guest: string, ctx: Ctx): Promise<Profile> {
  if (guest.startsWith(anonymous)) return {}
  const query = { data: JSON.stringify({ user_id: guest }) }
  const { data } = await ctx.http.call({ method: 'GET', path: '/v3.0/oa/user/detail', query, idempotent: true }, UserDetail)
  const { name: sharedName, phone, address, city, district } = data.shared_info ?? {}
  const picture = data.avatars?.['240'] ?? data.avatar ?? data.avatars?.['120']
  return {
    displayName: data.display_name ?? data.user_alias ?? `Zalo user ${guest.slice(-6)}`,
    ...present({ phone, avatar: picture === undefined ? undefined : { url: picture } }),
    participantData: present({ follower: data.user_is_follower?.toString(), sharedName, address, city, district }),
  }
}

/** Consultation messages: https://developers.zalo.me/docs/official-account/tin-nhan/tin-tu-van */
const { sentEffect, job } = replyWindow<Settings>({
  freeSeconds: 48 * 3600,
  openSeconds: 7 * 86_400,
  notice: until =>
    `The guest has been silent for more than 48 hours: Zalo charges for messages now, and takes none after ${until.toISOString().replace('T', ' ').slice(0, 16)} UTC unless the guest writes again.`,
})

export { sentEffect }
export const jobs: readonly Job<Settings>[] = [{ name: 'tokens', everySeconds: () => 1800, run: tokens.renewInTime }, job]
