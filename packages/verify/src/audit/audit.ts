import { type Direction, directions, markOf } from '../load/utterances.ts'
import { clock, doubtExplained, type Evidence, reorderExplained } from './evidence.ts'
import type { Ledger, MessageRecord, Track } from './ledger.ts'
import { type Percentiles, percentiles } from './percentiles.ts'

/** One message that is not simply delivered, and why. */
export interface Finding {
  message: string
  direction: Direction
  kind: 'lost' | 'doubled' | 'inverted' | 'inDoubt' | 'stranger'
  why: string
  writtenAt: string
}
export interface DirectionReport {
  sent: number
  /** seen where it was to arrive, at least once */
  delivered: number
  lost: number
  /** showings beyond the first */
  doubled: number
  /** seen after one that was written later */
  inverted: number
  /** declared so by the fleet, and explained by what the run broke */
  inDoubt: number
  /** of those, how many did arrive */
  inDoubtArrived: number
  /** swapped by the platform before the fleet heard of them */
  reordered: number
  latency: Percentiles | undefined
}
export interface Audit {
  directions: Record<Direction, DirectionReport>
  findings: Finding[]
  /** nothing lost, doubled or inverted */
  clean: boolean
}

/** Every message's fate. What is uncertain counts as in doubt only with evidence; without, it is lost. */
export function audit(ledger: Ledger, evidence: Evidence): Audit {
  const findings: Finding[] = ledger.strangers.map(({ mark, entry }) => ({
    message: markOf(mark),
    direction: mark.direction,
    kind: 'stranger',
    why: `shown as ${entry}, but this run did not write it`,
    writtenAt: '',
  }))
  const reports = Object.fromEntries(
    directions.map(direction => [
      direction,
      report(
        ledger.all().filter(track => track.direction === direction),
        evidence,
        findings,
      ),
    ]),
  ) as Record<Direction, DirectionReport>
  const isBad = ({ lost, doubled, inverted }: DirectionReport) => lost + doubled + inverted > 0
  return { directions: reports, findings, clean: !directions.some(direction => isBad(reports[direction])) && ledger.strangers.length === 0 }
}

function report(tracks: readonly Track[], evidence: Evidence, findings: Finding[]): DirectionReport {
  const result: DirectionReport = {
    sent: 0,
    delivered: 0,
    lost: 0,
    doubled: 0,
    inverted: 0,
    inDoubt: 0,
    inDoubtArrived: 0,
    reordered: 0,
    latency: undefined,
  }
  const latencies: number[] = []
  for (const track of tracks) {
    const find = (message: MessageRecord, kind: Finding['kind'], why: string) =>
      findings.push({ message: markOf({ ...track, number: message.number }), direction: track.direction, kind, why, writtenAt: clock(message.writtenAt) })
    for (const message of track.messages) {
      result.sent += 1
      const [first, ...others] = message.sightings
      if (first !== undefined) {
        result.delivered += 1
        latencies.push(first.at - message.writtenAt)
      }
      judgePresence(track, message, evidence, result, find)
      if (others.length > 0) {
        result.doubled += others.length
        find(message, 'doubled', `shown ${message.sightings.length} times: ${message.sightings.map(({ at, entry }) => `${clock(at)} (${entry})`).join(', ')}`)
      }
    }
    judgeOrder(track, evidence, result, find)
  }
  result.latency = percentiles(latencies)
  return result
}

type Find = (message: MessageRecord, kind: Finding['kind'], why: string) => void

function judgePresence(track: Track, message: MessageRecord, evidence: Evidence, result: DirectionReport, find: Find): void {
  const [seen] = message.sightings
  const { failed } = message
  if (failed !== undefined) {
    const { conversation, direction } = track
    const cause = isDoubt(failed.reason) ? doubtExplained(evidence, { conversation, direction, from: message.writtenAt, until: failed.at }) : undefined
    if (cause !== undefined) {
      result.inDoubt += 1
      if (seen !== undefined) result.inDoubtArrived += 1
      return find(message, 'inDoubt', `${seen === undefined ? 'did not arrive' : 'did arrive'}; told the agent "${failed.reason}"; ${cause}`)
    }
    result.lost += 1
    return find(
      message,
      'lost',
      `${seen === undefined ? 'did not arrive' : 'arrived, but its agent believes that it did not'}; told the agent "${failed.reason}" at ${clock(failed.at)}, and nothing that this run broke explains it`,
    )
  }
  if (seen === undefined) {
    result.lost += 1
    return find(message, 'lost', message.refusal ?? 'never arrived, and nobody was told')
  }
  if (message.photo && !message.sightings.some(({ hasPhoto }) => hasPhoto)) {
    result.lost += 1
    find(message, 'lost', 'arrived without its photo')
  }
}

/** The words of a failed receipt about an outcome that nobody knows. */
function isDoubt(reason: string): boolean {
  return /it may or may not have arrived/.test(reason)
}

function judgeOrder(track: Track, evidence: Evidence, result: DirectionReport, find: Find): void {
  const simulator = track.direction === 'toAgent' ? 'telegram' : 'genesys'
  let highest = 0
  for (const [place, number] of track.order.entries()) {
    if (number > highest) {
      highest = number
      continue
    }
    const message = track.messages[number - 1]
    if (message === undefined) continue
    const overtakers = track.order.slice(0, place).filter(other => other > number)
    const seenAt = message.sightings[0]?.at ?? message.writtenAt
    // the simulated platforms let exactly the next webhook go first, and this one follows at once
    const bySelf = overtakers.length === 1 && track.order[place - 1] === number + 1
    if (bySelf && reorderExplained(evidence, { conversation: track.conversation, simulator, from: message.writtenAt, until: seenAt })) {
      result.reordered += 1
      continue
    }
    result.inverted += 1
    find(message, 'inverted', `seen after ${overtakers.map(other => markOf({ ...track, number: other })).join(', ')}`)
  }
}
