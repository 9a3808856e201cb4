import { describe, expect, it } from '@jest/globals'
import { shortlist } from '../src/page/state/selection.ts'
import { keptEntries } from '../src/page/state/timeline.ts'
import { initialState, reduce } from '../src/page/state.ts'
import { account, at, conversation, deskEntry, hop, loaded, phone, phoneEntry, snapshot, told } from './page-builders.ts'

const both = { phones: [phone()], conversations: [conversation()] }
const onlyPhone = { phone: true, journey: false, desk: false }

describe('timelines', () => {
  it('put an entry that comes late at its place in time', () => {
    const state = told(loaded(both), { type: 'phoneEntry', entry: phoneEntry('3') }, { type: 'phoneEntry', entry: phoneEntry('1') })

    expect(state.phoneTimelines['telegram:7001:42']?.entries.map(entry => entry.id)).toEqual(['1', '3'])
  })

  it('keep the order of arrival when times are equal', () => {
    const state = told(loaded(both), ...['5', '2', '9'].map(id => ({ type: 'phoneEntry' as const, entry: phoneEntry(id, { at: at(1) }) })))

    expect(state.phoneTimelines['telegram:7001:42']?.entries.map(entry => entry.id)).toEqual(['5', '2', '9'])
  })

  it('replace an entry that is told again, without doubling it', () => {
    const state = told(
      loaded(both),
      { type: 'phoneEntry', entry: phoneEntry('1', { state: 'queued' }) },
      { type: 'phoneEntry', entry: phoneEntry('1', { state: 'lost', why: 'gone' }) },
    )

    expect(state.phoneTimelines['telegram:7001:42']?.entries).toEqual([phoneEntry('1', { state: 'lost', why: 'gone' })])
  })

  it('forget the oldest entries beyond their capacity, and say so', () => {
    const entries = Array.from({ length: keptEntries + 1 }, (_, index) => ({ type: 'phoneEntry' as const, entry: phoneEntry(String(index)) }))

    const timeline = told(loaded(both), ...entries).phoneTimelines['telegram:7001:42']

    expect(timeline?.entries.length).toBe(keptEntries)
    expect(timeline?.entries[0]?.id).toBe('1')
    expect(timeline?.truncated).toBe(true)
  })

  it('are replaced by what is loaded', () => {
    const heard = told(loaded(both), { type: 'phoneEntry', entry: phoneEntry('7') })

    const state = reduce(heard, { type: 'phoneLoaded', timeline: { phone: phone(), entries: [phoneEntry('1')], truncated: false } })

    expect(state.phoneTimelines['telegram:7001:42']).toEqual({ entries: [phoneEntry('1')], truncated: false, loaded: true })
  })

  it('are to be loaded again after a reset, and gone when their phone is', () => {
    const before = reduce(loaded(both), { type: 'phoneLoaded', timeline: { phone: phone(), entries: [phoneEntry('1')], truncated: false } })

    const kept = reduce(before, { type: 'loaded', snapshot: snapshot(both) })
    const gone = reduce(before, { type: 'loaded', snapshot: snapshot() })

    expect(kept.phoneTimelines['telegram:7001:42']?.loaded).toBe(false)
    expect(gone.phoneTimelines).toEqual({})
  })
})

describe('answers of own actions', () => {
  it('never overwrite what an event has told since', () => {
    const heard = told(loaded(both), { type: 'phoneEntry', entry: phoneEntry('1', { state: 'delivered' }) })

    const state = reduce(heard, { type: 'acted', phoneEntries: [phoneEntry('1', { state: 'queued' })] })

    expect(state.phoneTimelines['telegram:7001:42']?.entries[0]?.state).toBe('delivered')
  })

  it('fill the gap while the stream is lost', () => {
    const state = reduce(loaded(both), { type: 'acted', phoneEntries: [phoneEntry('1')], deskEntries: [deskEntry('2', { from: 'agent' })] })

    expect(state.phoneTimelines['telegram:7001:42']?.entries).toHaveLength(1)
    expect(state.deskTimelines.c1?.entries).toHaveLength(1)
  })
})

