import type { Agenda, Context, Store } from '../contract/index.ts'
import type { Logger } from '../log/index.ts'
import { type Redis, withLock } from '../redis/index.ts'
import type { MediaService } from './media.ts'
import type { PlatformClient } from './platform.ts'
import type { TenantDirectory, View } from './tenants.ts'

/** Builds what effects get to reach: nothing else of the service is in their hands. */
export function createContext(
  view: View,
  parts: {
    redis: Redis
    log: Logger
    platform: PlatformClient
    media: MediaService
    tenants: TenantDirectory
    stateSaved: (tenantId: string) => Promise<void>
  },
): Context<unknown> {
  const { redis } = parts
  const prefix = `store:${view.id}:`
  const store: Store = {
    get: async key => (await redis.get(prefix + key)) ?? undefined,
    set: async (key, value, ttlSeconds) => {
      if (ttlSeconds === undefined) await redis.set(prefix + key, value)
      else await redis.set(prefix + key, value, 'EX', Math.max(1, Math.ceil(ttlSeconds)))
    },
    delete: async key => {
      await redis.del(prefix + key)
    },
  }
  return {
    tenant: view,
    http: { call: (call, answer) => parts.platform.call(view, call, answer) },
    store,
    agenda: name => agenda(redis, `agenda:${view.id}:${name}`),
    once: (key, ttlSeconds, work) =>
      withLock(redis, `lock:once:${view.id}:${key}`, { ttlMilliseconds: ttlSeconds * 1000, waitMilliseconds: ttlSeconds * 1000 }, () => work()),
    media: { open: (media, how) => parts.media.open(view, media, how), keep: (media, guest, sourceId) => parts.media.keep(view, media, guest, sourceId) },
    saveState: async facts => {
      await parts.tenants.saveState(view.id, facts)
      await parts.stateSaved(view.id)
    },
    log: {
      debug: (fields, message) => parts.log.debug({ tenant: view.id, ...fields }, message),
      info: (fields, message) => parts.log.info({ tenant: view.id, ...fields }, message),
      warn: (fields, message) => parts.log.warn({ tenant: view.id, ...fields }, message),
    },
    now: () => new Date(),
  }
}

function agenda(redis: Redis, key: string): Agenda {
  return {
    put: async (member, due) => {
      await redis.zadd(key, due.getTime(), member)
    },
    remove: async member => {
      await redis.zrem(key, member)
    },
    due: async (now, limit) => redis.zrangebyscore(key, '-inf', now.getTime(), 'LIMIT', 0, limit),
  }
}
