import { describe, expect, it } from '@jest/globals'
import { hopFacts } from '@um/shared/journal'
import { keys, shortId } from '../../src/journeys/keys.ts'
import { decodeJourney, encodeHead, encodeVisit } from '../../src/journeys/record.ts'
import { begin, reportOf, smooth, wireHop } from './reports.ts'

const message = '259bb4e2-f7e5-4b06-9a51-c528f412404b'
const head = encodeHead(wireHop(message, 'received', 0))

describe('a kept journey', () => {
  it('is read as it was told', () => {
    const hops = [
      wireHop(message, 'retry', 2, { detail: { why: 'HTTP 503', attempt: 1 } }),
      wireHop(message, 'received', 0, { kind: 'text', platformId: '7:41', key: 'call-1', text: 'hello' }),
    ]

    expect(decodeJourney([head, encodeVisit(reportOf(hops, 'a-connector', 'a-0'))])).toEqual({
      message,
      tenantId: 't1',
      guest: 'g1',
      direction: 'toAgent',
      kind: 'text',
      key: 'call-1',
      text: 'hello',
      leftOut: 0,
      hops: [
        { hop: 'retry', service: 'a-connector', replica: 'a-0', at: begin + 2000, detail: { why: 'HTTP 503', attempt: 1 } },
        { hop: 'received', service: 'a-connector', replica: 'a-0', at: begin, platformId: '7:41' },
      ],
    })
  })

  it('knows every hop, and takes those of newer versions by name', () => {
    const names = [...Object.keys(hopFacts), 'translated']

    const kept = decodeJourney([head, encodeVisit(reportOf(names.map(name => wireHop(message, name, 0))))])

    expect(kept?.hops.map(({ hop }) => hop)).toEqual(names)
  })

  it('gives each known hop a letter of its own', () => {
    const rows = Object.keys(hopFacts).map(name => JSON.parse(encodeVisit(reportOf([wireHop(message, name, 0)])))[3][0][0] as string)

    expect(new Set(rows).size).toBe(rows.length)
    expect(rows.every(row => row.length === 1)).toBe(true)
  })

  it('counts what the broker delivered twice once', () => {
    const visit = encodeVisit(reportOf([wireHop(message, 'received', 0)]))

    expect(decodeJourney([head, visit, visit])?.hops).toHaveLength(1)
  })

  it('knows what was left out, and passes over what it cannot read', () => {
    const visit = encodeVisit(reportOf([wireHop(message, 'received', 0)]))

    expect(decodeJourney([head, '[1,12]', '{', '[2]', visit])).toMatchObject({ leftOut: 12, hops: [{ hop: 'received' }] })
    expect(decodeJourney([visit])).toBeUndefined()
    expect(decodeJourney([])).toBeUndefined()
  })

  it('goes to the guest when its head says so', () => {
    expect(decodeJourney([encodeHead(wireHop(message, 'received', 0, { direction: 'toGuest' }))])?.direction).toBe('toGuest')
  })

  it('takes less than 600 bytes for a message that goes well', () => {
    const entries = [head, ...smooth(message).map(encodeVisit)]

    expect(entries.join('').length).toBeLessThan(600)
  })
})

describe('names in Redis', () => {
  it('hold a UUID in few characters, each in its own', () => {
    expect(shortId(message)).toHaveLength(23)
    expect(shortId(message)).not.toBe(shortId('259bb4e2-f7e5-4b06-9a51-c528f412404c'))
    expect(shortId('M-1')).toBe('M-1')
    expect(shortId(message.toUpperCase())).toBe(message.toUpperCase())
  })

  it('do not confuse a guest with a platform’s id of the same text', () => {
    expect(keys.guest('x')).not.toBe(keys.platformId('x'))
    expect(keys.journey('all')).not.toBe(keys.all)
  })
})
