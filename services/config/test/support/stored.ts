import { createLogger } from '@um/shared/log'
import { createRedis, whenReady } from '@um/shared/redis'
import { documentContext, fleetKeys, Tenant, unseal } from '@um/shared/settings'
import type { World } from './world.ts'

/** A tenant as it is stored, with its secrets: what its administrator once typed. */
export async function storedTenant({ fleet }: World, id: string): Promise<Tenant> {
  const redis = createRedis(fleet.redis('api').url, createLogger({ name: 'test', level: 'FATAL', flushMilliseconds: 0 }))
  await whenReady(redis)
  try {
    const { sealed } = JSON.parse((await redis.get(`config:tenants:${id}`)) ?? '{}') as { sealed: string }
    return Tenant.parse(unseal(sealed, fleetKeys(fleet.secrets.key).seal, documentContext('tenants', id)))
  } finally {
    redis.disconnect()
  }
}
