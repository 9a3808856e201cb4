import { describe, expect, it } from '@jest/globals'
import type { LabApi } from '../src/page/api.ts'
import { startSession } from '../src/page/session.ts'
import { initialState, reduce } from '../src/page/state.ts'
import { createStore } from '../src/page/store.ts'
import type { StreamListener } from '../src/page/stream.ts'
import type { LabEvent, Phone } from '../src/protocol.ts'
import { account, info, phone, phoneEntry } from './page-builders.ts'

/** A Lab whose answers are given when the test says so. */
function start() {
  const asked: string[] = []
  let held: (() => void)[] = []
  let phones: Phone[] = []
  let timeline = [phoneEntry('1')]
  const answer = <T>(name: string, value: () => T) => {
    asked.push(name)
    return new Promise<{ ok: true; value: T }>(resolve => {
      const now = value()
      held.push(() => resolve({ ok: true, value: now }))
    })
  }
  const list =
    <T>(name: string, items: () => T[]) =>
    () =>
      answer(name, () => ({ items: items(), more: false }))
  const api = {
    info: () => answer('info', () => info),
    accounts: list('accounts', () => [account()]),
    phones: list('phones', () => phones),
    desks: list('desks', () => []),
    conversations: list('conversations', () => []),
    journeys: list('journeys', () => []),
    exchanges: list('exchanges', () => []),
    faults: list('faults', () => []),
    catalog: list('catalog', () => []),
    phone: (id: string) => answer(`phone ${id}`, () => ({ phone: phone(), entries: timeline, truncated: false })),
  } satisfies Partial<LabApi>
  const store = createStore(reduce, initialState)
  let listener: StreamListener | undefined
  const session = startSession(store, api as unknown as LabApi, given => {
    listener = given
    return { close: () => undefined }
  })
  return {
    asked,
    store,
    session,
    hear: (...events: LabEvent[]) => listener?.events(events),
    lose: () => listener?.lost(),
    setPhones: (next: Phone[]) => {
      phones = next
    },
    setTimeline: (next: typeof timeline) => {
      timeline = next
    },
    /** answers everything that has been asked, and what is asked because of that */
    async answer() {
      while (held.length > 0) {
        const now = held
        held = []
        for (const resolve of now) resolve()
        await new Promise(resolve => setImmediate(resolve))
      }
    },
  }
}

describe('a session', () => {
  it('loads everything once the stream greets, and the timeline of what is shown', async () => {
    const lab = start()
    lab.setPhones([phone()])

    lab.hear({ type: 'hello', instance: 'one' })
    await lab.answer()

    expect(lab.store.get().connection).toEqual({ status: 'live' })
    expect(lab.asked).toContain('phone telegram:7001:42')
    expect(lab.store.get().phoneTimelines['telegram:7001:42']?.loaded).toBe(true)
    lab.session.close()
  })

  it('applies what it hears while loading on top of what was loaded', async () => {
    const lab = start()
    lab.setPhones([phone({ blocked: false })])

    lab.hear({ type: 'hello', instance: 'one' })
    lab.hear({ type: 'phone', phone: phone({ blocked: true }) })
    await lab.answer()

    expect(lab.store.get().phones['telegram:7001:42']?.blocked).toBe(true)
    lab.session.close()
  })

  it('does not let an older timeline overwrite a newer event', async () => {
    const lab = start()
    lab.hear({ type: 'hello', instance: 'one' })
    await lab.answer()
    lab.hear({ type: 'phone', phone: phone() })
    lab.setTimeline([phoneEntry('1', { state: 'queued' })])

    lab.store.dispatch({ type: 'phoneChosen', phone: 'telegram:7001:42' })
    lab.hear({ type: 'phoneEntry', entry: phoneEntry('1', { state: 'delivered' }) })
    await lab.answer()

    expect(lab.store.get().phoneTimelines['telegram:7001:42']?.entries).toEqual([phoneEntry('1', { state: 'delivered' })])
    lab.session.close()
  })

  it('is stale when the stream is lost, and catches up without loading when the same Lab goes on', async () => {
    const lab = start()
    lab.hear({ type: 'hello', instance: 'one' })
    await lab.answer()
    const before = lab.asked.length

    lab.lose()
    const lost = lab.store.get().connection.status
    lab.hear({ type: 'hello', instance: 'one' }, { type: 'account', account: account({ id: '7002' }) })

    expect(lost).toBe('stale')
    expect(lab.store.get().connection.status).toBe('live')
    expect(lab.store.get().accounts['telegram:7002']).toBeDefined()
    expect(lab.asked.length).toBe(before)
    lab.session.close()
  })

  it.each([
    ['another start of the Lab', { type: 'hello', instance: 'two' }],
    ['a reset', { type: 'reset', why: 'too much was missed' }],
  ] as const)('loads everything again after %s, and is stale until then', async (_what, event) => {
    const lab = start()
    lab.setPhones([phone()])
    lab.hear({ type: 'hello', instance: 'one' })
    await lab.answer()
    lab.setPhones([])
    lab.lose()

    lab.hear(event)
    const meanwhile = lab.store.get().connection.status
    await lab.answer()

    expect(meanwhile).toBe('stale')
    expect(lab.store.get().connection.status).toBe('live')
    expect(lab.store.get().phones).toEqual({})
    lab.session.close()
  })
})
