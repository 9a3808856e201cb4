import { describe, expect, it } from '@jest/globals'
import { EventHub, type Numbered } from '../../src/kit/event-hub.ts'
import type { LabEvent } from '../../src/protocol.ts'

const event = (phone: string): LabEvent => ({ type: 'phoneRemoved', phone })
const named = (events: Numbered[] | undefined) => events?.map(each => (each.event.type === 'phoneRemoved' ? each.event.phone : each.event.type))

function hub(capacity = 100) {
  const clock = { now: 0 }
  const events = new EventHub({ capacity, now: () => clock.now })
  const taken: Numbered[] = []
  let told: () => void = () => undefined
  const listener = {
    take: (burst: Numbered[]) => {
      taken.push(...burst)
      told()
    },
  }
  const burst = () =>
    new Promise<void>(resolve => {
      told = resolve
    })
  return { events, clock, taken, listener, burst }
}

describe('EventHub', () => {
  it('tells once what changed often, in the order of the first change', async () => {
    const { events, taken, listener, burst } = hub()
    events.listen(listener, undefined)
    let drawn = 0
    events.touch('a', () => {
      drawn += 1
      return event(`a${drawn}`)
    })
    events.touch('b', () => event('b'))
    events.touch('a', () => {
      drawn += 1
      return event(`a${drawn}`)
    })
    await burst()

    expect(named(taken)).toEqual(['a1', 'b'])
    expect(taken[1]?.seq).toBe((taken[0]?.seq ?? 0) + 1)
  })

  it('leaves out what no longer exists', async () => {
    const { events, taken, listener, burst } = hub()
    events.listen(listener, undefined)
    events.touch('gone', () => undefined)
    events.touch('here', () => event('here'))
    await burst()

    expect(named(taken)).toEqual(['here'])
  })

  it('resumes after the last event that a listener knows', async () => {
    const { events, taken, listener, burst } = hub()
    events.listen(listener, undefined)
    for (const key of ['a', 'b', 'c']) events.touch(key, () => event(key))
    await burst()

    const { missed } = events.listen({ take: () => undefined }, taken[0]?.seq)
    const current = events.listen({ take: () => undefined }, taken[2]?.seq)

    expect(named(missed)).toEqual(['b', 'c'])
    expect(current.missed).toEqual([])
  })

  it('cannot resume when too much has been forgotten, or from the future', async () => {
    const { events, listener, burst } = hub(2)
    events.listen(listener, undefined)
    for (const key of ['a', 'b', 'c', 'd']) events.touch(key, () => event(key))
    await burst()

    expect(events.listen({ take: () => undefined }, 1).missed).toBeUndefined()
    expect(named(events.listen({ take: () => undefined }, 2).missed)).toEqual(['c', 'd'])
    expect(events.listen({ take: () => undefined }, 5).missed).toBeUndefined()
  })

  it('draws nothing while nobody listens, and tells a late comer that it missed something', () => {
    const { events, clock, listener } = hub()
    const { end, seq } = events.listen(listener, undefined)
    end()
    clock.now += 60_001
    let drawn = false
    events.touch('a', () => {
      drawn = true
      return event('a')
    })

    expect(events.isIdle).toBe(true)
    expect(drawn).toBe(false)
    expect(events.listen(listener, seq).missed).toBeUndefined()
  })

  it('cannot resume across the time when nobody listened, though it remembers what was before and after', async () => {
    const { events, clock, taken, listener, burst } = hub()
    const first = events.listen(listener, undefined)
    events.touch('before', () => event('before'))
    await burst()
    first.end()
    clock.now += 60_001
    events.touch('lost', () => event('lost'))
    events.listen(listener, undefined)
    events.touch('after', () => event('after'))
    await burst()

    expect(named(taken)).toEqual(['before', 'after'])
    expect(events.listen({ take: () => undefined }, taken[0]?.seq).missed).toBeUndefined()
  })

  it('remembers for a minute for a listener that comes back', async () => {
    const { events, clock, listener, burst } = hub()
    events.listen(listener, undefined)
    const { end, seq } = events.listen({ take: () => undefined }, undefined)
    end()
    clock.now += 59_999
    events.touch('a', () => event('a'))
    await burst()

    expect(named(events.listen({ take: () => undefined }, seq).missed)).toEqual(['a'])
  })

  it('asks for a fresh start instead of telling thousands of changes', async () => {
    const { events, taken, listener, burst } = hub()
    events.listen(listener, undefined)
    for (let key = 0; key < 5001; key += 1) events.touch(String(key), () => event(String(key)))
    await burst()

    expect(named(taken)).toEqual(['reset', '5000'])
  })
})
