import { describe, expect, it } from '@jest/globals'
import { Journeys } from '../src/journey.ts'
import { EventHub } from '../src/kit/event-hub.ts'
import type { JourneyHop } from '../src/protocol.ts'

function journeys(capacity = 10) {
  const kept = new Journeys(capacity, new EventHub({ capacity: 10, now: () => 0 }))
  const hop = (message: string, name: string, second: number, more: Partial<JourneyHop> = {}) =>
    kept.add({
      tenantId: 't1',
      guest: 'g1',
      message,
      service: 'telegram-connector',
      replica: 'r1',
      hop: name,
      direction: 'toAgent',
      at: new Date(Date.UTC(2026, 2, 4, 5, 6, second)).toISOString(),
      ...more,
    })
  return { kept, hop }
}

describe('Journeys', () => {
  it('puts the hops of a message in the order of their time, whatever order they came in', () => {
    const { kept, hop } = journeys()
    hop('m1', 'sent', 3)
    hop('m1', 'received', 1, { kind: 'text', platformId: '7:41' })
    hop('m1', 'consumed', 2)

    const [journey] = kept.find({ limit: 10 }).items

    expect(journey?.hops.map(each => each.hop)).toEqual(['received', 'consumed', 'sent'])
    expect(journey).toMatchObject({ state: 'done', kind: 'text', firstAt: '2026-03-04T05:06:01.000Z', lastAt: '2026-03-04T05:06:03.000Z' })
  })

  it.each([
    [['received', 'consumed'], 'underway'],
    [['received', 'consumed', 'retry'], 'stuck'],
    [['received', 'parked', 'sent'], 'done'],
    [['received', 'sent', 'receipt'], 'done'],
    [['received', 'retry', 'dead'], 'failed'],
  ])('takes %j for %s', (hops, state) => {
    const { kept, hop } = journeys()
    hops.forEach((name, second) => {
      hop('m1', name, second)
    })

    expect(kept.find({ limit: 1 }).items[0]?.state).toBe(state)
  })

  it('finds by guest, tenant, message and the platform’s id', () => {
    const { kept, hop } = journeys()
    hop('m1', 'received', 1, { platformId: '7:41' })
    hop('m2', 'received', 2, { guest: 'g2' })
    hop('m3', 'received', 3, { tenantId: 't2' })
    const found = (query: object) => kept.find({ limit: 10, ...query }).items.map(({ message }) => message)

    expect(found({})).toEqual(['m3', 'm2', 'm1'])
    expect(found({ platformId: '7:41' })).toEqual(['m1'])
    expect(found({ guest: 'g2' })).toEqual(['m2'])
    expect(found({ tenantId: 't2' })).toEqual(['m3'])
    expect(found({ message: 'm4' })).toEqual([])
  })

  it('forgets the messages that nothing was heard of for longest', () => {
    const { kept, hop } = journeys(2)
    hop('m1', 'received', 1)
    hop('m2', 'received', 2)
    hop('m1', 'sent', 3)
    hop('m3', 'received', 4)

    expect(kept.find({ limit: 10 }).items.map(({ message }) => message)).toEqual(['m3', 'm1'])
  })
})
