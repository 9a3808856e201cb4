import { describe, expect, it } from '@jest/globals'
import { journeyLines } from '../src/page/journey/lines.ts'
import { formatDuration } from '../src/page/journey/words.ts'
import { keptJourneys, stateOfHops, withHop } from '../src/page/state/journeys.ts'
import { at, conversation, deskEntry, hop, loaded, phone, phoneEntry, told } from './page-builders.ts'

const both = { phones: [phone()], conversations: [conversation()] }

describe('the state of a journey', () => {
  it.each([
    [['received', 'published', 'sent'], 'done'],
    [['received', 'published', 'sent', 'receipt'], 'done'],
    [['received', 'published'], 'underway'],
    [['received', 'waiting'], 'stuck'],
    [['received', 'spooled'], 'stuck'],
    [['received', 'retry', 'parked'], 'stuck'],
    [['received', 'retry', 'sent'], 'done'],
    [['received', 'failed'], 'failed'],
    [['received', 'failed', 'receipt'], 'failed'],
    [['received', 'dead', 'published', 'sent'], 'done'],
    [['received', 'sent', 'dead'], 'failed'],
  ])('%j is %s', (names, state) => {
    expect(stateOfHops(names.map((name, index) => hop(index, name)))).toBe(state)
  })
})

describe('hops', () => {
  it('stand in the order of their time, whichever is heard first', () => {
    const journeys = [hop(2, 'sent'), hop(1, 'received')].reduce(withHop, {})

    expect(Object.values(journeys)[0]?.hops.map(one => one.hop)).toEqual(['received', 'sent'])
    expect(Object.values(journeys)[0]).toMatchObject({ firstAt: at(1), lastAt: at(2), state: 'done' })
  })

  it('count once when they are told twice', () => {
    const once = withHop({}, hop(1, 'received'))

    expect(withHop(once, hop(1, 'received'))).toBe(once)
  })

  it('of one id in two directions belong to two journeys', () => {
    const journeys = [hop(1, 'received'), hop(2, 'received', { direction: 'toGuest' })].reduce(withHop, {})

    expect(Object.keys(journeys)).toHaveLength(2)
  })

  it('of messages long past are forgotten, the oldest first', () => {
    const many = Array.from({ length: keptJourneys * 2 }, (_, index) => hop(index, 'received', { message: `m${index}` }))

    const journeys = Object.values(many.reduce(withHop, {}))

    expect(journeys.length).toBeLessThanOrEqual(keptJourneys * 1.25)
    expect(journeys.some(journey => journey.message === `m${keptJourneys * 2 - 1}`)).toBe(true)
    expect(journeys.some(journey => journey.message === 'm0')).toBe(false)
  })
})

describe('a line', () => {
  it('goes from the finger of the guest to the eyes of the agent, with its words', () => {
    const state = told(
      loaded(both),
      { type: 'phoneEntry', entry: phoneEntry('1', { body: { kind: 'text', text: 'Hello!' } }) },
      { type: 'hop', hop: hop(2, 'received', { platformId: '42:1', kind: 'text' }) },
      { type: 'hop', hop: hop(3, 'sent', { service: 'gcloudcx-connector', platformId: 'desk-4' }) },
      { type: 'deskEntry', entry: deskEntry('4') },
    )

    const [line] = journeyLines(state)

    expect(line).toMatchObject({ preview: 'Hello!', guestName: 'Mia Tanaka', state: 'done', message: 'm1', firstAt: at(1) })
    expect(line?.steps.map(step => step.place)).toEqual(['Phone', 'telegram-connector', 'gcloudcx-connector', 'Desk'])
  })

  it('does not take another guest’s message with the same platform id for its own', () => {
    const stranger = phone({ id: 'telegram:7001:43', guest: { id: '43', name: 'Jun' } })
    const state = told(
      loaded({ phones: [phone(), stranger] }),
      { type: 'phoneEntry', entry: phoneEntry('1', { phone: stranger.id, refs: ['1'], body: { kind: 'text', text: 'not mine' } }) },
      { type: 'hop', hop: hop(2, 'received', { platformId: '1', kind: 'text' }) },
    )

    expect(journeyLines(state)[0]?.preview).toBe('text')
  })

  it('says why a message is stuck: who was told what, how often, and when it goes on', () => {
    const detail = { why: 'Too Many Requests', status: 429, attempt: 2, waitMilliseconds: 5_000 }
    const state = told(loaded(both), { type: 'hop', hop: hop(1, 'waiting', { direction: 'toGuest', detail }) })

    expect(journeyLines(state)[0]).toMatchObject({
      state: 'stuck',
      why: 'telegram-connector was answered 429: Too Many Requests; attempt 2, next try 5 s later',
    })
  })

  it('falls back to the code of a reason, and to what the hop means', () => {
    const code = told(loaded(both), { type: 'hop', hop: hop(1, 'dead', { detail: { reason: 'expired', why: '' } }) })
    const nothing = told(loaded(both), { type: 'hop', hop: hop(1, 'parked') })

    expect(journeyLines(code)[0]?.why).toBe('telegram-connector says: expired')
    expect(journeyLines(nothing)[0]?.why).toContain('has paused this tenant')
  })

  it('exists for a message that the fleet does not know yet', () => {
    const entry = phoneEntry('1', { state: 'retrying', attempts: 3, status: 502, why: 'Bad Gateway' })

    const [line] = journeyLines(told(loaded(both), { type: 'phoneEntry', entry }))

    expect(line).toMatchObject({ state: 'stuck', direction: 'toAgent', why: 'the webhook answered 502: Bad Gateway; attempt 3' })
    expect(line?.message).toBeUndefined()
  })

  it('is one when that message has been heard of since', () => {
    const state = told(
      loaded(both),
      { type: 'phoneEntry', entry: phoneEntry('1', { state: 'retrying', attempts: 3 }) },
      { type: 'hop', hop: hop(2, 'received', { platformId: '42:1' }) },
    )

    expect(journeyLines(state)).toHaveLength(1)
  })

  it('is not drawn for typing', () => {
    expect(journeyLines(told(loaded(both), { type: 'hop', hop: hop(1, 'received', { kind: 'typing' }) }))).toEqual([])
  })

  it('gathers the same wait told again and again into one step', () => {
    const waits = [1, 2, 3].map(seq => ({ type: 'hop' as const, hop: hop(seq, 'parked', { detail: { why: 'the token is dead' } }) }))

    const [line] = journeyLines(told(loaded(both), ...waits, { type: 'hop', hop: hop(4, 'parked', { detail: { why: 'the token is dead again' } }) }))

    expect(line?.steps.map(step => step.facts)).toEqual([['the token is dead', '3 times'], ['the token is dead again']])
  })

  it('stands the latest first', () => {
    const state = told(
      loaded(both),
      { type: 'hop', hop: hop(1, 'received', { message: 'first' }) },
      { type: 'hop', hop: hop(9, 'received', { message: 'second' }) },
    )

    expect(journeyLines(state).map(line => line.message)).toEqual(['second', 'first'])
  })
})

describe('a duration', () => {
  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [1_449, '1.4 s'],
    [5_000, '5 s'],
    [59_400, '59 s'],
    [125_000, '2 min 5 s'],
    [7_260_000, '2 h 1 min'],
    [-3, '0 ms'],
  ])('of %d ms reads %s', (ms, words) => {
    expect(formatDuration(ms)).toBe(words)
  })
})
