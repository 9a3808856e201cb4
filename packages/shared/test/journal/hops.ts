import type { Told } from '../../src/journal/index.ts'

/** 2026-03-04T12:03:00Z */
export const noon = Date.UTC(2026, 2, 4, 12, 3, 0)
/** A hop so many seconds after noon. */
export function hop(name: string, seconds: number, service = 'telegram-connector', detail?: Told['detail']): Told {
  return { hop: name, service, at: noon + seconds * 1000, ...(detail === undefined ? {} : { detail }) }
}
export const toAgent = [
  hop('received', 0),
  hop('verified', 0.002),
  hop('consumed', 0.01),
  hop('published', 0.02, 'telegram-connector', { to: 'gcloudcx-connector' }),
] as const
const cx = 'gcloudcx-connector'
export const atAgent = [...toAgent, hop('consumed', 0.03, cx), hop('rendered', 0.031, cx, { parts: 1 })] as const
