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
import type { z } from 'zod'
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
  return ctx.http.call(get(path), answer).catch(error => {
    if (error instanceof CallFailed && (error.failure.kind === 'content' || error.failure.kind === 'recipient')) return undefined
    throw error
  })
}

export async function profile(guest: string, ctx: Ctx): Promise<Profile> {
  const group = guest.startsWith('C') ? await ask(ctx, `/v2/bot/group/${guest}/summary`, schema.GroupSummary) : undefined
  const person = guest.startsWith('U') ? await ask(ctx, `/v2/bot/profile/${guest}`, schema.Profile) : undefined
  const avatar = person?.pictureUrl ?? group?.pictureUrl
  const facts: Record<string, string> = present({ language: person?.language, statusMessage: person?.statusMessage, group: group?.groupName })
  return { ...present({ displayName: person?.displayName, avatar: avatar === undefined ? undefined : { url: avatar } }), participantData: facts }
}

const nameSeconds = 24 * 3600
/** Who writes in a group; who never consented, or of whom LINE cannot tell now, stays a number. The message does not wait for a name. */
export async function enrich(event: InboundEvent, ctx: Ctx): Promise<InboundEvent> {
  if (event.type === 'receipt') await arrived(event, ctx)
  const user = event.from?.participantData?.userId
  if (user === undefined) return event
  const kind = event.guest.startsWith('C') ? 'group' : 'room'
  const displayName = (await nameOf(`/v2/bot/${kind}/${event.guest}/member/${user}`, `member:${event.guest}:${user}`, user, ctx)) ?? user
  return { ...event, from: { ...event.from, displayName } }
}
/** undefined: LINE has not answered; it is asked again with the next message. */
async function nameOf(path: string, key: string, otherwise: string, ctx: Ctx): Promise<string | undefined> {
  const known = await ctx.store.get(key)
  if (known !== undefined) return known
  try {
    const name = (await ask(ctx, path, schema.Profile))?.displayName ?? otherwise
    await ctx.store.set(key, name, nameSeconds)
    return name
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error
    ctx.log.info({ why: error.failure.why }, 'the name of a member could not be had')
    return undefined
  }
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
  const extension = opened.mime
    ?.split('/')[1]
    ?.replace(/^x-/, '')
    .replace('jpeg', 'jpg')
    .replace(/[^a-z0-9].*$/, '')
  return { ...opened, ...present({ name: media.name ?? `line-${id}${extension ? `.${extension}` : ''}`, size: opened.size ?? media.size }) }
}
