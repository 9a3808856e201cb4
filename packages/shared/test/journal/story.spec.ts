import { describe, expect, it } from '@jest/globals'
import { duration, holdsUpOthers, type Surroundings, type Told, tellStory } from '../../src/journal/index.ts'
import { atAgent, hop, noon, toAgent } from './hops.ts'

const cx = 'gcloudcx-connector'
const story = (hops: readonly Told[], seconds: number, more: Partial<Surroundings> = {}) =>
  tellStory(hops, { now: noon + seconds * 1000, tenant: 'ACME', ...more })
const because = (...given: Parameters<typeof story>) => story(...given).stuckBecause
const limited = hop('waiting', 1, cx, { why: 'Genesys Cloud said 429', waitMilliseconds: 30_000 })

describe('a stuck message', () => {
  it('tells where, since when, why, and when it goes on', () => {
    expect(because([...atAgent, limited], 11)).toBe('Waits in gcloudcx-connector since 12:03:01 UTC: Genesys Cloud said 429, next try in 20 s.')
  })

  it('tells that its tenant is paused there, besides its own reason', () => {
    const pausedAt = (service: string) => (service === cx ? 'token refused' : undefined)

    expect(because([...atAgent, limited], 11, { pausedAt })).toBe(
      'Waits in gcloudcx-connector since 12:03:01 UTC: Genesys Cloud said 429, next try in 20 s (tenant ACME is paused: token refused).',
    )
    expect(because([...atAgent, limited], 11, { pausedAt: () => '' })).toMatch(/20 s \(tenant ACME is paused\)\.$/)
    expect(because([...atAgent, limited], 11, { pausedAt: service => (service === 'telegram-connector' ? 'x' : undefined) })).not.toContain('paused')
  })

  it('counts from the first of its waits at that service, and names the attempt', () => {
    const tries = [1, 3, 8].map((second, index) => hop('retry', second, cx, { why: 'HTTP 503.', attempt: index + 1, waitMilliseconds: 4000 }))

    expect(because([...atAgent, ...tries], 10)).toBe('Waits in gcloudcx-connector since 12:03:01 UTC: HTTP 503, attempt 3 failed, next try in 2 s.')
  })

  it('begins to count again after it went on', () => {
    const hops = [hop('received', 0), hop('spooled', 1), hop('consumed', 20), hop('retry', 30, 'telegram-connector', { why: 'x' })]

    expect(because(hops, 31)).toContain('since 12:03:30 UTC')
  })

  it('says when a next try is overdue', () => {
    expect(because([...atAgent, limited], 31 + 14)).toContain('429, next try any moment.')
    expect(because([...atAgent, limited], 31 + 16)).toContain('429; its next try was due at 12:03:31 UTC and nothing has been heard of it since.')
  })

  it('names the day when it was not today', () => {
    expect(because([...atAgent, limited], 86_400)).toContain('since 2026-03-04 12:03:01 UTC')
  })

  it('tells of a paused tenant and of a broken platform apart', () => {
    const parked = (gate: string, why?: string) => [...atAgent, hop('parked', 1, cx, { gate, ...(why === undefined ? {} : { why }) })]

    expect(because(parked('paused', 'invalid_client'), 2)).toBe('Waits in gcloudcx-connector since 12:03:01 UTC: tenant ACME is paused (invalid_client).')
    expect(because(parked('broken', 'HTTP 500'), 2)).toBe('Waits in gcloudcx-connector since 12:03:01 UTC: its platform fails again and again (HTTP 500).')
    expect(because(parked('paused'), 2)).toBe('Waits in gcloudcx-connector since 12:03:01 UTC: tenant ACME is paused.')
    expect(because(parked('paused'), 2, { tenant: undefined })).toContain('tenant of this message is paused')
  })

  it('that is spooled waits for RabbitMQ', () => {
    expect(because([hop('received', 0), hop('spooled', 1)], 5)).toMatch(/^Waits in telegram-connector since 12:03:01 UTC: RabbitMQ did not take it/)
  })

  it('that waits without a word tells what it does', () => {
    expect(because([...atAgent, hop('waiting', 1, cx)], 2)).toBe('Waits in gcloudcx-connector since 12:03:01 UTC: waits its turn.')
  })

  it('of which nothing is heard was last seen somewhere', () => {
    expect(because(toAgent, 120)).toBe(
      'Last seen in telegram-connector at 12:03:00 UTC, handed on to gcloudcx-connector; gcloudcx-connector has not told of it since: it is behind or down, or its word was lost.',
    )
    expect(because(atAgent, 120)).toBe(
      'Last seen in gcloudcx-connector at 12:03:00 UTC, translated for the other platform; nothing has been heard of it since.',
    )
    expect(because([hop('verified', 0)], 120)).toBe(
      'Last seen in telegram-connector at 12:03:00 UTC, found genuine and read; nothing has been heard of it since.',
    )
  })

  it('of which nothing is heard may be where its tenant is paused', () => {
    const pausedAt = (service: string) => (service === cx ? 'token refused.' : undefined)

    expect(because(toAgent, 120, { pausedAt })).toMatch(/its word was lost \(tenant ACME is paused there: token refused\)\.$/)
    expect(because(atAgent, 120, { pausedAt })).toMatch(/since \(tenant ACME is paused there: token refused\)\.$/)
  })

  it('waits behind the one that has to go first, at once', () => {
    const behind = { message: 'm0', because: 'Waits in x.' }

    expect(story(toAgent, 1, { behind })).toEqual({
      state: 'stuck',
      summary: 'Waits behind message m0 of the same guest: Waits in x.',
      stuckBecause: 'Waits behind message m0 of the same guest: Waits in x.',
    })
    expect(because([...atAgent, limited], 11, { behind })).toContain('Genesys Cloud said 429')
    expect(story([...atAgent, hop('sent', 1)], 2, { behind }).state).toBe('done')
  })
})

