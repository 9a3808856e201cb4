import { describe, expect, it } from '@jest/globals'
import type { Content, InboundEvent } from '@um/shared/contract'
import { conversationsJob } from '../src/conversations.ts'
import { download, enrich } from '../src/enrich.ts'
import { contextOf, conversationId, type FakeContext, messageId, now, tenantOf } from './fakes.ts'

function event(content: Content = { kind: 'text', text: 'Hello' }, more: object = {}): InboundEvent {
  return { type: 'message', id: 'e-1', messageId, at: now, guest: 'U-77', address: { conversationId }, author: 'agent', content, ...more } as InboundEvent
}
const prefixing = (overrides: Record<string, unknown> = {}) => tenantOf(overrides, { options: { showSystemMessages: false, prefixAgentName: true } })
const details = { body: { id: messageId, createdBy: { id: 'a-1', name: 'Kei' } } }

describe("the agent's name", () => {
  it('is asked of the message', async () => {
    const ctx = contextOf({ tenant: prefixing(), platform: () => details })

    expect(await enrich(event(undefined, { messageId: `${messageId}#1` }), ctx)).toMatchObject({ agentName: 'Kei' })
    expect(ctx.calls).toMatchObject([{ method: 'GET', path: `/api/v2/conversations/messages/${messageId}/details` }])
  })
  it('is remembered for the conversation', async () => {
    const ctx = contextOf({ tenant: prefixing(), platform: () => details })

    await enrich(event(), ctx)
    const second = await enrich(event(undefined, { messageId: 'other' }), ctx)
    await enrich(event(undefined, { address: { conversationId: 'c-2' } }), ctx)

    expect(second).toMatchObject({ agentName: 'Kei' })
    expect(ctx.calls).toHaveLength(2)
    expect(ctx.kept.get(`agentName:${conversationId}`)).toBe(900)
  })
  it('that cannot be read is asked for again soon', async () => {
    const ctx = contextOf({ tenant: prefixing(), platform: () => ({ status: 500 }) })

    await enrich(event(), ctx)

    expect(ctx.kept.get(`agentName:${conversationId}`)).toBe(60)
  })
  it.each([
    ['may not be read', { status: 403 }],
    ['is not told', { body: {} }],
  ])("is the tenant's where it %s", async (_name, answer) => {
    const ctx = contextOf({ tenant: prefixing({ agentName: 'ACME' }), platform: () => answer })

    expect(await enrich(event(), ctx)).toMatchObject({ agentName: 'ACME' })
  })
  it('is none where nobody knows one', async () => {
    expect(await enrich(event(), contextOf({ tenant: prefixing(), platform: () => ({ status: 500 }) }))).not.toHaveProperty('agentName')
  })
  it.each([
    ['the tenant does not show it', event(), tenantOf()],
    ['a bot speaks', event(undefined, { author: 'bot' }), prefixing()],
    ['the agent only types', event({ kind: 'typing', on: true }), prefixing()],
  ])('is not asked when %s', async (_name, given, tenant) => {
    const ctx = contextOf({ tenant, platform: () => details })

    expect(await enrich(given, ctx)).toEqual(given)
    expect(ctx.calls).toEqual([])
  })
})

describe('an attachment', () => {
  const url = 'https://api-downloads.mypurecloud.jp/x'
  const attachment = (of: string): Content => ({
    kind: 'attachment',
    media: 'image',
    source: { url: of, mime: 'image/png', name: 'a.png', size: 10_240 },
    caption: 'c',
  })
  const refuses = () => ({ kind: 'unauthorized', why: 'the address answers 403' }) as const

  it('that opens for everybody stays where it is', async () => {
    const ctx = contextOf()

    expect(await enrich(event(attachment(url)), ctx)).toEqual(event(attachment(url)))
    expect(ctx.opened).toMatchObject([{ media: { url } }])
  })
  it('that wants a token becomes ours to download', async () => {
    const ctx = contextOf({ media: refuses })

    expect(await enrich(event(attachment(url)), ctx)).toEqual(
      event({ kind: 'attachment', media: 'image', source: { platformId: url, mime: 'image/png', name: 'a.png', size: 10_240 }, caption: 'c' }),
    )
  })
  it('that cannot be had for another reason stays where it is', async () => {
    const ctx = contextOf({ media: () => ({ kind: 'retryable', certain: true, why: 'the address answers 503' }) })

    expect(await enrich(event(attachment(url)), ctx)).toEqual(event(attachment(url)))
  })
  it('of another host is not our affair', async () => {
    const ctx = contextOf({ media: refuses })
    const foreign = event(attachment('https://files.acme.com/x'))

    expect(await enrich(foreign, ctx)).toEqual(foreign)
    expect(ctx.opened).toEqual([])
  })
  it('is downloaded with the token', async () => {
    const ctx = contextOf({ media: (_media, authorized) => (authorized ? undefined : refuses()) })

    await download({ platformId: url, mime: 'image/png', name: 'a.png' }, ctx)

    expect(ctx.opened).toEqual([{ media: { url, mime: 'image/png', name: 'a.png' }, options: { authorized: true } }])
  })
  it('of another host never sees the token', async () => {
    const ctx = contextOf()

    await expect(download({ platformId: 'https://mypurecloud.jp.evil.test/x' }, ctx)).rejects.toMatchObject({ failure: { kind: 'content' } })
    expect(ctx.opened).toEqual([])
  })
})

describe('the conversation', () => {
  const isFollowed = async (ctx: FakeContext): Promise<boolean> => {
    const told: InboundEvent[] = []
    await conversationsJob.run(ctx, async events => void told.push(...events))
    return told.length > 0
  }

  it('is followed once somebody says something', async () => {
    const ctx = contextOf()

    await enrich(event(), ctx)

    expect(await isFollowed(ctx)).toBe(true)
  })
  it.each([
    ['a receipt', { type: 'receipt', id: 'e', of: 'm', state: 'delivered', at: now, guest: 'U-77', address: { conversationId } }],
    ['typing', event({ kind: 'typing', on: true })],
    ['a message without a conversation', event(undefined, { address: undefined })],
  ] as readonly [string, InboundEvent][])('is not followed for %s', async (_name, given) => {
    const ctx = contextOf()

    await enrich(given, ctx)

    expect(await isFollowed(ctx)).toBe(false)
  })
  it('is forgotten when Genesys Cloud says that it has ended', async () => {
    const ctx = contextOf()
    await enrich(event(), ctx)

    await enrich({ type: 'lifecycle', id: 'e-2', at: now, guest: 'U-77', address: { conversationId }, change: 'ended' }, ctx)

    expect(await isFollowed(ctx)).toBe(false)
  })
})
