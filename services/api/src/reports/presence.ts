import type { DataOf } from '@um/shared/model'
import type { Redis } from '@um/shared/redis'

export type Presence = DataOf<'um.presence.v1'>
export interface Replica {
  replica: string
  version: string
  startedAt: string
  ready: boolean
  lastSeenAt: string
}
/** Replicas that were heard of lately, by service. */
export interface Presences {
  record(presence: Presence): Promise<void>
  list(): Promise<Map<string, Replica[]>>
}

/** Replicas tell every 10 s that they are there: two may get lost. */
export const absentAfterMilliseconds = 30_000
const prefix = 'presence:'

export function redisPresences(redis: Redis, now: () => Date): Presences {
  return {
    async record({ service, stopping, ...presence }) {
      const key = `${prefix}${service}`
      if (stopping) {
        await redis.hdel(key, presence.replica)
        return
      }
      // our clock, not the sender's: what counts is when we heard of it
      const replica: Replica = {
        replica: presence.replica,
        version: presence.version,
        startedAt: presence.startedAt,
        ready: presence.ready,
        lastSeenAt: now().toISOString(),
      }
      await redis.hset(key, presence.replica, JSON.stringify(replica))
      await redis.pexpire(key, absentAfterMilliseconds * 10)
    },
    async list() {
      const found = new Map<string, Replica[]>()
      for (const key of await keysOf(redis)) {
        const all = Object.values(await redis.hgetall(key)).map(text => JSON.parse(text) as Replica)
        const [present, absent] = [all.filter(replica => isPresent(replica, now())), all.filter(replica => !isPresent(replica, now()))]
        if (absent.length > 0) await redis.hdel(key, ...absent.map(({ replica }) => replica))
        if (present.length > 0)
          found.set(
            key.slice(prefix.length),
            present.sort((a, b) => a.replica.localeCompare(b.replica)),
          )
      }
      return found
    },
  }
}

function isPresent(replica: Replica, now: Date): boolean {
  return now.getTime() - new Date(replica.lastSeenAt).getTime() < absentAfterMilliseconds
}

async function keysOf(redis: Redis): Promise<string[]> {
  const found = new Set<string>()
  let cursor = '0'
  do {
    const [next, page] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 500)
    for (const key of page) found.add(key)
    cursor = next
  } while (cursor !== '0')
  return [...found].sort()
}
