import { describe, expect, it } from '@jest/globals'
import { destinationsOf, isWanted } from '../../src/notify/routing.ts'
import type { Notifier as NotifierDocument } from '../../src/settings/index.ts'
import { noticeOf, recovered, refused, started } from './notices.ts'

const document = (id: string, topic: NotifierDocument['topic'], enabled = true): NotifierDocument => ({ id, type: 'slack', topic, enabled, settings: {} })
const ids = (documents: NotifierDocument[], topic: NotifierDocument['topic']) => destinationsOf(documents, topic).map(({ id }) => id)

describe('destinationsOf', () => {
  it('sends a subscription’s trouble to all of Default while Subscriptions has none', () => {
    expect(ids([document('a', 'Default'), document('b', 'Default')], 'Subscriptions')).toEqual(['a', 'b'])
  })

  it('sends it to Subscriptions alone where there is one', () => {
    expect(ids([document('a', 'Default'), document('b', 'Subscriptions')], 'Subscriptions')).toEqual(['b'])
  })

  it('does not count a destination that is switched off', () => {
    expect(ids([document('a', 'Subscriptions', false), document('b', 'Default'), document('c', 'Default', false)], 'Subscriptions')).toEqual(['b'])
  })

  it('never sends what is for Default to Subscriptions', () => {
    expect(ids([document('a', 'Subscriptions')], 'Default')).toEqual([])
    expect(ids([document('a', 'Subscriptions'), document('b', 'Default')], 'Default')).toEqual(['b'])
  })
})

describe('isWanted', () => {
  const from = (minSeverity: 'info' | 'warning' | 'error' | 'critical', alwaysRendered: 'service.started'[] = []) => ({ minSeverity, alwaysRendered })

  it.each([
    ['service.started', 'info'],
    ['subscription.expiring', 'warning'],
    ['subscription.error', 'error'],
    ['service.failed', 'critical'],
  ] as const)('lets %s pass from %s on', (event, severity) => {
    const notice = noticeOf({ event, message: 'x' })
    const all = ['info', 'warning', 'error', 'critical'] as const

    expect(all.filter(least => isWanted(notice, from(least)))).toEqual(all.slice(0, all.indexOf(severity) + 1))
  })

  it('tells a recovery wherever the error was told', () => {
    expect(isWanted(noticeOf(refused), from('error'))).toBe(true)
    expect(isWanted(noticeOf(recovered), from('error'))).toBe(true)
    expect(isWanted(noticeOf(recovered), from('critical'))).toBe(false)
  })

  it('leaves it to a vendor what it makes of its own events', () => {
    expect(isWanted(noticeOf(started), from('critical', ['service.started']))).toBe(true)
  })
})
