import type { Logger } from '@um/shared/log'
import type { Redis } from '@um/shared/redis'
import { type Collection, type DocumentOf, documentContext, documentSchemas, FleetSettings, fleetSettingsId, unseal } from '@um/shared/settings'
import { keys, type StoredDocument } from './changes.ts'

export interface Entry<C extends Collection = Collection> {
  readonly revision: number
  readonly document: DocumentOf<C>
}
/** The configuration at one moment. */
export interface ConfigView {
  readonly revision: number
  tenants(): readonly Entry<'tenants'>[]
  tenant(id: string): Entry<'tenants'> | undefined
  storages(): readonly Entry<'storages'>[]
  storage(id: string): Entry<'storages'> | undefined
  /** revision 0 and all defaults until they are saved for the first time */
  settings(): Entry<'settings'>
  /** how many stored documents this key does not open: they are in none of the lists */
  readonly unreadable: number
}

/** The configuration in memory, brought up to date from Redis by what has changed since. */
export class ConfigMirror implements ConfigView {
  revision = 0
  private readonly redis: Redis
  private readonly key: Buffer
  private readonly log: Logger
  private epoch: string | undefined
  private readonly sealedOff = new Set<string>()
  private readonly documents: { readonly [C in Collection]: Map<string, Entry<C>> } = { tenants: new Map(), storages: new Map(), settings: new Map() }

  constructor(options: { redis: Redis; key: Buffer; log: Logger }) {
    this.redis = options.redis
    this.key = options.key
    this.log = options.log
  }

  get unreadable(): number {
    return this.sealedOff.size
  }
  tenants(): readonly Entry<'tenants'>[] {
    return [...this.documents.tenants.values()]
  }
  tenant(id: string): Entry<'tenants'> | undefined {
    return this.documents.tenants.get(id)
  }
  storages(): readonly Entry<'storages'>[] {
    return [...this.documents.storages.values()]
  }
  storage(id: string): Entry<'storages'> | undefined {
    return this.documents.storages.get(id)
  }
  settings(): Entry<'settings'> {
    return this.documents.settings.get(fleetSettingsId) ?? { revision: 0, document: FleetSettings.parse({}) }
  }

  /** One round trip when nothing has changed. Not to be called twice at the same time. */
  async refresh(): Promise<void> {
    const since = this.revision === 0 ? '-inf' : `(${this.revision}`
    const [revisionText, epoch, changed, deleted] = await this.read(since)
    const revision = Number(revisionText ?? 0)
    if (this.epoch !== undefined && (epoch !== this.epoch || revision < this.revision)) {
      this.log.warn({ revision, before: this.revision }, 'the data store is not the one of before: its configuration is read anew')
      this.forget()
      return this.refresh()
    }
    for (const name of deleted) this.drop(name)
    for (let at = 0; at < changed.length; at += 500) await this.take(changed.slice(at, at + 500))
    this.epoch = epoch ?? undefined
    this.revision = revision
  }

  private async read(since: string): Promise<[string | null, string | null, string[], string[]]> {
    const results = await this.redis
      .multi()
      .get(keys.revision)
      .get(keys.epoch)
      .zrange(keys.index, since, '+inf', 'BYSCORE')
      .zrange(keys.deleted, since, '+inf', 'BYSCORE')
      .exec()
    if (results === null) throw new Error('Redis discarded a transaction without a watch')
    for (const [error] of results) if (error) throw error
    return results.map(([, value]) => value) as [string | null, string | null, string[], string[]]
  }

  private async take(names: readonly string[]): Promise<void> {
    const parts = names.map(partsOf)
    const texts = await this.redis.mget(parts.map(({ collection, id }) => keys.document(collection, id)))
    for (const [index, text] of texts.entries()) {
      const part = parts[index]
      // deleted since the index was read: the next refresh hears of it
      if (text === null || part === undefined) continue
      this.open(part.collection, part.id, JSON.parse(text) as StoredDocument)
    }
  }

  private open<C extends Collection>(collection: C, id: string, stored: StoredDocument): void {
    const name = documentContext(collection, id)
    try {
      const document = documentSchemas[collection].parse(unseal(stored.sealed, this.key, name)) as DocumentOf<C>
      this.documents[collection].set(id, { revision: stored.revision, document })
      this.sealedOff.delete(name)
    } catch (error) {
      this.documents[collection].delete(id)
      this.sealedOff.add(name)
      this.log.error({ err: error, document: name }, 'a configuration document cannot be read: has SECRET_KEY changed?')
    }
  }

  private drop(name: string): void {
    const { collection, id } = partsOf(name)
    this.documents[collection].delete(id)
    this.sealedOff.delete(name)
  }
  private forget(): void {
    for (const documents of Object.values(this.documents)) documents.clear()
    this.sealedOff.clear()
    this.revision = 0
    this.epoch = undefined
  }
}

function partsOf(name: string): { collection: Collection; id: string } {
  const at = name.indexOf('/')
  return { collection: name.slice(0, at) as Collection, id: name.slice(at + 1) }
}
