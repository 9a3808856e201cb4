import { type InboundEvent, type PlatformCall, type Profile, present } from '@um/shared/contract'
import { remembered, unless } from '@um/shared/kit'
import type { z } from 'zod'
import { TeamInfo, UserInfo } from './schema.ts'
import { accountOf, type Ctx, note, readWorkspace, userOf } from './workspaces.ts'

const daySeconds = 86_400
type User = z.infer<typeof UserInfo>['user']

export async function profile(guest: string, ctx: Ctx): Promise<Profile> {
  const account = accountOf({ guest })
  const user = await userInfo(account, userOf({ guest }), ctx)
  const { display_name, real_name, first_name, last_name, email, phone, image_512, image_192, image_72 } = user.profile
  const picture = image_512 ?? image_192 ?? image_72
  return {
    ...present({ displayName: nameOf(user), firstName: first_name, lastName: last_name, nickname: display_name ?? real_name, email, phone }),
    ...(picture === undefined ? {} : { avatar: { url: picture } }),
    participantData: present({ locale: user.locale, timeZone: user.tz, ...(await workspaceFacts(account, user.team_id, ctx)) }),
  }
}
async function userInfo(account: string, user: string, ctx: Ctx): Promise<User> {
  return (await ctx.http.call(asking('/users.info', account, { user, include_locale: 'true' }), UserInfo)).user
}
function nameOf({ profile: { display_name, real_name }, real_name: realName, name }: User): string | undefined {
  return display_name ?? real_name ?? realName ?? name
}
function asking(path: string, account: string, form: Record<string, string>): PlatformCall {
  return { method: 'POST', path, form, account, idempotent: true }
}

/** Asked once a day per workspace; the installation tells less, but always. */
async function workspaceFacts(account: string, team: string | undefined, ctx: Ctx) {
  const installed = await readWorkspace(ctx, account)
  const question = { key: `team:${account}:${team ?? ''}`, as: TeamInfo, seconds: daySeconds, failed: 'the name of a workspace could not be had' }
  const found = (await remembered(ctx, question, () => ctx.http.call(asking('/team.info', account, present({ team })), TeamInfo)))?.team
  return {
    workspaceName: found?.name ?? installed?.name,
    enterpriseId: found?.enterprise_id ?? installed?.enterpriseId,
    enterpriseName: found?.enterprise_name ?? installed?.enterpriseName,
  }
}

/** Mentioned people get their names, and a workspace that is gone is shown as such. */
export async function enrich(event: InboundEvent, ctx: Ctx): Promise<InboundEvent> {
  if (event.type === 'trouble' && event.stops) await note(ctx, event.guest, `inactive since ${ctx.now().toISOString()}: ${event.why}`)
  if (event.type !== 'message' || event.content.kind !== 'text') return event
  let { text } = event.content
  for (const [whole, user = ''] of text.matchAll(/@([UW][A-Z0-9]{6,})\b/g)) {
    const known = await unless(userInfo(accountOf(event), user, ctx))
    text = text.replaceAll(whole, `@${(known && nameOf(known)) ?? user}`)
  }
  return { ...event, content: { ...event.content, text } }
}
