import { createHash } from 'node:crypto'
import { keptKeys } from '../backup/kept-state.ts'
import type { ConfigProjection } from '../config/index.ts'
import type { Definition, Implementation, TenantView } from '../contract/index.ts'
import type { Logger } from '../log/index.ts'
import type { Redis } from '../redis/index.ts'
import type { Tenant } from '../settings/index.ts'

/** A connector as the engine sees it: settings are the definition's own business. */
// biome-ignore lint/suspicious/noExplicitAny: the engine hands settings through and never looks inside; serve() checks the types of a connector
export type AnyImplementation = Implementation<Definition<any, any>, any>
export interface Connector {
  readonly definition: Definition
  readonly implementation: AnyImplementation
}
export type View = TenantView<unknown>
export interface KnownTenant {
  readonly tenant: Tenant
  readonly view: View
  /** changes with what this connector must register */
  readonly fingerprint: string
  /** of the configuration document */
  readonly revision: number
}

/** The tenants that use this connector, as its pure functions see them, found by id or by the key that a webhook carries. */
export class TenantDirectory {
  private readonly connector: Connector
  private readonly config: ConfigProjection
  private readonly redis: Redis
  private readonly publicUrl: string
  private readonly log: Logger
  private readonly known = new Map<string, KnownTenant>()
  private readonly states = new Map<string, Record<string, string>>()
  private readonly byKey = new Map<string, Set<string>>()
  private readonly keysOf = new Map<string, string[]>()
  private readonly listeners: ((id: string, before: KnownTenant | undefined, after: KnownTenant | undefined) => void)[] = []

  constructor(options: { connector: Connector; config: ConfigProjection; redis: Redis; publicUrl: string; log: Logger }) {
    this.connector = options.connector
    this.config = options.config
    this.redis = options.redis
    this.publicUrl = options.publicUrl
    this.log = options.log
    this.config.onChange(({ collection, id }) => {
      if (collection === 'tenants') this.refresh(id)
    })
  }

  /** After the projection was loaded. */
  async load(): Promise<void> {
    for (const tenant of this.config.tenants()) {
      if (!this.isMine(tenant)) continue
      this.states.set(tenant.id, await this.redis.hgetall(keptKeys.state(tenant.id)))
      this.refresh(tenant.id)
    }
  }
  onChange(listener: (id: string, before: KnownTenant | undefined, after: KnownTenant | undefined) => void): void {
    this.listeners.push(listener)
  }

  find(id: string): KnownTenant | undefined {
    return this.known.get(id)
  }
  /** A tenant that may work now. */
  active(id: string): KnownTenant | undefined {
    const found = this.known.get(id)
    return found?.tenant.enabled ? found : undefined
  }
  /** Several tenants may share a key. */
  locate(key: string): KnownTenant[] {
    return [...(this.byKey.get(hash(key)) ?? [])].flatMap(id => this.active(id) ?? [])
  }
  all(): KnownTenant[] {
    return [...this.known.values()]
  }
  /** The connector at the tenant's other side. */
  counterpart(tenant: Tenant): string {
    return this.connector.definition.role === 'messaging' ? tenant.cxPlatform.type : tenant.messaging.type
  }
  storageId(tenant: Tenant): string | null {
    return this.part(tenant).storageId
  }

  /** Facts that `register` and effects keep; shared by all replicas. Empty values remove. */
  async saveState(id: string, facts: Record<string, string>): Promise<void> {
    const set = Object.entries(facts).filter(([, value]) => value !== '')
    const gone = Object.keys(facts).filter(name => facts[name] === '')
    if (set.length > 0) await this.redis.hset(keptKeys.state(id), Object.fromEntries(set))
    if (gone.length > 0) await this.redis.hdel(keptKeys.state(id), ...gone)
    await this.reloadState(id)
  }
  async clearState(id: string): Promise<void> {
    await this.redis.del(keptKeys.state(id))
    this.states.delete(id)
  }
  /** Another replica has changed a tenant's state. */
  async reloadState(id: string): Promise<void> {
    this.states.set(id, await this.redis.hgetall(keptKeys.state(id)))
    this.refresh(id, false)
  }

  private refresh(id: string, tell = true): void {
    const before = this.known.get(id)
    const tenant = this.config.tenant(id)
    const after = tenant !== undefined && this.isMine(tenant) ? this.know(tenant) : undefined
    for (const key of this.keysOf.get(id) ?? []) {
      const sharing = this.byKey.get(key)
      sharing?.delete(id)
      if (sharing?.size === 0) this.byKey.delete(key)
    }
    this.keysOf.delete(id)
    if (after === undefined) this.known.delete(id)
    else {
      this.known.set(id, after)
      const keys = (this.connector.implementation.keys?.(after.view) ?? []).filter(key => key !== '').map(hash)
      this.keysOf.set(id, keys)
      for (const key of keys) this.byKey.set(key, (this.byKey.get(key) ?? new Set()).add(id))
    }
    if (tell && (before !== undefined || after !== undefined)) for (const listener of this.listeners) listener(id, before, after)
  }

  private know(tenant: Tenant): KnownTenant | undefined {
    const part = this.part(tenant)
    const settings = this.connector.definition.settings.safeParse(part.settings)
    if (!settings.success) {
      this.log.error({ tenant: tenant.id, fields: settings.error.issues.map(issue => issue.path.join('.')) }, 'settings of a tenant do not fit this version')
      return undefined
    }
    const webhookUrl = `${this.publicUrl}${this.connector.definition.ingress ?? ''}`
    const view: View = {
      id: tenant.id,
      name: tenant.name,
      settings: settings.data,
      state: this.states.get(tenant.id) ?? {},
      options: { showSystemMessages: tenant.messaging.showSystemMessages, prefixAgentName: tenant.messaging.prefixAgentName },
      webhookUrl,
    }
    return { tenant, view, revision: this.config.tenantRevision(tenant.id), fingerprint: hash(JSON.stringify([settings.data, webhookUrl])) }
  }
  private isMine(tenant: Tenant): boolean {
    return this.part(tenant).type === this.connector.definition.id
  }
  private part(tenant: Tenant): Tenant['messaging'] | Tenant['cxPlatform'] {
    return this.connector.definition.role === 'messaging' ? tenant.messaging : tenant.cxPlatform
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
