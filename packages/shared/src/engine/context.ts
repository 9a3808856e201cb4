import { keptKeys, vault } from '../backup/kept-state.ts'
import type { Agenda, Context, Store } from '../contract/index.ts'
import type { Logger } from '../log/index.ts'
import { type Redis, withLock } from '../redis/index.ts'
import { seal, unseal } from '../settings/index.ts'
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
    resume: (tenantId: string, account: string | undefined) => Promise<void>
    sealKey: Buffer
  },
): Context<unknown> {
  const { redis } = parts
  const keyOf = (key: string) => keptKeys.store(view.id, key)
  const store: Store = {
    get: async key => (await redis.get(keyOf(key))) ?? undefined,
    set: async (key, value, ttlSeconds) => {
      if (ttlSeconds === undefined) await redis.set(keyOf(key), value)
      else await redis.set(keyOf(key), value, 'EX', Math.max(1, Math.ceil(ttlSeconds)))
    },
    delete: async key => {
      await redis.del(keyOf(key))
    },
  }
  return {
    tenant: view,
    http: { call: (call, answer) => parts.platform.call(view, call, answer) },
    store,
    vault: sealedStore(store, parts.sealKey, view.id),
    agenda: name => agenda(redis, `agenda:${view.id}:${name}`),
    once: (key, ttlSeconds, work) =>
      withLock(redis, `lock:once:${view.id}:${key}`, { ttlMilliseconds: ttlSeconds * 1000, waitMilliseconds: ttlSeconds * 1000 }, () => work()),
    media: { open: (media, how) => parts.media.open(view, media, how), keep: (media, guest, sourceId) => parts.media.keep(view, media, guest, sourceId) },
    saveState: async facts => {
      await parts.tenants.saveState(view.id, facts)
      await parts.stateSaved(view.id)
    },
    resume: account => parts.resume(view.id, account),
    log: {
      debug: (fields, message) => parts.log.debug({ tenant: view.id, ...fields }, message),
      info: (fields, message) => parts.log.info({ tenant: view.id, ...fields }, message),
      warn: (fields, message) => parts.log.warn({ tenant: view.id, ...fields }, message),
    },
    now: () => new Date(),
  }
}

/** The tenant and the key are authenticated: what was copied to another place does not open. */
function sealedStore(store: Store, sealKey: Buffer, tenantId: string): Store {
  return {
    get: async key => {
      const sealed = await store.get(vault.prefix + key)
      return sealed === undefined ? undefined : String(unseal(sealed, sealKey, vault.context(tenantId, key)))
    },
    set: (key, value, ttlSeconds) => store.set(vault.prefix + key, seal(value, sealKey, vault.context(tenantId, key)), ttlSeconds),
    delete: key => store.delete(vault.prefix + key),
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
