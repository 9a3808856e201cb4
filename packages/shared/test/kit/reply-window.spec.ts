import { describe, expect, it } from '@jest/globals'
import { scriptedContext } from '@um/testing/conformance'
import type { InboundEvent, Outgoing, TenantView } from '../../src/contract/index.ts'
import { replyWindow } from '../../src/kit/index.ts'

const now = new Date('2026-02-03T04:05:06Z')
const { sentEffect, job } = replyWindow<unknown>({ freeSeconds: 60, openSeconds: 600, notice: until => `until ${until.toISOString()}` })
const contextOf = () => scriptedContext<unknown>({ tenant: { id: 't1' } as TenantView<unknown>, classify: () => undefined, now: () => now })
type Ctx = ReturnType<typeof contextOf>
const send = (ctx: Ctx, silentMs: number | undefined, author: Outgoing<unknown>['author'] = 'agent') => {
  const address: Record<string, string> = silentMs === undefined ? {} : { interaction: String(now.getTime() - silentMs) }
  return sentEffect({}, { at: now, author, to: { guest: 'lena', address } } as Outgoing<unknown>, ctx)
}
async function told(ctx: Ctx): Promise<InboundEvent[]> {
  const events: InboundEvent[] = []
  await job.run(ctx, async more => void events.push(...more))
  return events
}

describe('the time in which answers are free', () => {
  it('is told to be over with the first message that costs, and not again', async () => {
    const ctx = contextOf()
    await send(ctx, 60_001)

    expect(await told(ctx)).toMatchObject([
      { id: `window:lena:${now.getTime() - 60_001}`, guest: 'lena', author: 'system', content: { kind: 'system', text: 'until 2026-02-03T04:14:05.999Z' } },
    ])
    await send(ctx, 60_001)
    expect(await told(ctx)).toEqual([])
  })

  it('is told of again after the guest has written and fallen silent', async () => {
    const ctx = contextOf()
    await send(ctx, 90_000)
    await told(ctx)
    await send(ctx, 70_000)

    expect(await told(ctx)).toHaveLength(1)
  })

  it.each([
    ['at its very end', 60_000, 'agent'],
    ['to machines', 90_000, 'ivr'],
    ['where the guest has never written', undefined, 'agent'],
  ] as const)('is not told of %s', async (_when, silentMs, author) => {
    const ctx = contextOf()
    await send(ctx, silentMs, author)

    expect(await told(ctx)).toEqual([])
  })
})
