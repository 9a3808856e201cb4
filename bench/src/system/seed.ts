import { documentContext, fleetKeys, Storage, seal, Tenant } from '@um/shared/settings'
import type { RedisServer } from '@um/testing'
import { Redis } from 'ioredis'
import { benchTenant, guestNumber, tenantDocument } from '../tenants.ts'
import { secrets } from './service.ts'

const batch = 500

/** Puts tenants (and a storage) into a service's own copy of the configuration, where it finds them at its start as it does while `api` is away. */
export async function seedConfiguration(server: RedisServer, tenants: number, platforms: { telegram: string; genesys: string; s3?: string }): Promise<void> {
  const redis = new Redis(server.url)
  const { seal: key } = fleetKeys(secrets.key)
  const stored = (collection: 'tenants' | 'storages', id: string, document: unknown): [string, string] => [
    `config:${collection}:${id}`,
    JSON.stringify({ revision: 1, sealed: seal(document, key, documentContext(collection, id)) }),
  ]
  for (let from = 0; from < tenants; from += batch) {
    const rows = Array.from({ length: Math.min(batch, tenants - from) }, (_, index) => benchTenant(from + index))
    await redis.mset(rows.flatMap(tenant => stored('tenants', tenant.id, Tenant.parse(tenantDocument(tenant, platforms)))))
  }
  if (platforms.s3 !== undefined) await redis.mset(stored('storages', storageId, storageDocument(platforms.s3)))
  redis.disconnect()
}

const storageId = '00000000-0000-4000-a000-000000000001'
function storageDocument(s3: string): Storage {
  return Storage.parse({
    id: storageId,
    type: 'aws',
    name: 'Bench',
    isDefault: true,
    settings: { accessKeyId: 'BENCHBENCHBENCH0', secretAccessKey: 'bench-secret', region: 'eu-central-1', bucket: 'bench-bucket', apiUrl: s3 },
  })
}

/** Tenants that the service has registered at its platform. */
export async function registeredCount(server: RedisServer): Promise<number> {
  const redis = new Redis(server.url)
  let count = 0
  for await (const keys of redis.scanStream({ match: 'registered:*', count: 1000 })) count += (keys as string[]).length
  redis.disconnect()
  return count
}

/** Guests that a connector has met before, as it remembers them: address, profile, and when it asked for that. Answers the memory of Redis before and after, in bytes. */
export async function seedGuests(server: RedisServer, guests: number, tenants: number): Promise<{ before: number; after: number }> {
  const redis = new Redis(server.url)
  const before = await usedMemory(redis)
  const profile = JSON.stringify({ firstName: 'Ada', lastName: 'Guest', nickname: 'ada', displayName: 'Ada Guest', language: 'en' })
  const address = JSON.stringify({ thread: '', business: '', replyTo: '' })
  const profileAt = String(Date.now())
  for (let from = 0; from < guests; from += 5000) {
    const pipeline = redis.pipeline()
    for (let index = from; index < Math.min(guests, from + 5000); index += 1) {
      const tenant = index % tenants
      // beyond those that write during the run
      const guest = 1_000_000 + Math.floor(index / tenants)
      const key = `guest:${benchTenant(tenant).id}/${guestNumber(tenant, guest)}`
      pipeline.hset(key, { address, profile, profileAt, optedOut: '0' }).expire(key, 90 * 86_400)
    }
    await pipeline.exec()
  }
  const after = await usedMemory(redis)
  redis.disconnect()
  return { before, after }
}
async function usedMemory(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1] ?? 0)
}
