import { holdsUpOthers, inOrder, stateOf } from '@um/shared/journal'
import { keys } from './keys.ts'
import { presentJourney } from './present.ts'
import type { Journey as KeptJourney } from './record.ts'
import type { JourneyStore } from './store.ts'

/** What is known of a tenant besides its journeys. */
export interface TenantFacts {
  name: string | undefined
  /** why it is paused at a service */
  pausedAt(service: string): string | undefined
}
export type FactsOfTenants = (tenantIds: readonly string[]) => Promise<(tenantId: string) => TenantFacts>

/** More of one guest's messages are not looked through for the one that holds up the others. */
const mostLookedAt = 100

/**
 * Presents journeys of one answer. A message may tell nothing for itself because an earlier one of its guest has to go first: that one is looked for, once per
 * conversation.
 */
export function presenter(store: JourneyStore, factsOf: (tenantId: string) => TenantFacts, now: number) {
  const holders = new Map<string, Promise<KeptJourney | undefined>>()

  const around = (tenantId: string) => {
    const { name, pausedAt } = factsOf(tenantId)
    return { now, tenant: name, pausedAt }
  }
  /** The oldest of the conversation's messages that waits by a service's own word. */
  const holderOf = ({ tenantId, guest, direction }: KeptJourney) => {
    const conversation = JSON.stringify([tenantId, guest, direction])
    const known = holders.get(conversation) ?? findHolder({ tenantId, guest, direction })
    holders.set(conversation, known)
    return known
  }
  const findHolder = async (of: Pick<KeptJourney, 'tenantId' | 'guest' | 'direction'>) => {
    const places = await store.page(keys.guest(of.guest), { count: mostLookedAt })
    const journeys = await store.read(places.map(({ id }) => id))
    return journeys.findLast(
      each =>
        each !== undefined &&
        each.tenantId === of.tenantId &&
        each.guest === of.guest &&
        each.direction === of.direction &&
        holdsUpOthers(inOrder(each.hops), now),
    )
  }

  return async (kept: KeptJourney) => {
    const hops = inOrder(kept.hops)
    const state = stateOf(hops, now)
    if (state === 'done' || state === 'failed' || holdsUpOthers(hops, now)) return presentJourney(kept, around(kept.tenantId))
    const holder = await holderOf(kept)
    const isBehind = holder !== undefined && holder.message !== kept.message && beginOf(holder) <= beginOf(kept)
    if (!isBehind) return presentJourney(kept, around(kept.tenantId))
    const because = presentJourney(holder, around(holder.tenantId)).summary
    return presentJourney(kept, { ...around(kept.tenantId), behind: { message: holder.message, because } })
  }
}

function beginOf({ hops }: KeptJourney): number {
  return Math.min(...hops.map(({ at }) => at))
}
