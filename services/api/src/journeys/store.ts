import { factsOf } from '@um/shared/journal'
import type { DataOf } from '@um/shared/model'
import type { Redis } from '@um/shared/redis'
import { keys, shortId } from './keys.ts'
import { decodeJourney, encodeHead, encodeVisit, type Journey, type Visit } from './record.ts'
import { removeScript, writeScript } from './scripts.ts'

/** Where an entry of an index stands. */
export interface Place {
  time: number
  id: string
}
export interface JourneyLimits {
  hours: number
  /** journeys in all, and of one tenant; the oldest go first */
  most: number
  mostPerTenant: number
}
export interface JourneyStore {
  /** All hops of one report, as it came from a service. */
  write(report: DataOf<'um.journey.v1'>): Promise<void>
  /** by our id of the message */
  find(message: string): Promise<Journey | undefined>
  /** Entries of an index, latest first; those behind `after`, and not before `since`. */
  page(index: string, options: { after?: Place | undefined; since?: number | undefined; count: number }): Promise<Place[]>
  /** of entries of an index, in their order; undefined for one that has gone meanwhile */
  read(ids: readonly string[]): Promise<(Journey | undefined)[]>
  /** Removes what is too old or too much; resolves to how many had to go. */
  evict(limits: JourneyLimits): Promise<number>
  count(): Promise<number>
}

/** Entries (visits of a service, not hops) that are kept of one journey: the first ones, and the latest. */
const mostEntries = 40
const firstEntries = 6
const evictedAtOnce = 500

export function redisJourneys(redis: Redis, options: { now: () => Date }): JourneyStore {
  /** whose journeys have become more since the last eviction */
  const grown = new Set<string>()

  async function read(ids: readonly string[]): Promise<{ entries: string[]; journey: Journey | undefined }[]> {
    if (ids.length === 0) return []
    const pipeline = redis.pipeline()
    for (const id of ids) pipeline.lrange(keys.journey(id), 0, -1)
    return ((await pipeline.exec()) ?? []).map(([error, value]) => {
      if (error) throw error
      const entries = value as string[]
      return { entries, journey: decodeJourney(entries) }
    })
  }

  /** What has grown meanwhile stays for the next time. An entry without a journey is dropped from where it was found. */
  async function remove(ids: readonly string[], foundIn: string): Promise<number> {
    const found = await read(ids)
    const pipeline = redis.pipeline()
    ids.forEach((id, index) => {
      const { entries = [], journey } = found[index] ?? {}
      const indexes = [foundIn, ...(journey === undefined ? [] : indexesOf(journey))]
      pipeline.eval(removeScript, 1 + indexes.length, keys.journey(id), ...indexes, id, entries.at(-1) ?? '')
    })
    const results = (await pipeline.exec()) ?? []
    return results.reduce((sum, [error, gone]) => sum + (error === null ? Number(gone) : 0), 0)
  }
  async function removeOldest(index: string, surplus: number): Promise<number> {
    let gone = 0
    while (gone < surplus) {
      const ids = await redis.zrange(index, '0', String(Math.min(surplus - gone, evictedAtOnce) - 1))
      const removed = await remove(ids, index)
      gone += removed
      if (removed === 0) break
    }
    return gone
  }

  return {
    async write({ service, replica, hops }) {
      const visits = [...Map.groupBy(hops, ({ message }) => message).values()].map(own => ({ service, replica, hops: own }))
      const now = options.now().getTime()
      const told = visits.map(visit => rowOf(visit, now))
      if (told.length === 0) return
      for (const { hop } of told) if (grown.size < 10_000) grown.add(hop.tenantId)
      const allKeys = [keys.all, keys.open, keys.failed, ...told.flatMap(row => row.keys)]
      const news = JSON.stringify(told.map(({ hop }) => [hop.message, hop.tenantId, hop.guest]))
      const values = [keys.news, news, String(mostEntries), String(firstEntries), ...told.flatMap(row => row.values)]
      await redis.eval(writeScript, allKeys.length, ...allKeys, ...values)
    },
    async find(message) {
      const [found] = await read([shortId(message)])
      return found?.journey
    },
    async read(ids) {
      return (await read(ids)).map(({ journey }) => journey)
    },
    async page(index, { after, since, count }) {
      const places: Place[] = []
      let offset = 0
      // entries of the same millisecond are in the order of their ids: those that were given already are passed over
      while (places.length < count) {
        const rows = await redis.zrange(
          index,
          after === undefined ? '+inf' : String(after.time),
          since === undefined ? '-inf' : String(since),
          'BYSCORE',
          'REV',
          'LIMIT',
          offset,
          count,
          'WITHSCORES',
        )
        for (let at = 0; at + 1 < rows.length; at += 2) {
          const place = { id: rows[at] ?? '', time: Number(rows[at + 1]) }
          if (after === undefined || place.time < after.time || place.id < after.id) places.push(place)
        }
        if (rows.length < 2 * count) break
        offset += count
      }
      return places.slice(0, count)
    },
    async evict({ hours, most, mostPerTenant }) {
      const tooOld = options.now().getTime() - hours * 3_600_000
      let gone = await removeOldest(keys.all, await redis.zcount(keys.all, '-inf', tooOld))
      gone += await removeOldest(keys.all, (await redis.zcard(keys.all)) - most)
      const tenants = [...grown]
      grown.clear()
      for (const tenantId of tenants) {
        const index = keys.tenant(tenantId)
        gone += await removeOldest(index, (await redis.zcard(index)) - mostPerTenant)
      }
      return gone
    },
    async count() {
      return redis.zcard(keys.all)
    },
  }
}

