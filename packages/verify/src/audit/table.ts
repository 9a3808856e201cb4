import type { Direction } from '../load/utterances.ts'
import type { Audit, DirectionReport, Finding } from './audit.ts'

const titles: Record<Direction, string> = { toAgent: 'guest → agent', toGuest: 'agent → guest' }
const columns: readonly { title: string; of: (report: DirectionReport) => string }[] = [
  { title: 'sent', of: each => String(each.sent) },
  { title: 'delivered', of: each => String(each.delivered) },
  { title: 'lost', of: each => String(each.lost) },
  { title: 'doubled', of: each => String(each.doubled) },
  { title: 'inverted', of: each => String(each.inverted) },
  { title: 'in doubt', of: each => (each.inDoubt === 0 ? '0' : `${each.inDoubt} (${each.inDoubtArrived} arrived)`) },
  { title: 'p50', of: each => duration(each.latency?.p50) },
  { title: 'p95', of: each => duration(each.latency?.p95) },
  { title: 'p99', of: each => duration(each.latency?.p99) },
  { title: 'max', of: each => duration(each.latency?.max) },
]
const words: Record<Finding['kind'], string> = { lost: 'lost', doubled: 'doubled', inverted: 'inverted', inDoubt: 'in doubt', stranger: 'stranger' }
const mostListed = 200

/** The audit for people: one line per direction, then one per message that is not simply delivered. */
export function table({ directions, findings }: Audit): string {
  const rows = [['', ...columns.map(({ title }) => title)]]
  for (const direction of ['toAgent', 'toGuest'] as const) rows.push([titles[direction], ...columns.map(({ of }) => of(directions[direction]))])
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? []
  const lines = rows.map(row => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '))
  const reordered = directions.toAgent.reordered + directions.toGuest.reordered
  if (reordered > 0) lines.push(`${reordered} swapped by the platforms themselves before the fleet heard of them`)
  for (const { kind, message, why, writtenAt } of findings.slice(0, mostListed)) lines.push(`${words[kind].padEnd(8)}  ${message}  ${writtenAt}  ${why}`)
  if (findings.length > mostListed) lines.push(`... and ${findings.length - mostListed} more`)
  return lines.join('\n')
}

export function duration(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '-'
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}
