import type { Journey, JourneySummary } from '../api/types.ts'

interface ListRule {
  /** no more than can be looked at */
  most: number
  /** only journeys that are in this state */
  state: string | undefined
}
/** The list with a journey of which something was heard: the latest first, each once; without it when its state is another now. */
export function withJourney(list: readonly JourneySummary[], heard: Journey | JourneySummary, { most, state }: ListRule): JourneySummary[] {
  const isListed = state === undefined || heard.state === state
  return [...(isListed ? [heard] : []), ...list.filter(({ message }) => message !== heard.message)]
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0))
    .slice(0, most)
}

export const searchKinds = ['guest', 'message', 'platformId', 'key'] as const
export type SearchKind = (typeof searchKinds)[number]

/** What a person most likely pasted: our ids are UUIDs, and what else it is only they know. */
export function guessKind(text: string, kind: SearchKind | undefined): SearchKind {
  if (kind !== undefined) return kind
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(-\d+)?$/i.test(text.trim()) ? 'message' : 'guest'
}
