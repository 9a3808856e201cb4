import type { Redis } from '@um/shared/redis'
import type { Collection } from '@um/shared/settings'
import { type ConfigData, keys, type StoredDocument } from './changes.ts'

export const pageSize = 100
/** What tenants need comes before them. */
const order: readonly Collection[] = ['settings', 'storages', 'tenants']
type Snapshot = Extract<ConfigData, { op: 'snapshot' }>

/** The whole configuration as pages for one service. Reads each page when it is asked for. */
export async function* snapshotPages(redis: Redis): AsyncGenerator<Snapshot> {
  // the revision first: whatever changes later has a higher one, which the receiver keeps over the snapshot
  const revision = Number((await redis.get(keys.revision)) ?? 0)
  const parts = sorted(await redis.zrange(keys.index, '0', '-1'))
  const pages = Math.max(1, Math.ceil(parts.length / pageSize))
  for (let page = 0; page < pages; page++) {
    const members = parts.slice(page * pageSize, (page + 1) * pageSize)
    const texts = members.length === 0 ? [] : await redis.mget(members.map(({ collection, id }) => keys.document(collection, id)))
    const documents = members.flatMap(({ collection, id }, index) => {
      const text = texts[index]
      return text === null || text === undefined ? [] : [{ collection, id, ...(JSON.parse(text) as StoredDocument) }]
    })
    yield { op: 'snapshot', page, last: page === pages - 1, revision, documents }
  }
}

function sorted(names: readonly string[]): { collection: Collection; id: string }[] {
  return names
    .map(name => {
      const at = name.indexOf('/')
      return { collection: name.slice(0, at) as Collection, id: name.slice(at + 1) }
    })
    .sort((a, b) => order.indexOf(a.collection) - order.indexOf(b.collection))
}
