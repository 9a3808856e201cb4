import type { Direction } from '../load/utterances.ts'

/** A call of the fleet, or a webhook to it, that a platform fault spoiled, as the Lab's exchange log has it. */
export interface SpoiledExchange {
  conversation: number
  kind: 'call' | 'webhook'
  simulator: string
  operation: string
  /** 0: no answer was given */
  status: number
  beganAt: number
  endedAt: number
  fault: string | undefined
}
/** Something that was broken, from when until it was mended. */
export interface Breakdown {
  what: string
  /** ends the delivering process in the middle of what it does */
  kills: Direction | undefined
  from: number
  until: number
}
export interface Evidence {
  exchanges: readonly SpoiledExchange[]
  breakdowns: readonly Breakdown[]
  /** fault id → its kind */
  faultKinds: ReadonlyMap<string, string>
}

/** Clocks of the exchange log and of the ledger are the same; a process that is being killed still has its call on the way. */
const slackMs = 1000
/** A hung call is given up after 15 s, and its doubt is told after that. */
const longestCallMs = 20_000

/** Why the outcome of a message that the fleet declares in doubt could not be known; undefined: nothing that this run did explains it. */
export function doubtExplained(
  evidence: Evidence,
  { conversation, direction, from, until }: { conversation: number; direction: Direction; from: number; until: number },
): string | undefined {
  const simulator = direction === 'toAgent' ? 'genesys' : 'telegram'
  const call = evidence.exchanges.findLast(
    each =>
      each.kind === 'call' &&
      each.simulator === simulator &&
      each.conversation === conversation &&
      leavesDoubt(each.status) &&
      each.endedAt >= from - slackMs &&
      each.beganAt <= until + slackMs,
  )
  if (call !== undefined) {
    const kind = call.fault === undefined ? 'a fault' : (evidence.faultKinds.get(call.fault) ?? 'a fault')
    return `its call ${call.operation} at ${clock(call.beganAt)} met ${kind}${call.status === 0 ? ': no answer' : ` (${call.status})`}`
  }
  const kill = evidence.breakdowns.findLast(
    each => each.kills === direction && each.from >= from - slackMs && each.from <= until + slackMs && until - each.from < 120_000,
  )
  return kill === undefined ? undefined : `${kill.what} at ${clock(kill.from)}, while it was being delivered`
}

/** An answer that says "no" leaves none. */
function leavesDoubt(status: number): boolean {
  return status === 0 || status === 408 || status >= 500
}

/** The platform itself let the guest's next webhook overtake this one. */
export function reorderExplained(
  evidence: Evidence,
  { conversation, simulator, from, until }: { conversation: number; simulator: string; from: number; until: number },
): boolean {
  return evidence.exchanges.some(
    each =>
      each.kind === 'webhook' &&
      each.simulator === simulator &&
      each.conversation === conversation &&
      each.fault !== undefined &&
      evidence.faultKinds.get(each.fault) === 'reorder' &&
      each.beganAt >= from - slackMs &&
      each.endedAt <= until + longestCallMs,
  )
}

export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}
