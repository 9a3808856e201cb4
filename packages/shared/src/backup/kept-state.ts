import type { CommandHandlers } from '../commands/catalog.ts'
import type { Redis } from '../redis/index.ts'
import { seal, unseal } from '../settings/seal.ts'
import type { KeptEntry } from './kept-entry.ts'

/** Keys under which services keep things for a tenant, in their own Redis. */
export const keptKeys = {
  /** hash: what `register` and `saveState` have found out */
  state: (id: string) => `state:${id}`,
  /** strings: what the connector stores for itself */
  store: (id: string, key: string) => `store:${id}:${key}`,
} as const

/** A connector's vault is a part of its store: its keys begin like this, and its values are sealed for this context. */
export const vault = {
  prefix: 'sealed:',
  context: (id: string, key: string) => `vault/${id}/${key}`,
} as const

const storePattern = /^store:([^:]+):(.*)$/s
/** What ends by itself within a day is a cache, a lock or a conversation: it is made again, or not worth it. */
const leastMilliseconds = 86_400_000
/** Answers stay far below what RabbitMQ takes as one message. */
const maxAnswerCharacters = 4_000_000

/** Commands by which a backup reads what this service keeps, and a restore gives it back. `given`: tenants that have got something which they did not have. */
export function keptStateCommands(options: {
  redis: Redis
  /** the fleet's: what is sealed with it leaves and comes in the clear, because another fleet has another one; whoever carries it seals it */
  sealKey: Buffer
  now: () => Date
  given?: (ids: readonly string[]) => Promise<void>
}): CommandHandlers {
  const { redis, sealKey, now } = options
  return {
    async readKept({ ids }) {
      const entries = await readKept(redis, ids, now())
      return fitting(entries.map(entry => mapVault(entry, (value, context) => unsealed(value, sealKey, context))))
    },
    async writeKept({ entries }) {
      const sealed = entries.map(entry => mapVault(entry, (value, context) => seal(value, sealKey, context)))
      const filled = await writeKept(redis, sealed, now())
      // all of them: an earlier try may have written some and not come to tell
      if (entries.length > 0) await options.given?.(entries.map(({ id }) => id))
      return { filled }
    },
  }
}

/** What was sealed with an earlier key is of no use to the connector either. */
function unsealed(value: string, sealKey: Buffer, context: string): string | undefined {
  try {
    return String(unseal(value, sealKey, context))
  } catch {
    return undefined
  }
}

/** The entry with the values of its vault changed, or left out. */
function mapVault(entry: KeptEntry, change: (value: string, context: string) => string | undefined): KeptEntry {
  const store = Object.entries(entry.store).flatMap(([name, item]) => {
    if (!name.startsWith(vault.prefix)) return [[name, item] as const]
    const value = change(item.value, vault.context(entry.id, name.slice(vault.prefix.length)))
    return value === undefined ? [] : [[name, { ...item, value }] as const]
  })
  return { ...entry, store: Object.fromEntries(store) }
}

function fitting(entries: readonly KeptEntry[]): { entries: KeptEntry[]; rest: string[] } {
  let characters = 0
  // the first one always fits, so that the rest grows shorter each time
  const at = entries.findIndex((entry, index) => {
    characters += JSON.stringify(entry).length
    return index > 0 && characters > maxAnswerCharacters
  })
  return at < 0 ? { entries: [...entries], rest: [] } : { entries: entries.slice(0, at), rest: entries.slice(at).map(({ id }) => id) }
}

/** Removes everything that is kept for an id. */
export async function forgetKept(redis: Redis, id: string): Promise<void> {
  const keys = [keptKeys.state(id)]
  let cursor = '0'
  do {
    const [next, page] = await redis.scan(cursor, 'MATCH', keptKeys.store(id, '*'), 'COUNT', 1000)
    keys.push(...page)
    cursor = next
  } while (cursor !== '0')
  await redis.del(...keys)
}

/** Tenants for which nothing is kept are left out. Walks all keys once, however many tenants are asked for. */
export async function readKept(redis: Redis, ids: readonly string[], now: Date): Promise<KeptEntry[]> {
  const stores = await readStores(redis, new Set(ids), now)
  const entries: KeptEntry[] = []
  for (const id of ids) {
    const state = await redis.hgetall(keptKeys.state(id))
    const store = stores.get(id) ?? {}
    if (Object.keys(state).length > 0 || Object.keys(store).length > 0) entries.push({ id, state, store })
  }
  return entries
}

async function readStores(redis: Redis, wanted: ReadonlySet<string>, now: Date): Promise<Map<string, KeptEntry['store']>> {
  const found = new Map<string, KeptEntry['store']>()
  let cursor = '0'
  do {
    const [next, page] = await redis.scan(cursor, 'MATCH', 'store:*', 'COUNT', 1000)
    cursor = next
    const keys = page.filter(key => wanted.has(storePattern.exec(key)?.[1] ?? ''))
    if (keys.length === 0) continue
    const reading = redis.pipeline()
    for (const key of keys) reading.get(key).pttl(key)
    const results = ((await reading.exec()) ?? []).map(([error, value]) => {
      if (error) throw error
      return value
    })
    for (const [index, key] of keys.entries()) {
      const [value, milliseconds] = [results[index * 2], Number(results[index * 2 + 1])]
      const [, id, name] = storePattern.exec(key) ?? []
      if (typeof value !== 'string' || id === undefined || name === undefined) continue
      if (milliseconds >= 0 && milliseconds < leastMilliseconds) continue
      const store = found.get(id) ?? {}
      store[name] = { value, ...(milliseconds < 0 ? {} : { expiresAt: now.getTime() + milliseconds }) }
      found.set(id, store)
    }
  } while (cursor !== '0')
  return found
}

/**
 * Fills in what is missing, and answers whose it was. What the service has already is newer than any backup: a refresh token that is used once has been used since.
 */
export async function writeKept(redis: Redis, entries: readonly KeptEntry[], now: Date): Promise<string[]> {
  const filled: string[] = []
  for (const { id, state, store } of entries) {
    const writing = redis.pipeline()
    for (const [field, value] of Object.entries(state)) writing.hsetnx(keptKeys.state(id), field, value)
    for (const [name, { value, expiresAt }] of Object.entries(store)) {
      if (expiresAt === undefined) writing.set(keptKeys.store(id, name), value, 'NX')
      else if (expiresAt > now.getTime()) writing.set(keptKeys.store(id, name), value, 'PXAT', expiresAt, 'NX')
    }
    const results = (await writing.exec()) ?? []
    for (const [error] of results) if (error) throw error
    if (results.some(([, value]) => value === 1 || value === 'OK')) filled.push(id)
  }
  return filled
}
