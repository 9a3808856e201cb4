import { type Agenda, CallFailed, type InboundEvent, type Job, type SentFacts } from '@um/shared/contract'
import { type Kept, kept } from '@um/shared/kit'
import { z } from 'zod'
import type { Ctx, Out, Settings } from './definition.ts'
import { isAlternative } from './flows.ts'
import { Conversation } from './schema.ts'

/**
 * Genesys Cloud tells nobody that a conversation has ended, so we ask: soon after each message, then ever more seldom. A conversation of which nothing is heard for
 * long counts as ended, too. The same conversation may come to life again with a later message: then it has started anew.
 */
const Followed = z.object({ guest: z.string(), startedAt: z.number(), lastAt: z.number(), waitSeconds: z.number(), announced: z.boolean() })
type Followed = z.infer<typeof Followed>

const longestWaitSeconds = 600
/** Longer than the longest idle time that can be set, which is 720 h. */
const recordSeconds = 31 * 24 * 3600
const tickSeconds = 15
/** Bounded, so that questions leave most of the call budget to messages. */
const mostPerTick = 100
const mostQuestionsPerTick = 20

function agenda(ctx: Ctx): Agenda {
  return ctx.agenda('conversations')
}
function records({ store }: Ctx): Kept<Followed> {
  return kept(store, Followed, 'conversation:')
}
async function write(conversationId: string, followed: Followed, ctx: Ctx, due: Date): Promise<void> {
  await Promise.all([records(ctx).set(conversationId, followed, recordSeconds), agenda(ctx).put(conversationId, due)])
}

/** Something was said in the conversation. */
export async function follow(conversationId: string, guest: string, ctx: Ctx): Promise<void> {
  const now = ctx.now().getTime()
  const before = await records(ctx).get(conversationId)
  const followed: Followed = { startedAt: now, announced: false, ...before, guest, lastAt: now, waitSeconds: ctx.tenant.settings.conversationPollSeconds }
  await write(conversationId, followed, ctx, followed.announced ? nextLook(followed, now, ctx.tenant.settings) : ctx.now())
}
export async function forget(conversationId: string, ctx: Ctx): Promise<void> {
  await Promise.all([agenda(ctx).remove(conversationId), records(ctx).delete(conversationId)])
}
/** The guest's own messages count as much as the agent's. */
export async function sentEffect(facts: SentFacts, out: Out, ctx: Ctx): Promise<void> {
  const conversationId = facts.address?.conversationId
  if (conversationId !== undefined) await follow(conversationId, out.to.guest, ctx)
}

function idleEnd({ lastAt }: Followed, settings: Settings): number {
  return lastAt + settings.conversationMaxIdleHours * 3_600_000
}
function nextLook(followed: Followed, now: number, settings: Settings): Date {
  const end = idleEnd(followed, settings)
  return new Date(followed.waitSeconds > 0 ? Math.min(end, now + followed.waitSeconds * 1000) : end)
}

export const conversationsJob: Job<Settings> = {
  name: 'conversations',
  everySeconds: () => tickSeconds,
  async run(ctx, emit) {
    let questions = 0
    for (const conversationId of await agenda(ctx).due(ctx.now(), mostPerTick)) {
      const followed = await records(ctx).get(conversationId)
      if (followed === undefined) {
        await agenda(ctx).remove(conversationId)
        continue
      }
      if (!followed.announced) {
        await emit([lifecycle('started', conversationId, followed, ctx)])
        await write(conversationId, { ...followed, announced: true }, ctx, nextLook(followed, ctx.now().getTime(), ctx.tenant.settings))
        continue
      }
      const idle = ctx.now().getTime() >= idleEnd(followed, ctx.tenant.settings)
      const asks = !idle && ctx.tenant.settings.conversationPollSeconds > 0
      if (asks && questions === mostQuestionsPerTick) return
      if (asks) questions += 1
      const state = asks ? await ask(conversationId, ctx) : idle ? 'ended' : 'open'
      if (state === 'stop') return
      if (state === 'ended') {
        await emit([lifecycle('ended', conversationId, followed, ctx)])
        await forget(conversationId, ctx)
      } else {
        await wait(conversationId, followed, ctx)
      }
    }
  },
}

/** Twice as long as before, unless something was said while we asked. */
async function wait(conversationId: string, before: Followed, ctx: Ctx): Promise<void> {
  const followed = await records(ctx).get(conversationId)
  if (followed?.lastAt !== before.lastAt) return
  const { conversationPollSeconds } = ctx.tenant.settings
  const waitSeconds = conversationPollSeconds === 0 ? 0 : Math.max(conversationPollSeconds, Math.min(before.waitSeconds * 2, longestWaitSeconds))
  const longer = { ...followed, waitSeconds }
  await write(conversationId, longer, ctx, nextLook(longer, ctx.now().getTime(), ctx.tenant.settings))
}

/** `stop`: nobody else needs to be asked now. */
async function ask(conversationId: string, ctx: Ctx): Promise<'open' | 'ended' | 'stop'> {
  const path = `/api/v2/conversations/messages/${encodeURIComponent(conversationId)}`
  try {
    const { participants } = await ctx.http.call({ method: 'GET', path, alternatives: { gone: [] } }, Conversation)
    return participants.length > 0 && participants.every(hasLeft) ? 'ended' : 'open'
  } catch (error) {
    if (isAlternative(error, 'gone')) return 'ended'
    if (!(error instanceof CallFailed)) throw error
    ctx.log.debug({ tenant: ctx.tenant.id, conversation: conversationId, why: error.failure.why }, 'the state of a conversation cannot be read')
    return error.failure.kind === 'content' || error.failure.kind === 'retryable' ? 'open' : 'stop'
  }
}
function hasLeft({ state, endTime }: { state?: string | undefined; endTime?: string | undefined }): boolean {
  return state === 'disconnected' || state === 'terminated' || endTime !== undefined
}

/** The start is part of the identity: a conversation may end and start more than once. */
function lifecycle(change: 'started' | 'ended', conversationId: string, followed: Followed, ctx: Ctx): InboundEvent {
  const id = `conversation:${conversationId}:${followed.startedAt}:${change}`
  return { type: 'lifecycle', id, at: ctx.now(), guest: followed.guest, change, data: { conversationId } }
}
