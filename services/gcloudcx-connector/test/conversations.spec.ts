import { describe, expect, it } from '@jest/globals'
import type { Failure, InboundEvent } from '@um/shared/contract'
import { conversationsJob, follow, forget, sentEffect } from '../src/conversations.ts'
import { type Answer, contextOf, conversationId, type FakeContext, outOf, tenantOf } from './fakes.ts'

const open: Answer = { body: { participants: [{ state: 'disconnected', endTime: '2026-03-04T05:00:00Z' }, { state: 'connected' }] } }
const ended: Answer = { body: { participants: [{ state: 'disconnected' }, { state: 'terminated' }, { state: 'connected', endTime: '2026-03-04T05:00:00Z' }] } }

async function tick(ctx: FakeContext, seconds = 0): Promise<InboundEvent[]> {
  ctx.clock = new Date(ctx.clock.getTime() + seconds * 1000)
  const emitted: InboundEvent[] = []
  await conversationsJob.run(ctx, async events => void emitted.push(...events))
  return emitted
}
function changes(events: readonly InboundEvent[]): unknown[] {
  return events.map(event => (event.type === 'lifecycle' ? event.change : event.type))
}
/** A conversation whose start has been told. */
async function followed(answer: () => Answer | Failure, overrides: Record<string, unknown> = {}): Promise<FakeContext> {
  const ctx = contextOf({ tenant: tenantOf(overrides), platform: answer })
  await follow(conversationId, 'U-77', ctx)
  await tick(ctx)
  return ctx
}

