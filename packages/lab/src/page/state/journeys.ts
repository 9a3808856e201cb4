import type { Journey, JourneyHop } from '../../protocol.ts'

/** Journeys that the page keeps; the one that moved longest ago goes first. */
export const keptJourneys = 200
/** A message that is tried for hours tells a hop each time: the last ones matter. */
const keptHops = 64

const stuckHops = new Set(['waiting', 'parked', 'retry', 'spooled'])
const failedHops = new Set(['failed', 'dead'])

/**
 * How far a message has come, read from its last telling hop: a replay from the dead letters may still succeed, and a receipt may still report a failure
 * after the platform took the message.
 */
export function stateOfHops(hops: readonly JourneyHop[]): Journey['state'] {
  const last = hops.at(-1)
  if (last === undefined) return 'underway'
  if (stuckHops.has(last.hop)) return 'stuck'
  for (const { hop } of hops.toReversed()) {
    if (failedHops.has(hop)) return 'failed'
    if (hop === 'sent') return 'done'
  }
  return 'underway'
}

/** The same hop may come twice (`seq` tells); hops of one message come from several services, so that a later one may arrive first. */
export function withHop(journeys: Record<string, Journey>, hop: JourneyHop): Record<string, Journey> {
  const key = keyOf(hop)
  const known = journeys[key]
  if (known?.hops.some(seen => seen.seq === hop.seq)) return journeys
  const hops = [...(known?.hops ?? []), hop].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.seq - b.seq)).slice(-keptHops)
  const kind = hop.kind ?? known?.kind
  const journey: Journey = {
    message: hop.message,
    tenantId: hop.tenantId,
    guest: hop.guest,
    direction: hop.direction,
    ...(kind === undefined ? {} : { kind }),
    firstAt: hops[0]?.at ?? hop.at,
    lastAt: hops.at(-1)?.at ?? hop.at,
    state: stateOfHops(hops),
    hops,
  }
  return boundJourneys({ ...journeys, [key]: journey })
}

/** What was loaded is judged by the same rule as what comes in. */
export function keyed(journeys: readonly Journey[]): Record<string, Journey> {
  return boundJourneys(Object.fromEntries(journeys.map(journey => [keyOf(journey), { ...journey, state: stateOfHops(journey.hops) }])))
}

/** A message and the receipt that goes back for it may share an id, but not a direction. */
function keyOf({ direction, message }: { direction: Journey['direction']; message: string }): string {
  return `${direction} ${message}`
}

/** Forgets in batches, so that a flood of messages does not sort the list at each hop. */
function boundJourneys(journeys: Record<string, Journey>): Record<string, Journey> {
  const all = Object.values(journeys)
  if (all.length <= keptJourneys * 1.25) return journeys
  const latest = all.toSorted((a, b) => (a.lastAt < b.lastAt ? 1 : -1)).slice(0, keptJourneys)
  return Object.fromEntries(latest.map(journey => [keyOf(journey), journey]))
}
