import {
  type BudgetRule,
  CallFailed,
  type InboundEvent,
  type MediaRef,
  type OpenMedia,
  type PlatformCall,
  type Profile,
  present,
  type ReceivedEvent,
  type Recipient,
  type SentFacts,
} from '@um/shared/contract'
import { fileName, remembered, unless } from '@um/shared/kit'
import { z } from 'zod'
import { isReadCall, push, reply } from './calls.ts'
import type { Ctx, Settings, Tenant } from './definition.ts'
import { arrived, isPhoneCall, tagOf } from './phone.ts'
import * as schema from './schema.ts'

export function bases({ apiUrl, dataApiUrl }: Settings): { api: string; data: string } {
  return { api: apiUrl, data: dataApiUrl }
}

/** What has been used up is forgotten: a reply token, a mark of what is unread. */
export function sent(answer: unknown, call: PlatformCall): SentFacts {
  if (isReadCall(call)) return { address: { unread: '' } }
  if (isPhoneCall(call)) return present({ id: tagOf(call) })
  const read = schema.Sent.safeParse(answer)
  return { ...(read.success ? present({ id: read.data.sentMessages[0]?.id }) : {}), ...(call.path === reply ? { address: { replyToken: '' } } : {}) }
}

/** Per channel and end point. https://developers.line.biz/en/reference/messaging-api/#rate-limits */
export function budgets({ path }: PlatformCall, _to: Recipient | undefined, { settings }: Tenant): BudgetRule[] {
  const limit = path === push || path === reply ? 2000 : path.endsWith('/loading/start') ? 100 : undefined
  return limit === undefined ? [] : [{ key: `${settings.channelId}${path}`, limit, perSeconds: 1 }]
}

export function respond({ type, address, ...event }: ReceivedEvent, { settings: { welcomeText } }: Tenant): PlatformCall[] {
  const isWelcome = type === 'lifecycle' && 'change' in event && (event.change === 'follow' || event.change === 'optIn')
  if (!isWelcome || welcomeText === undefined || !address?.replyToken) return []
  return [{ method: 'POST', path: reply, json: { replyToken: address.replyToken, messages: [{ type: 'text', text: welcomeText }] } }]
}

const get = (path: string, base = 'api'): PlatformCall => ({ method: 'GET', base, path, idempotent: true })
/** undefined: LINE does not tell, since the guest has blocked us, or does not want it. */
async function ask<T>(ctx: Ctx, path: string, answer: z.ZodType<T>): Promise<T | undefined> {
  return unless(ctx.http.call(get(path), answer), 'content', 'recipient')
}

const profiles: Readonly<Record<string, (guest: string) => string>> = { U: id => `/v2/bot/profile/${id}`, C: id => `/v2/bot/group/${id}/summary` }
export async function profile(guest: string, ctx: Ctx): Promise<Profile> {
  const path = profiles[guest.charAt(0)]?.(guest)
  const known = path === undefined ? undefined : await ask(ctx, path, schema.Profile)
  const { displayName, pictureUrl: url, language, statusMessage, groupName: group } = known ?? {}
  const facts: Record<string, string> = present({ language, statusMessage, group })
  return { ...present({ displayName, avatar: url === undefined ? undefined : { url } }), participantData: facts }
}

const nameSeconds = 24 * 3600
/** Who writes in a group; who never consented, or of whom LINE cannot tell now, stays a number. The message does not wait for a name. */
export async function enrich(event: InboundEvent, ctx: Ctx): Promise<InboundEvent> {
  if (event.type === 'receipt') await arrived(event, ctx)
  const user = event.from?.participantData?.userId
  if (user === undefined) return event
  const path = `/v2/bot/${event.guest.startsWith('C') ? 'group' : 'room'}/${event.guest}/member/${user}`
  const question = { key: `member:${event.guest}:${user}`, as: z.string(), seconds: nameSeconds, failed: 'the name of a member could not be had' }
  const displayName = await remembered(ctx, question, async () => (await ask(ctx, path, schema.Profile))?.displayName ?? user)
  return { ...event, from: { ...event.from, displayName: displayName ?? user } }
}

/** LINE keeps media for a time it does not tell, and prepares films and sound first: then it is asked again later. https://developers.line.biz/en/reference/messaging-api/#get-content */
export async function download(media: MediaRef, ctx: Ctx): Promise<OpenMedia> {
  if ('url' in media) return ctx.media.open(media)
  const [kind = '', id = ''] = media.platformId.split(':')
  const path = `/v2/bot/message/${encodeURIComponent(id)}/content`
  if (kind === 'video' || kind === 'audio') {
    const { status } = await ctx.http.call(get(`${path}/transcoding`, 'data'), schema.Transcoding)
    if (status === 'processing') throw new CallFailed({ kind: 'retryable', certain: true, why: 'LINE is still preparing it' })
    if (status === 'failed') throw new CallFailed({ kind: 'content', code: 'content', why: 'LINE could not prepare it' })
  }
  const opened = await ctx.media.open({ url: `${ctx.tenant.settings.dataApiUrl}${path}` }, { authorized: true })
  return { ...opened, ...present({ name: media.name ?? fileName(`line-${id}`, opened.mime), size: opened.size ?? media.size }) }
}