describe('a conversation', () => {
  it('is told once when it starts', async () => {
    const ctx = contextOf()

    await sentEffect({ id: 'g-1', address: { conversationId } }, outOf(), ctx)
    await sentEffect({ id: 'g-2', address: { conversationId } }, outOf(), ctx)

    expect(await tick(ctx)).toMatchObject([{ type: 'lifecycle', change: 'started', guest: 'U-77', data: { conversationId }, at: ctx.clock }])
    expect(await tick(ctx)).toEqual([])
    expect(ctx.calls).toEqual([])
  })
  it('that no answer names is not followed', async () => {
    const ctx = contextOf()

    await sentEffect({ id: 'g-1' }, outOf(), ctx)

    expect(await tick(ctx)).toEqual([])
  })
  it('is asked for after the time that the tenant sets, not before', async () => {
    const ctx = await followed(() => open)

    await tick(ctx, 59)
    expect(ctx.calls).toEqual([])

    await tick(ctx, 1)
    expect(ctx.calls).toMatchObject([{ method: 'GET', path: `/api/v2/conversations/messages/${conversationId}` }])
  })
  it('is asked for ever more seldom, at least every ten minutes', async () => {
    const ctx = await followed(() => open)
    const asked: number[] = []

    for (let second = 15; second <= 3600; second += 15) {
      const before = ctx.calls.length
      await tick(ctx, 15)
      if (ctx.calls.length > before) asked.push(second)
    }

    expect(asked).toEqual([60, 180, 420, 900, 1500, 2100, 2700, 3300])
  })
  it('is asked for soon again once something is said', async () => {
    const ctx = await followed(() => open)
    await tick(ctx, 60)
    await tick(ctx, 120)

    await follow(conversationId, 'U-77', ctx)
    await tick(ctx, 60)

    expect(ctx.calls).toHaveLength(3)
  })
  it('is asked for soon again when something is said while it is asked for', async () => {
    let said = false
    const ctx: FakeContext = contextOf({
      platform: async () => {
        if (!said) await follow(conversationId, 'U-77', ctx)
        said = true
        return open
      },
    })
    await follow(conversationId, 'U-77', ctx)
    await tick(ctx)
    ctx.clock = new Date(ctx.clock.getTime() + 59_999)

    await tick(ctx, 0.001)
    await tick(ctx, 60)

    expect(ctx.calls).toHaveLength(2)
  })
  it('ends when everybody has left', async () => {
    const ctx = await followed(() => ended)

    const events = await tick(ctx, 60)

    expect(events).toMatchObject([{ type: 'lifecycle', change: 'ended', guest: 'U-77', data: { conversationId } }])
    expect(await tick(ctx, 36_000)).toEqual([])
  })
  it.each([
    ['somebody is left', open],
    ['nobody is named', { body: { participants: [] } }],
    ['its state may not be read', { status: 400 }],
  ])('goes on while %s', async (_name, answer) => {
    const ctx = await followed(() => answer)

    expect(await tick(ctx, 60)).toEqual([])
  })
  it('that Genesys Cloud does not know has ended', async () => {
    const ctx = await followed(() => ({ status: 404 }))

    expect(changes(await tick(ctx, 60))).toEqual(['ended'])
  })
  it('of which nothing is heard for long has ended, even where nobody may ask', async () => {
    const ctx = await followed(() => open, { conversationPollSeconds: 0, conversationMaxIdleHours: 1 })

    expect(await tick(ctx, 3599)).toEqual([])
    expect(changes(await tick(ctx, 1))).toEqual(['ended'])
    expect(ctx.calls).toEqual([])
  })
  it('is no longer asked for once the tenant turns that off', async () => {
    const ctx = await followed(() => ended)
    const off = { ...ctx, tenant: tenantOf({ conversationPollSeconds: 0 }) }
    off.clock = new Date(ctx.clock.getTime() + 60_000)

    await conversationsJob.run({ ...off, now: () => off.clock }, async () => {})

    expect(ctx.calls).toEqual([])
  })
  it('that comes to life again starts and ends anew', async () => {
    const ctx = await followed(() => ended)
    const [first] = await tick(ctx, 60)

    await follow(conversationId, 'U-77', ctx)
    const again = [...(await tick(ctx)), ...(await tick(ctx, 60))]

    expect(changes(again)).toEqual(['started', 'ended'])
    expect(again[1]?.id).not.toBe(first?.id)
  })
  it('that is forgotten is not told of any more', async () => {
    const ctx = await followed(() => ended)

    await forget(conversationId, ctx)

    expect(await tick(ctx, 60)).toEqual([])
  })
  it('is told with the same identity when telling has failed', async () => {
    const ctx = await followed(() => ended)
    ctx.clock = new Date(ctx.clock.getTime() + 60_000)
    const ids: string[] = []
    const failing = async ([event]: InboundEvent[]) => {
      ids.push(event?.id ?? '')
      throw new Error('the broker is away')
    }

    await expect(conversationsJob.run(ctx, failing)).rejects.toThrow('away')
    ids.push((await tick(ctx, 1))[0]?.id ?? 'none')

    expect(ids[0]).toBe(ids[1])
  })
})

describe('asking', () => {
  const many = async (answer: () => Answer | Failure, count: number) => {
    const ctx = contextOf({ platform: answer })
    for (let index = 0; index < count; index += 1) await follow(`c-${index}`, `U-${index}`, ctx)
    await tick(ctx)
    return ctx
  }

  it('leaves most of the budget to messages', async () => {
    const ctx = await many(() => open, 30)

    await tick(ctx, 60)
    expect(ctx.calls).toHaveLength(20)

    await tick(ctx, 15)
    expect(ctx.calls).toHaveLength(30)
  })
  it('stops when the budget or the access is gone', async () => {
    const ctx = await many(() => ({ status: 429 }), 3)

    expect(await tick(ctx, 60)).toEqual([])
    expect(ctx.calls).toHaveLength(1)
  })
  it('goes on with the next one when one cannot be read', async () => {
    const ctx = await many(() => ({ status: 500 }), 3)

    await tick(ctx, 60)

    expect(ctx.calls).toHaveLength(3)
  })
  it('comes round often enough for the shortest time that can be set', () => {
    expect(conversationsJob.everySeconds(tenantOf().settings)).toBe(15)
  })
})
