import { describe, expect, it } from '@jest/globals'
import { audit } from '../src/audit/audit.ts'
import type { Evidence, SpoiledExchange } from '../src/audit/evidence.ts'
import { arrived, began, mark, nothingBroke, sighting, written } from './records.ts'

const doubt = 'it may or may not have arrived: no answer: ECONNRESET'
const call: SpoiledExchange = {
  conversation: 0,
  kind: 'call',
  simulator: 'telegram',
  operation: 'sendMessage',
  status: 0,
  beganAt: began + 1200,
  endedAt: began + 1300,
  fault: 'f1',
}
const evidenceOf = (exchange: Partial<SpoiledExchange>, kind = 'reset'): Evidence => ({
  ...nothingBroke,
  exchanges: [{ ...call, ...exchange }],
  faultKinds: new Map([['f1', kind]]),
})

describe('the audit', () => {
  it('is clean when each message was seen once, in order', () => {
    const found = audit(arrived([1, 2, 3], 'toAgent'), nothingBroke)

    expect(found.clean).toBe(true)
    expect(found.findings).toEqual([])
    expect(found.directions.toAgent).toMatchObject({ sent: 3, delivered: 3, lost: 0, doubled: 0, inverted: 0, inDoubt: 0 })
    expect(found.directions.toGuest).toMatchObject({ sent: 0, delivered: 0, lost: 0 })
  })

  it('finds the one that never arrived', () => {
    const ledger = written(3, 'toGuest')
    for (const number of [1, 3]) ledger.saw(mark('toGuest', number), sighting(number * 1000 + 100))

    const found = audit(ledger, nothingBroke)

    expect(found.clean).toBe(false)
    expect(found.directions.toGuest).toMatchObject({ sent: 3, delivered: 2, lost: 1, inverted: 0 })
    expect(found.findings).toMatchObject([{ kind: 'lost', message: '#c0a2', why: 'never arrived, and nobody was told' }])
  })

  it('finds the one that the platform could not get rid of', () => {
    const ledger = written(1, 'toAgent')
    ledger.refused(mark('toAgent', 1), 'the platform gave up telling the fleet: 503')

    const found = audit(ledger, nothingBroke)

    expect(found.directions.toAgent.lost).toBe(1)
    expect(found.findings[0]?.why).toContain('503')
  })

  it('finds the one that was shown twice, and takes it for no inversion', () => {
    const ledger = arrived([1, 2, 3], 'toAgent')
    ledger.saw(mark('toAgent', 2), sighting(20_000, { entry: 'again' }))

    const found = audit(ledger, nothingBroke)

    expect(found.clean).toBe(false)
    expect(found.directions.toAgent).toMatchObject({ delivered: 3, doubled: 1, inverted: 0, lost: 0 })
    expect(found.findings).toMatchObject([{ kind: 'doubled', message: '#c0g2' }])
  })

  it('finds each one that was overtaken', () => {
    const found = audit(arrived([3, 1, 2, 4], 'toGuest'), nothingBroke)

    expect(found.clean).toBe(false)
    expect(found.directions.toGuest).toMatchObject({ delivered: 4, inverted: 2, doubled: 0 })
    expect(found.findings.map(({ message, why }) => `${message} ${why}`)).toEqual(['#c0a1 seen after #c0a3', '#c0a2 seen after #c0a3'])
  })

  it('does not compare the two directions of a conversation', () => {
    const ledger = arrived([1, 2], 'toAgent')
    ledger.writes(mark('toGuest', 1), false, began)
    ledger.saw(mark('toGuest', 1), sighting(99_000))

    expect(audit(ledger, nothingBroke).clean).toBe(true)
  })

  it('finds what nobody wrote', () => {
    const ledger = arrived([1], 'toAgent')
    ledger.saw(mark('toAgent', 7), sighting(500))

    const found = audit(ledger, nothingBroke)

    expect(found.clean).toBe(false)
    expect(found.findings).toMatchObject([{ kind: 'stranger', message: '#c0g7' }])
  })

  it('counts a photo that came without its picture as lost', () => {
    const ledger = written(2, 'toAgent', { photo: true })
    ledger.saw(mark('toAgent', 1), sighting(1100, { hasPhoto: true }))
    ledger.saw(mark('toAgent', 2), sighting(2100))

    const found = audit(ledger, nothingBroke)

    expect(found.directions.toAgent.lost).toBe(1)
    expect(found.findings).toMatchObject([{ message: '#c0g2', why: 'arrived without its photo' }])
  })

  it('measures from the writing to the first showing', () => {
    const ledger = written(1, 'toAgent')
    ledger.saw(mark('toAgent', 1), sighting(1250))
    ledger.saw(mark('toAgent', 1), sighting(9000))

    expect(audit(ledger, nothingBroke).directions.toAgent.latency).toEqual({ p50: 250, p95: 250, p99: 250, max: 250 })
  })
})

