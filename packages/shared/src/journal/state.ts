import { factsOf } from './hops.ts'

export type JourneyState = 'underway' | 'done' | 'stuck' | 'failed'

/** One hop, as far as a story needs it. */
export interface Told {
  hop: string
  service: string
  /** ms */
  at: number
  detail?: Readonly<Record<string, string | number | boolean>>
}

/** A message of which nothing is heard for so long, and which has not arrived, is somewhere where it should not be. */
export const silenceMilliseconds = 60_000

/** In the order of their time; hops of one moment in the order in which they came. Services' clocks differ, so no more than that is sure. */
export function inOrder<H extends { at: number }>(hops: readonly H[]): H[] {
  return hops.toSorted((a, b) => a.at - b.at)
}

/** What has been heard since the message last began anew: what was before a replay does not count any more. */
export function sinceReplay<H extends Told>(hops: readonly H[]): readonly H[] {
  const at = hops.findLastIndex(({ hop }) => factsOf(hop).effect === 'again')
  return at < 0 ? hops : hops.slice(at)
}

/** The last hop that says where the message is. */
export function lastStation<H extends Told>(hops: readonly H[]): H | undefined {
  return hops.findLast(({ hop }) => factsOf(hop).effect !== 'about') ?? hops.at(-1)
}

/** The hop by which it was lost: given up by a service, or reported as failed by the platform that had taken it. */
export function lostBy<H extends Told>(hops: readonly H[]): H | undefined {
  return hops.findLast(({ hop }) => factsOf(hop).effect === 'lost') ?? hops.findLast(({ hop, detail }) => isReport(hop) && detail?.state === 'failed')
}
/** Nobody tells what became of a message that has not arrived. */
function isReport(hop: string): boolean {
  return hop === 'reported' || hop === 'receipt'
}

/** `hops` in their order. Hops may be missing, and two clocks may disagree: whatever proves an end outweighs what comes behind it. */
export function stateOf(hops: readonly Told[], now: number): JourneyState {
  const recent = sinceReplay(hops)
  if (lostBy(recent) !== undefined) return 'failed'
  if (recent.some(({ hop }) => factsOf(hop).effect === 'end' || isReport(hop))) return 'done'
  if (hops.every(({ hop }) => hop === 'duplicate')) return 'done'
  const last = lastStation(recent)
  if (last === undefined) return 'underway'
  if (factsOf(last.hop).effect === 'wait') return 'stuck'
  return now - last.at > silenceMilliseconds ? 'stuck' : 'underway'
}

/** Not all of what must have happened was heard of. */
export function isIncomplete(hops: readonly Told[], state: JourneyState): boolean {
  const heard = new Set(hops.map(({ hop }) => hop))
  return !heard.has('received') || (state === 'done' && !(heard.has('published') && heard.has('rendered') && heard.has('sent')))
}
