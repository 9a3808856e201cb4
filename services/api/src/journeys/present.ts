import { factsOf, inOrder, isIncomplete, outcomeOf, type Surroundings, type Told, tellStory } from '@um/shared/journal'
import type { Journey as KeptJourney } from './record.ts'
import type { Journey, JourneyFilter, JourneyHop, JourneySummary } from './schema.ts'

/** A journey as answers and the live stream show it. */
export function presentJourney(kept: KeptJourney, around: Surroundings): Journey {
  const hops = inOrder(kept.hops)
  const { state, summary, stuckBecause } = tellStory(hops, around)
  return {
    message: kept.message,
    tenantId: kept.tenantId,
    guest: kept.guest,
    direction: kept.direction,
    kind: kept.kind ?? null,
    key: kept.key ?? null,
    platformIds: [...new Set(hops.flatMap(({ platformId }) => (platformId === undefined ? [] : [platformId])))],
    text: kept.text ?? null,
    state,
    summary,
    stuckBecause,
    incomplete: isIncomplete(hops, state),
    startedAt: iso(hops.at(0)?.at ?? 0),
    lastAt: iso(hops.at(-1)?.at ?? 0),
    tookMilliseconds: took(hops),
    hops: hops.map(
      ({ at, service, replica, hop, platformId, detail }): JourneyHop => ({
        at: iso(at),
        service,
        replica,
        hop,
        title: factsOf(hop).title,
        outcome: outcomeOf(hop),
        platformId: platformId ?? null,
        detail: detail ?? {},
      }),
    ),
    hopsLeftOut: kept.leftOut,
  }
}

export function summaryOf({ hops, hopsLeftOut: _, ...journey }: Journey): JourneySummary[] {
  const last = hops.at(-1)
  return last === undefined ? [] : [{ ...journey, last }]
}

/** Whether a journey is one of those that were asked for. */
export function isWanted(journey: Journey, { tenantId, guest, message, platformId, key, state }: JourneyFilter): boolean {
  return (
    (tenantId === undefined || journey.tenantId === tenantId) &&
    (guest === undefined || journey.guest === guest) &&
    (message === undefined || journey.message === message) &&
    (platformId === undefined || journey.platformIds.includes(platformId)) &&
    (key === undefined || journey.key === key) &&
    (state === undefined || journey.state === state)
  )
}

/** By two clocks, so that it can come out below zero: then it is not known. */
function took(hops: readonly Told[]): number | null {
  const begin = hops.find(({ hop }) => hop === 'received')
  const end = hops.find(({ hop }) => factsOf(hop).effect === 'end')
  return begin === undefined || end === undefined || end.at < begin.at ? null : end.at - begin.at
}
function iso(at: number): string {
  return new Date(at).toISOString()
}