describe('doubt', () => {
  const declared = (reason = doubt) => {
    const ledger = written(1, 'toGuest')
    ledger.failed(mark('toGuest', 1), { at: began + 2000, reason })
    return ledger
  }

  it('is accepted when the very call of the message was spoiled, and is not clean’s enemy', () => {
    const found = audit(declared(), evidenceOf({}))

    expect(found.clean).toBe(true)
    expect(found.directions.toGuest).toMatchObject({ sent: 1, delivered: 0, lost: 0, inDoubt: 1, inDoubtArrived: 0 })
    expect(found.findings[0]?.why).toContain('sendMessage at 12:00:01.200 met reset')
  })

  it('tells how many did arrive', () => {
    const ledger = declared()
    ledger.saw(mark('toGuest', 1), sighting(1250))

    expect(audit(ledger, evidenceOf({})).directions.toGuest).toMatchObject({ delivered: 1, inDoubt: 1, inDoubtArrived: 1, lost: 0 })
  })

  it('is accepted when the process that delivered was killed', () => {
    const evidence: Evidence = {
      ...nothingBroke,
      breakdowns: [{ what: 'kill -9 telegram-connector', kills: 'toGuest', from: began + 1500, until: began + 3000 }],
    }

    expect(audit(declared(), evidence).directions.toGuest).toMatchObject({ inDoubt: 1, lost: 0 })
  })

  it.each([
    ['nothing was broken', nothingBroke],
    ['another conversation’s call was spoiled', evidenceOf({ conversation: 1 })],
    ['the other platform’s call was spoiled', evidenceOf({ simulator: 'genesys' })],
    ['a webhook was spoiled', evidenceOf({ kind: 'webhook' })],
    ['the platform said no', evidenceOf({ status: 429 })],
    ['the call was long before', evidenceOf({ beganAt: began - 60_000, endedAt: began - 59_000 })],
    ['the call was after the receipt', evidenceOf({ beganAt: began + 9000, endedAt: began + 9100 })],
    [
      'a process of the other direction was killed',
      { ...nothingBroke, breakdowns: [{ what: 'kill', kills: 'toAgent', from: began + 1500, until: began + 3000 }] },
    ],
    ['what was broken kills nobody', { ...nothingBroke, breakdowns: [{ what: 'slow', kills: undefined, from: began + 1500, until: began + 3000 }] }],
    ['the kill came after the receipt', { ...nothingBroke, breakdowns: [{ what: 'kill', kills: 'toGuest', from: began + 9000, until: began + 9900 }] }],
  ] satisfies [string, Evidence][])('is a loss when %s', (_, evidence) => {
    const found = audit(declared(), evidence)

    expect(found.clean).toBe(false)
    expect(found.directions.toGuest).toMatchObject({ inDoubt: 0, lost: 1 })
  })

  it('is a loss when the fleet knew better than that', () => {
    expect(audit(declared('the platform does not answer'), evidenceOf({})).directions.toGuest).toMatchObject({ inDoubt: 0, lost: 1 })
  })

  it('does not excuse a second showing', () => {
    const ledger = declared()
    ledger.saw(mark('toGuest', 1), sighting(1250))
    ledger.saw(mark('toGuest', 1), sighting(1500, { entry: 'again' }))

    expect(audit(ledger, evidenceOf({}))).toMatchObject({ clean: false, directions: { toGuest: { doubled: 1 } } })
  })
})

describe('an inversion', () => {
  const webhook: Partial<SpoiledExchange> = { kind: 'webhook', operation: 'message', status: 200, beganAt: began + 2000, endedAt: began + 2010 }

  it('is the platform’s own when it let the next webhook go first', () => {
    const found = audit(arrived([2, 1, 3], 'toAgent'), evidenceOf(webhook, 'reorder'))

    expect(found.clean).toBe(true)
    expect(found.directions.toAgent).toMatchObject({ inverted: 0, reordered: 1 })
  })

  it.each([
    ['two went first', [2, 3, 1], evidenceOf(webhook, 'reorder')],
    ['not the next one went first', [1, 4, 2, 3], evidenceOf(webhook, 'reorder')],
    ['the webhook was late only', [2, 1, 3], evidenceOf(webhook, 'delay')],
    ['it was another guest’s webhook', [2, 1, 3], evidenceOf({ ...webhook, conversation: 1 }, 'reorder')],
    ['it was a webhook of the other platform', [2, 1, 3], evidenceOf({ ...webhook, simulator: 'genesys' }, 'reorder')],
    ['it was a call', [2, 1, 3], evidenceOf({ ...webhook, kind: 'call' }, 'reorder')],
  ] satisfies [string, number[], Evidence][])('is the fleet’s when %s', (_, order, evidence) => {
    const found = audit(arrived(order, 'toAgent'), evidence)

    expect(found.clean).toBe(false)
    expect(found.directions.toAgent.inverted).toBeGreaterThan(0)
    expect(found.directions.toAgent.reordered).toBe(0)
  })
})
