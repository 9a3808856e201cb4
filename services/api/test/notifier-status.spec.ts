import { describe, expect, it } from '@jest/globals'
import { type NotifierReport, statusOf } from '../src/reports/notifiers.ts'

const now = new Date('2026-02-03T04:05:06.000Z')
const at = (minutesAgo: number) => new Date(now.getTime() - minutesAgo * 60_000).toISOString()
const report = (service: string, minutesAgo: number, more: Partial<NotifierReport>): NotifierReport => ({
  service,
  replica: `${service}-0`,
  id: 'n',
  status: 'working',
  queued: 0,
  at: at(minutesAgo),
  ...more,
})

describe('the state of a notifier destination', () => {
  it('is unknown until a service has sent to it', () => {
    expect(statusOf('n', [], now)).toEqual({ id: 'n', status: 'unknown', lastSuccessAt: null, lastError: null, queued: 0 })
  })

  it('is that of the latest report, with the last success and the last error of any service', () => {
    const status = statusOf(
      'n',
      [
        report('a', 3, { lastSuccessAt: at(3) }),
        report('b', 1, { status: 'broken', queued: 2, lastError: { at: at(1), text: 'channel_is_archived', httpStatus: 410 } }),
        report('c', 2, { status: 'failing', queued: 1, lastError: { at: at(2), text: 'no answer' } }),
      ],
      now,
    )

    expect(status).toEqual({
      id: 'n',
      status: 'broken',
      lastSuccessAt: at(3),
      lastError: { at: at(1), service: 'b', text: 'channel_is_archived', httpStatus: 410 },
      queued: 3,
    })
  })

  it('does not count what waited long ago', () => {
    expect(statusOf('n', [report('a', 6, { queued: 5 }), report('b', 4, { queued: 1 })], now).queued).toBe(1)
  })
})
