import { CallFailed, type InboundEvent, type InboundMessage, type MediaRef, type OpenMedia, present, type UrlMedia } from '@um/shared/contract'
import { remembered } from '@um/shared/kit'
import { z } from 'zod'
import { mayHaveToken } from './addresses.ts'
import { follow, forget } from './conversations.ts'
import type { Ctx } from './definition.ts'
import { genesysId } from './message-ids.ts'
import { MessageDetails } from './schema.ts'

/** Completes what Genesys Cloud sent with what only its API knows, and keeps track of the conversation. */
export async function enrich(event: InboundEvent, ctx: Ctx): Promise<InboundEvent> {
  await track(event, ctx)
  if (event.type !== 'message' || event.content.kind === 'typing') return event
  return withAgentName(await withOpenMedia(event, ctx), ctx)
}

/** Receipts and typing bring no conversation back to life. */
async function track(event: InboundEvent, ctx: Ctx): Promise<void> {
  const conversationId = event.address?.conversationId
  if (conversationId === undefined) return
  if (event.type === 'lifecycle' && event.change === 'ended') await forget(conversationId, ctx)
  if (event.type === 'message' && event.content.kind !== 'typing') await follow(conversationId, event.guest, ctx)
}

const agentNameSeconds = 15 * 60
/** The next message may be luckier, but not every one has to wait for a failing call. */
const failureSeconds = 60

async function withAgentName(event: InboundMessage, ctx: Ctx): Promise<InboundMessage> {
  if (event.author !== 'agent' || !ctx.tenant.options.prefixAgentName || event.messageId === undefined) return event
  const { messageId } = event
  const question = {
    key: `agentName:${event.address?.conversationId ?? event.guest}`,
    as: z.string(),
    seconds: agentNameSeconds,
    againSeconds: failureSeconds,
    failed: 'the name of an agent cannot be read',
  }
  const agentName = (await remembered(ctx, question, () => askAgentName(genesysId(messageId), ctx))) ?? ctx.tenant.settings.agentName
  return agentName === undefined ? event : { ...event, agentName }
}
async function askAgentName(messageId: string, ctx: Ctx): Promise<string | undefined> {
  const path = `/api/v2/conversations/messages/${encodeURIComponent(messageId)}/details`
  return (await ctx.http.call({ method: 'GET', path }, MessageDetails)).createdBy?.name
}

/** Attachments that open for everybody stay where they are; those that want our token are told as ours to download, so that they are copied to the tenant's storage. */
async function withOpenMedia(event: InboundMessage, ctx: Ctx): Promise<InboundMessage> {
  const { content } = event
  if (content.kind !== 'attachment' || !('url' in content.source)) return event
  const { url, ...facts } = content.source
  if (!mayHaveToken(url, ctx.tenant.settings) || (await opensToAll(content.source, ctx))) return event
  return { ...event, content: { ...content, source: { platformId: url, ...facts } } }
}
async function opensToAll(source: UrlMedia, ctx: Ctx): Promise<boolean> {
  try {
    const media = await ctx.media.open(source)
    media.body.destroy()
    return true
  } catch (error) {
    if (error instanceof CallFailed) return error.failure.kind !== 'unauthorized'
    throw error
  }
}

/** `platformId`: an address that opens with the tenant's token only. */
export async function download(media: MediaRef, ctx: Ctx): Promise<OpenMedia> {
  const url = 'platformId' in media ? media.platformId : media.url
  if (!mayHaveToken(url, ctx.tenant.settings)) throw new CallFailed({ kind: 'content', code: 'content', why: 'the attachment is not kept by Genesys Cloud' })
  const { mime, name, size } = media
  return ctx.media.open({ url, ...present({ mime, name, size }) }, { authorized: true })
}