describe('what is chosen', () => {
  it('is the latest guest and their conversation when the page opens', () => {
    const state = loaded({
      phones: [phone(), phone({ id: 'telegram:7001:43', guest: { id: '43', name: 'Jun' }, lastAt: at(9) })],
      conversations: [conversation({ lastAt: at(20) }), conversation({ id: 'c2', guest: { id: '43', name: 'Jun' } })],
    })

    expect([state.account, state.phone, state.conversation]).toEqual(['telegram:7001', 'telegram:7001:43', 'c2'])
  })

  it('is a blank phone of the first account when nobody has written yet', () => {
    const state = loaded({ accounts: [account(), account({ id: '7002' })] })

    expect([state.account, state.phone]).toEqual(['telegram:7001', undefined])
  })

  it('follows the account to its latest guest, or to a blank phone', () => {
    const state = loaded({ accounts: [account(), account({ id: '7002' })], ...both })

    const away = reduce(state, { type: 'accountChosen', account: 'telegram:7002' })
    const back = reduce(away, { type: 'accountChosen', account: 'telegram:7001' })

    expect([away.phone, back.phone]).toEqual([undefined, 'telegram:7001:42'])
  })

  it('prefers the open conversation of a guest to an ended one', () => {
    const state = loaded({
      phones: [phone()],
      conversations: [conversation({ id: 'old', state: 'ended', lastAt: at(99) }), conversation({ id: 'new' })],
    })

    expect(state.conversation).toBe('new')
  })

  it('does not take a guest of another tenant with the same id for the same person', () => {
    const state = loaded({
      phones: [phone()],
      conversations: [conversation({ id: 'other', tenantId: 'tenant-2', lastAt: at(99) }), conversation({ id: 'own' })],
    })

    expect(state.conversation).toBe('own')
  })

  it('stays when another guest’s conversation opens, and moves when the phone’s guest’s does', () => {
    const state = loaded(both)
    const stranger = conversation({ id: 'c2', guest: { id: '99', name: 'Jun' } })

    const stayed = told(state, { type: 'conversation', conversation: stranger })
    const moved = told(stayed, { type: 'conversation', conversation: conversation({ id: 'c3' }) })

    expect([stayed.conversation, moved.conversation]).toEqual(['c1', 'c3'])
  })

  it('leaves an ended conversation for any new one', () => {
    const state = told(loaded({ conversations: [conversation({ state: 'ended' })] }), {
      type: 'conversation',
      conversation: conversation({ id: 'c2', guest: { id: '99', name: 'Jun' } }),
    })

    expect(state.conversation).toBe('c2')
  })

  it('is nothing once it has been removed', () => {
    const state = told(loaded(both), { type: 'phoneRemoved', phone: 'telegram:7001:42' }, { type: 'conversationRemoved', conversation: 'c1' })

    expect([state.phone, state.conversation]).toEqual([undefined, undefined])
    expect(state.phones).toEqual({})
  })
})

describe('a shortlist', () => {
  const many = Array.from({ length: 150 }, (_, index) => conversation({ id: `c${index}`, lastAt: at(index) }))

  it('is the latest of many, and the chosen one however old it is', () => {
    const short = shortlist(many, 'c3')

    expect(short.slice(0, 2).map(one => one.id)).toEqual(['c149', 'c148'])
    expect(short.at(-1)?.id).toBe('c3')
    expect(short).toHaveLength(101)
  })

  it('does not name the chosen one twice', () => {
    expect(shortlist(many, 'c149')).toHaveLength(100)
  })
})

describe('a blank phone', () => {
  const made = phone({ id: 'telegram:7001:50', guest: { id: '50', name: 'Someone' } })

  it('becomes the new guest’s and stays the same phone in the hand', () => {
    const blank = loaded()

    const state = reduce(blank, { type: 'phoneMade', phone: made, of: 'telegram:7001' })

    expect(state.phone).toBe(made.id)
    expect(state.hand).toBe(blank.hand)
  })

  it('does not take the hand back from another phone that was chosen meanwhile', () => {
    const state = reduce(loaded(both), { type: 'phoneMade', phone: made, of: 'telegram:7001' })

    expect(state.phone).toBe('telegram:7001:42')
    expect(state.phones[made.id]).toEqual(made)
  })

  it('is another phone in the hand when a guest is made on purpose', () => {
    const before = loaded(both)

    const state = reduce(before, { type: 'phoneMade', phone: made })

    expect(state.phone).toBe(made.id)
    expect(state.hand).toBeGreaterThan(before.hand)
  })
})