describe('the summary', () => {
  const summary = (...given: Parameters<typeof story>) => {
    const told = story(...given)
    expect(told.stuckBecause).toBeNull()
    return told.summary
  }

  it('of one under way tells where it was last seen', () => {
    expect(summary(toAgent, 1)).toBe('On its way: last seen in telegram-connector at 12:03:00 UTC, handed on to gcloudcx-connector.')
  })

  it('of one that has arrived tells by whom and after how long', () => {
    expect(summary([...atAgent, hop('sent', 1.34, cx)], 9)).toBe('Sent by gcloudcx-connector at 12:03:01 UTC, 1.3 s after it had arrived.')
    expect(summary([...atAgent.slice(1), hop('sent', 1.34, cx)], 9)).toBe('Sent by gcloudcx-connector at 12:03:01 UTC.')
    expect(summary([hop('sent', -1, cx), ...atAgent], 9)).toBe('Sent by gcloudcx-connector at 12:02:59 UTC.')
  })

  it('tells how far the platform says it has come', () => {
    const report = (state: string) => hop('reported', 3, cx, { state })

    expect(summary([hop('sent', 1, cx), report('delivered')], 9)).toMatch(/UTC; delivered, says the platform\.$/)
    expect(summary([hop('sent', 1, cx), report('delivered'), report('read')], 9)).toMatch(/UTC; read, says the platform\.$/)
    expect(summary([hop('sent', 1, cx), report('sent')], 9)).toMatch(/UTC\.$/)
    expect(summary([hop('receipt', 1, cx, { state: 'read' })], 9)).toBe('Sent, as its receipt tells; read, says the platform.')
  })

  it('of a failed one tells who gave it up and why', () => {
    expect(summary([...atAgent, hop('dead', 1, cx, { reason: 'unavailable', why: 'HTTP 500.' })], 9)).toBe(
      'Given up by gcloudcx-connector at 12:03:01 UTC: HTTP 500; it waits among the dead letters.',
    )
    expect(summary([...atAgent, hop('dead', 1, cx, { reason: 'expired' })], 9)).toContain('UTC: expired;')
    expect(summary([...atAgent, hop('failed', 1, cx)], 9)).toBe('Not delivered, said gcloudcx-connector at 12:03:01 UTC: no reason was told.')
    expect(summary([...atAgent, hop('dead', 1, cx, { why: 'HTTP 500' }), hop('discarded', 5, 'api')], 9)).toBe(
      'Discarded from the dead letters at 12:03:05 UTC, after gcloudcx-connector had given it up: HTTP 500.',
    )
    expect(summary([hop('discarded', 5, 'api')], 9)).toBe('Discarded from the dead letters at 12:03:05 UTC.')
    expect(summary([hop('sent', 1, cx), hop('reported', 2, cx, { state: 'failed', why: 'no such chat' })], 9)).toBe(
      'Sent, but the platform reported to gcloudcx-connector at 12:03:02 UTC that it failed: no such chat.',
    )
  })

  it('of a replayed one tells only what came after', () => {
    const replayed = [...atAgent, hop('dead', 1, cx, { why: 'HTTP 500' }), hop('replayed', 60, 'api', { to: cx })]

    expect(summary(replayed, 61)).toBe('On its way: last seen in api at 12:04:00 UTC, sent again from the dead letters to gcloudcx-connector.')
    expect(summary([...replayed, hop('sent', 62, cx)], 63)).toBe('Sent by gcloudcx-connector at 12:04:02 UTC, 1 min 2 s after it had arrived.')
  })

  it('of a mere repeat says so', () => {
    expect(summary([hop('duplicate', 1)], 9)).toBe('Recognised by telegram-connector at 12:03:01 UTC as a repeat of a message that it had handled.')
  })
})

describe('holdsUpOthers', () => {
  it('only when a service has said that it waits', () => {
    const now = noon + 3_600_000

    expect(holdsUpOthers([...atAgent, limited], now)).toBe(true)
    expect(holdsUpOthers(toAgent, now)).toBe(false)
    expect(holdsUpOthers([...atAgent, limited, hop('sent', 40)], now)).toBe(false)
    expect(holdsUpOthers([...atAgent, limited, hop('dead', 40)], now)).toBe(false)
  })
})

describe('duration', () => {
  it.each([
    [0, '0 ms'],
    [-5, '0 ms'],
    [999.4, '999 ms'],
    [1000, '1 s'],
    [1349, '1.3 s'],
    [9949, '9.9 s'],
    [9950, '10 s'],
    [59_499, '59 s'],
    [59_500, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [11_040_000, '3 h 4 min'],
  ])('%d ms is %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text)
  })
})