function rowOf(visit: Visit, now: number) {
  // a time that is none would be refused by Redis, for ever
  const hops = visit.hops.map(hop => (Number.isNaN(Date.parse(hop.at)) ? { ...hop, at: new Date(now).toISOString() } : hop))
  const [hop] = hops
  if (hop === undefined) throw new Error('a visit has at least one hop')
  const id = shortId(hop.message)
  const platformIds = [...new Set(hops.flatMap(({ platformId }) => (platformId === undefined ? [] : [platformId])))]
  const ivrKeys = [...new Set(hops.flatMap(({ key }) => (key === undefined ? [] : [key])))]
  const own = [keys.journey(id), keys.tenant(hop.tenantId), keys.guest(hop.guest), ...platformIds.map(keys.platformId), ...ivrKeys.map(keys.key)]
  const first = Math.min(...hops.map(({ at }) => Date.parse(at)))
  const values = [String(own.length), id, String(first), encodeHead(hop), encodeVisit({ ...visit, hops }), becameOf(hops)]
  return { hop, keys: own, values }
}

/** What a visit means for the candidates of the states `stuck` and `failed`; the state itself is read from all hops. */
function becameOf(hops: Visit['hops']): 'open' | 'again' | 'done' | 'failed' {
  const effects = new Set<string>(hops.map(({ hop }) => factsOf(hop).effect))
  const reports = hops.filter(({ hop }) => hop === 'reported' || hop === 'receipt')
  if (effects.has('lost') || reports.some(({ detail }) => detail?.state === 'failed')) return 'failed'
  if (effects.has('again')) return 'again'
  if (effects.has('end') || reports.length > 0 || hops.every(({ hop }) => hop === 'duplicate')) return 'done'
  return 'open'
}

function indexesOf({ tenantId, guest, key, hops }: Journey): string[] {
  const platformIds = new Set(hops.flatMap(({ platformId }) => (platformId === undefined ? [] : [platformId])))
  return [
    ...[keys.all, keys.open, keys.failed, keys.tenant(tenantId), keys.guest(guest)],
    ...[...platformIds].map(keys.platformId),
    ...(key === undefined ? [] : [keys.key(key)]),
  ]
}
