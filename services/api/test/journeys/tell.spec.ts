import { describe, expect, it } from '@jest/globals'
import type { Definition } from '@um/shared/contract'
import type { Hop } from '@um/shared/journal'
import type { DeadLetter } from '../../src/dead-letters/letter.ts'
import { tellDecision, tellReceipt } from '../../src/journeys/tell.ts'

const connectors = new Map([
  ['telegram', { role: 'messaging' } as Definition],
  ['gcloudcx', { role: 'cx' } as Definition],
])
function told(work: (journal: { tell(hop: Hop): void }) => void): Hop[] {
  const hops: Hop[] = []
  work({ tell: hop => hops.push(hop) })
  return hops
}
const letter = (more: Partial<DeadLetter>) =>
  ({ messageId: 'm', tenantId: 't', guest: 'g', type: 'um.message.v1', key: 'outbound.telegram.03', ...more }) as DeadLetter
const eventBody = (type: string) => JSON.stringify({ data: { event: { type } } })
const decide = (more: Partial<DeadLetter>, hop: 'replayed' | 'discarded' = 'replayed', body = eventBody('message')) =>
  told(journal => tellDecision(journal, connectors, letter(more), { hop, body }))

describe('a dead letter', () => {
  it.each([
    ['outbound.telegram.03', 'um.message.v1', 'toGuest', 'telegram-connector'],
    ['inbound.gcloudcx.03', 'um.message.v1', 'toAgent', 'gcloudcx-connector'],
    ['event.telegram.03', 'um.event.v1', 'toAgent', 'telegram-connector'],
    ['event.gcloudcx.03', 'um.event.v1', 'toGuest', 'gcloudcx-connector'],
  ])('for %s is told the way it goes', (key, type, direction, to) => {
    expect(decide({ key, type })).toEqual([{ tenantId: 't', guest: 'g', message: 'm', hop: 'replayed', direction, detail: { to } }])
  })

  it('that is discarded goes nowhere', () => {
    expect(decide({}, 'discarded')).toEqual([{ tenantId: 't', guest: 'g', message: 'm', hop: 'discarded', direction: 'toGuest' }])
  })

  it.each([[{ messageId: null }], [{ tenantId: null }], [{ guest: null }], [{ type: 'um.receipt.v1' }], [{ key: 'event.pigeon.03', type: 'um.event.v1' }]])(
    'with %j has no journey',
    more => {
      expect(decide(more)).toEqual([])
    },
  )
})

describe('a dead event', () => {
  it.each([eventBody('receipt'), eventBody('lifecycle'), '{', 'null'])('that is no message has no journey: %s', body => {
    expect(decide({ key: 'event.telegram.03', type: 'um.event.v1' }, 'replayed', body)).toEqual([])
  })
})

describe('a receipt', () => {
  it('is told to the IVR', () => {
    const receipt = {
      tenantId: 't',
      guest: 'g',
      from: 'telegram',
      to: 'api',
      of: 'm',
      state: 'failed',
      why: 'blocked',
      at: '2026-03-04T12:00:00.000Z',
    } as const

    expect(told(journal => tellReceipt(journal, receipt))).toEqual([
      { tenantId: 't', guest: 'g', message: 'm', hop: 'receipt', direction: 'toGuest', detail: { state: 'failed', why: 'blocked' } },
    ])
  })
})
