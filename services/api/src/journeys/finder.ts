import { ApiError } from '@um/shared/errors'
import { type FactsOfTenants, presenter } from './conversations.ts'
import { keys } from './keys.ts'
import { isWanted, summaryOf } from './present.ts'
import type { Journey as KeptJourney } from './record.ts'
import type { Journey, JourneyFilter, JourneyQuery, JourneySummary } from './schema.ts'
import type { JourneyStore, Place } from './store.ts'

export interface JourneyFinder {
  /** `next`: where to go on; undefined at the end */
  list(query: JourneyQuery): Promise<{ items: JourneySummary[]; next: string | undefined }>
  find(message: string): Promise<Journey | undefined>
  /** those of them that are known */
  findAll(messages: readonly string[]): Promise<Journey[]>
}

const perPage = 200
/** One answer looks through no more than so many; the caller goes on with the cursor. */
const mostLookedAt = 2000

export function journeyFinder(store: JourneyStore, factsOfTenants: FactsOfTenants, now: () => Date): JourneyFinder {
  async function present(kept: readonly KeptJourney[]): Promise<Journey[]> {
    const facts = await factsOfTenants([...new Set(kept.map(({ tenantId }) => tenantId))])
    const one = presenter(store, facts, now().getTime())
    const presented: Journey[] = []
    for (const journey of kept) presented.push(await one(journey))
    return presented
  }
  async function findAll(messages: readonly string[]): Promise<Journey[]> {
    const found = await Promise.all(messages.map(message => store.find(message)))
    return present(found.filter(journey => journey !== undefined))
  }

  return {
    findAll,
    async find(message) {
      return (await findAll([message]))[0]
    },
    async list({ since, limit, cursor, ...filter }) {
      if (filter.message !== undefined) {
        const found = (await findAll([filter.message])).filter(journey => isWanted(journey, filter))
        return { items: found.flatMap(summaryOf), next: undefined }
      }
      const index = narrowest(filter)
      const items: JourneySummary[] = []
      let after = cursor === undefined ? undefined : readCursor(cursor)
      for (let looked = 0; looked < mostLookedAt; ) {
        const places = await store.page(index, { after, since: since === undefined ? undefined : Date.parse(since), count: perPage })
        const kept = await store.read(places.map(({ id }) => id))
        const presented = new Map((await present(kept.filter(journey => journey !== undefined))).map(journey => [journey.message, journey]))
        for (const [at, place] of places.entries()) {
          after = place
          const journey = presented.get(kept[at]?.message ?? '')
          if (journey !== undefined && isWanted(journey, filter)) items.push(...summaryOf(journey))
          if (items.length === limit) return { items, next: writeCursor(place) }
        }
        if (places.length < perPage) return { items, next: undefined }
        looked += places.length
      }
      return { items, next: after === undefined ? undefined : writeCursor(after) }
    },
  }
}

/** The index with the fewest entries that holds all that are wanted. */
function narrowest({ guest, platformId, key, state, tenantId }: JourneyFilter): string {
  if (key !== undefined) return keys.key(key)
  if (platformId !== undefined) return keys.platformId(platformId)
  if (guest !== undefined) return keys.guest(guest)
  if (state === 'stuck' || state === 'underway') return keys.open
  if (state === 'failed') return keys.failed
  return tenantId === undefined ? keys.all : keys.tenant(tenantId)
}

function writeCursor({ time, id }: Place): string {
  return Buffer.from(`${time} ${id}`).toString('base64url')
}
function readCursor(text: string): Place {
  const match = /^(\d{1,15}) (\S{1,200})$/.exec(Buffer.from(text, 'base64url').toString('utf8'))
  if (match === null) throw new ApiError('invalid', 'See errors.', { fields: [{ pointer: '/query/cursor', detail: 'is none that was given' }] })
  return { time: Number(match[1]), id: match[2] ?? '' }
}