describe('unread counts', () => {
  it('grow for a customer’s message in a conversation that is not open, once per message', () => {
    const state = loaded({ ...both, conversations: [conversation(), conversation({ id: 'c2', guest: { id: '99', name: 'Jun' } })] })
    const entry = deskEntry('1', { conversation: 'c2' })

    const next = told(state, { type: 'deskEntry', entry }, { type: 'deskEntry', entry })

    expect(next.deskUnread).toEqual({ c2: 1 })
  })

  it('do not grow for the open conversation, for agents, or for a repeat', () => {
    const state = loaded({ ...both, conversations: [conversation(), conversation({ id: 'c2', guest: { id: '99', name: 'Jun' } })] })

    const next = told(
      state,
      { type: 'deskEntry', entry: deskEntry('1') },
      { type: 'deskEntry', entry: deskEntry('2', { conversation: 'c2', from: 'agent' }) },
      { type: 'deskEntry', entry: deskEntry('3', { conversation: 'c2', repeats: 1 }) },
    )

    expect(next.deskUnread).toEqual({})
  })

  it('grow for the open conversation while the desk is out of sight, and go when it is looked at', () => {
    const hidden = reduce(loaded(both), { type: 'panelsShown', visible: onlyPhone })

    const waiting = told(hidden, { type: 'deskEntry', entry: deskEntry('1') })
    const seen = reduce(waiting, { type: 'panelsShown', visible: { phone: false, journey: false, desk: true } })

    expect([waiting.deskUnread, seen.deskUnread]).toEqual([{ c1: 1 }, {}])
  })

  it('count what came to another phone until it is taken in hand', () => {
    const state = loaded({ phones: [phone({ lastAt: at(5) }), phone({ id: 'telegram:7001:43', guest: { id: '43', name: 'Jun' } })] })
    const entry = phoneEntry('1', { phone: 'telegram:7001:43', from: 'business', state: 'shown' })

    const waiting = told(state, { type: 'phoneEntry', entry })
    const seen = reduce(waiting, { type: 'phoneChosen', phone: 'telegram:7001:43' })

    expect([waiting.phoneUnread, seen.phoneUnread]).toEqual([{ 'telegram:7001:43': 1 }, {}])
  })

  it('do not count what the platform refused to show', () => {
    const state = loaded({ phones: [phone({ lastAt: at(5) }), phone({ id: 'telegram:7001:43', guest: { id: '43', name: 'Jun' } })] })
    const entry = phoneEntry('1', { phone: 'telegram:7001:43', from: 'business', state: 'refused' })

    expect(told(state, { type: 'phoneEntry', entry }).phoneUnread).toEqual({})
  })
})

describe('announcements', () => {
  it('tell what came in, each once, but not what the person wrote', () => {
    const state = loaded(both)

    const heard = told(state, { type: 'deskEntry', entry: deskEntry('1') })
    const again = told(heard, { type: 'deskEntry', entry: deskEntry('1') }, { type: 'phoneEntry', entry: phoneEntry('2') })

    expect(heard.announcement).toEqual({ seq: 1, text: 'At the desk, Mia Tanaka: text 1' })
    expect(again.announcement).toEqual(heard.announcement)
  })

  it('make two of two equal messages', () => {
    const entry = (id: string) => phoneEntry(id, { from: 'business', state: 'shown', body: { kind: 'text', text: 'Hello' } })

    const state = told(loaded(both), { type: 'phoneEntry', entry: entry('1') }, { type: 'phoneEntry', entry: entry('2') })

    expect(state.announcement).toEqual({ seq: 2, text: 'On the phone: Hello' })
  })
})

describe('the connection', () => {
  it('is unreachable when nothing was ever loaded', () => {
    expect(reduce(initialState, { type: 'disconnected', at: at(1) }).connection).toEqual({ status: 'unreachable' })
  })

  it('is stale since the first loss, not since the last', () => {
    const live = reduce(loaded(), { type: 'connected' })

    const lost = reduce(reduce(live, { type: 'disconnected', at: at(1) }), { type: 'disconnected', at: at(9) })

    expect(lost.connection).toEqual({ status: 'stale', since: at(1) })
    expect(reduce(lost, { type: 'connected' }).connection).toEqual({ status: 'live' })
  })
})

describe('other events', () => {
  it('clear what a reset of the Lab forgets, and keep accounts, desks and faults', () => {
    const before = told(loaded(both), { type: 'hop', hop: hop(1, 'received') }, { type: 'deskEntry', entry: deskEntry('1') })

    const state = told(before, { type: 'cleared' })

    expect([state.phones, state.conversations, state.journeys, state.deskTimelines, state.phone]).toEqual([{}, {}, {}, {}, undefined])
    expect(Object.keys(state.accounts)).toEqual(['telegram:7001'])
  })

  it('keep exchanges latest first and each once', () => {
    const exchange = (seq: number) => ({
      type: 'exchange' as const,
      exchange: { seq, simulator: 'telegram', direction: 'request' as const, operation: 'sendMessage', status: 200, ms: 5, at: at(seq) },
    })

    const state = told(loaded(), exchange(1), exchange(2), exchange(1))

    expect(state.exchanges.map(one => one.seq)).toEqual([2, 1])
  })

  it('change nothing when they only greet', () => {
    const state = loaded(both)

    expect(told(state, { type: 'hello', instance: 'two' })).toBe(state)
  })
})
