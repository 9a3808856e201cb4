import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Authorization, Context } from '../contract/index.ts'
import { type Redis, withLock } from '../redis/index.ts'
import { seal, unseal } from '../settings/index.ts'
import type { Connector, View } from './tenants.ts'

const defaultSeconds = 3600
const Stored = z.object({
  headers: z.record(z.string(), z.string()).optional(),
  query: z.record(z.string(), z.string()).optional(),
  expiresAt: z.string(),
  fingerprint: z.string(),
})
type Stored = z.infer<typeof Stored>

/**
 * What `authorize` gave, per account of a tenant: in memory, behind that sealed in Redis for all replicas, and asked for by one of them at a time.
 * New settings make all of it void.
 */
export class Authorizations {
  private readonly connector: Connector
  private readonly redis: Redis
  private readonly sealKey: Buffer
  private readonly contextOf: (view: View) => Context<unknown>
  private readonly fingerprints = new WeakMap<object, string>()
  private readonly known = new Map<string, Map<string, Stored>>()

  constructor(options: { connector: Connector; redis: Redis; sealKey: Buffer; contextOf(view: View): Context<unknown> }) {
    this.connector = options.connector
    this.redis = options.redis
    this.sealKey = options.sealKey
    this.contextOf = options.contextOf
  }

  /** Throws what `authorize` throws. */
  async of(view: View, account = ''): Promise<Authorization> {
    const { authorize } = this.connector.implementation
    if (authorize === undefined) return {}
    const fingerprint = this.fingerprintOf(view)
    const isUsable = (stored: Stored | undefined): stored is Stored => stored?.fingerprint === fingerprint && Date.parse(stored.expiresAt) > Date.now()
    const cached = this.known.get(view.id)?.get(account)
    if (isUsable(cached)) return authorizationOf(cached)
    const shared = await this.read(view.id, account)
    if (isUsable(shared)) return this.remember(view.id, account, shared)
    return withLock(this.redis, `lock:authorize:${view.id}:${account}`, { ttlMilliseconds: 30_000, waitMilliseconds: 40_000 }, async () => {
      const meanwhile = await this.read(view.id, account)
      if (isUsable(meanwhile)) return this.remember(view.id, account, meanwhile)
      const { expiresAt = new Date(Date.now() + defaultSeconds * 1000), ...value } = await authorize(this.contextOf(view), account === '' ? undefined : account)
      const stored: Stored = { ...value, expiresAt: expiresAt.toISOString(), fingerprint }
      await this.write(view.id, account, stored)
      return this.remember(view.id, account, stored)
    })
  }

  /** A tenant's settings are one object until they change: its digest need not be made for every call. */
  private fingerprintOf({ settings }: View): string {
    const known = typeof settings === 'object' && settings !== null ? this.fingerprints.get(settings) : undefined
    if (known !== undefined) return known
    const fingerprint = createHash('sha256').update(JSON.stringify(settings)).digest('base64url')
    if (typeof settings === 'object' && settings !== null) this.fingerprints.set(settings, fingerprint)
    return fingerprint
  }

  /** Drops what was refused, or has been replaced, everywhere; absent account: all of the tenant's. */
  async forget(tenantId: string, account?: string): Promise<void> {
    this.drop(tenantId, account)
    const removing = account === undefined ? this.redis.del(tokensKey(tenantId)) : this.redis.hdel(tokensKey(tenantId), account)
    await removing.catch(() => undefined)
  }
  /** The platform refuses it: dropped everywhere, unless there is a newer one by now, which another replica has fetched for the same reason. */
  async refuse(tenantId: string, account: string, refused: Authorization): Promise<void> {
    const cached = this.known.get(tenantId)?.get(account)
    if (cached !== undefined && isSame(cached, refused)) this.drop(tenantId, account)
    const key = tokensKey(tenantId)
    const sealed = await this.redis.hget(key, account).catch(() => null)
    if (sealed === null || !isSame(Stored.parse(unseal(sealed, this.sealKey, key)), refused)) return
    await this.redis.eval(dropUnlessChanged, 1, key, account, sealed).catch(() => undefined)
  }
  /** Only here: another replica has changed something. */
  drop(tenantId: string, account?: string): void {
    if (account === undefined) this.known.delete(tenantId)
    else this.known.get(tenantId)?.delete(account)
  }

  private remember(tenantId: string, account: string, stored: Stored): Authorization {
    const accounts = this.known.get(tenantId) ?? new Map<string, Stored>()
    this.known.set(tenantId, accounts.set(account, stored))
    return authorizationOf(stored)
  }
  private async read(tenantId: string, account: string): Promise<Stored | undefined> {
    const sealed = await this.redis.hget(tokensKey(tenantId), account)
    return sealed === null ? undefined : Stored.parse(unseal(sealed, this.sealKey, tokensKey(tenantId)))
  }
  /** The hash lives as long as its longest token. */
  private async write(tenantId: string, account: string, stored: Stored): Promise<void> {
    const key = tokensKey(tenantId)
    const seconds = Math.max(1, Math.ceil((Date.parse(stored.expiresAt) - Date.now()) / 1000))
    const left = await this.redis.ttl(key)
    await this.redis
      .multi()
      .hset(key, account, seal(stored, this.sealKey, key))
      .expire(key, Math.max(seconds, left))
      .exec()
  }
}

const dropUnlessChanged = `if redis.call('hget', KEYS[1], ARGV[1]) == ARGV[2] then return redis.call('hdel', KEYS[1], ARGV[1]) end return 0`
function isSame(a: Pick<Stored, 'headers' | 'query'>, b: Authorization): boolean {
  return JSON.stringify([a.headers, a.query]) === JSON.stringify([b.headers, b.query])
}

function authorizationOf({ headers, query, expiresAt }: Stored): Authorization {
  return { ...(headers === undefined ? {} : { headers }), ...(query === undefined ? {} : { query }), expiresAt: new Date(expiresAt) }
}
function tokensKey(tenantId: string): string {
  return `tokens:${tenantId}`
}
