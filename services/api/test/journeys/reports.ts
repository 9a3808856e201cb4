import type { DataOf } from '@um/shared/model'

type Report = DataOf<'um.journey.v1'>
type WireHop = Report['hops'][number]

export const begin = Date.UTC(2026, 2, 4, 12, 3, 0)
/** A hop so many seconds after `from`. */
export function wireHop(message: string, hop: string, seconds: number, more: Partial<WireHop> = {}, from = begin): WireHop {
  return { tenantId: 't1', guest: 'g1', message, hop, direction: 'toAgent', at: new Date(from + seconds * 1000).toISOString(), ...more }
}
export function reportOf(hops: WireHop[], service = 'telegram-connector', replica = `${service}-7c9f8d5b6-x2x9z`): Report {
  return { service, replica, hops }
}
/** What both services tell of a message that goes well. */
export function smooth(message: string, more: Partial<WireHop> = {}, from = begin): Report[] {
  const [platformId, cxId] = [`7:${message}`, `cx-${message}`]
  const a = (hop: string, seconds: number, own: Partial<WireHop> = {}) => wireHop(message, hop, seconds, { kind: 'text', ...own, ...more }, from)
  return [
    reportOf([
      a('received', 0, { platformId }),
      a('verified', 0.002, { platformId }),
      a('consumed', 0.01, { platformId }),
      a('published', 0.02, { platformId, detail: { to: 'gcloudcx-connector' } }),
    ]),
    reportOf([a('consumed', 0.03), a('rendered', 0.031, { detail: { parts: 1 } }), a('sent', 0.34, { platformId: cxId })], 'gcloudcx-connector'),
    reportOf([a('receipt', 0.5, { detail: { state: 'sent' } })]),
  ]
}
