import type { Audit } from './audit/audit.ts'
import { clock } from './audit/evidence.ts'
import { duration, table } from './audit/table.ts'
import type { VerifyOptions } from './options.ts'

export interface Report {
  seed: number
  subject: string
  options: Omit<VerifyOptions, 'running'>
  /** from the first word to the last look */
  seconds: number
  audit: Audit
  /** what was broken, in order */
  breakdowns: { what: string; at: string; seconds: number }[]
  /** what happened by itself and should not have */
  incidents: readonly string[]
  /** what makes the audit less sure than it looks */
  remarks: readonly string[]
  clean: boolean
}

/** All that a person wants to know, and how to get the same again. */
export function printed(report: Report): string {
  const { options, audit, breakdowns, incidents, remarks } = report
  return [
    '',
    `${report.subject}; ${options.conversations} conversations, ${options.rate} messages/s, ${duration(report.seconds * 1000)}, ${breakdowns.length} breakages`,
    '',
    table(audit),
    ...incidents.map(incident => `incident: ${incident}`),
    ...remarks.map(remark => `note: ${remark}`),
    '',
    `${report.clean ? 'clean' : 'NOT CLEAN'}; the same again: pnpm verify ${again(options)}`,
  ].join('\n')
}

function again({ messages, conversations, tenants, replicas, rate, seed, chaos, everySeconds, media }: Report['options']): string {
  const breaking = chaos.length === 0 ? '' : ` --chaos ${chaos.join(',')} --every ${everySeconds}`
  return `--messages ${messages} --conversations ${conversations} --tenants ${tenants} --replicas ${replicas} --rate ${rate} --media ${media}${breaking} --seed ${seed}`
}

export function breakdownsOf(list: readonly { what: string; from: number; until: number }[]): Report['breakdowns'] {
  return list.map(({ what, from, until }) => ({ what, at: clock(from), seconds: Math.round((until - from) / 100) / 10 }))
}
