import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelModel, ConsumeMessage } from 'amqplib'
import { type Broker, exchanges } from '../amqp/index.ts'
import type { Logger } from '../log/index.ts'
import { type DataOf, derivedId, envelope, readEnvelope } from '../model/index.ts'
import type { Redis } from '../redis/index.ts'
import {
  type Collection,
  type DocumentOf,
  documentContext,
  documentSchemas,
  type FleetSettings,
  FleetSettings as FleetSettingsSchema,
  fleetSettingsId,
  unseal,
} from '../settings/index.ts'

interface Stored {
  revision: number
  sealed: string
}
type Change<C extends Collection = Collection> = { collection: C; id: string; before?: DocumentOf<C>; after?: DocumentOf<C> }

const usualAskAgainMilliseconds = 5000
const longestAskAgainMilliseconds = 60_000

/**
 * This service's copy of the configuration: in memory for reading, sealed under `config:<collection>:<id>` in its own Redis so that it starts while `api`
 * is away. Kept up by `um.config.v1` messages; a full sync is asked for at every connection, so that nothing is missed.
 */
export class ConfigProjection {
  private readonly service: string
  private readonly redis: Redis
  private readonly broker: Pick<Broker, 'onUp' | 'publish'>
  private readonly key: Buffer
  private readonly log: Logger
  private readonly askAgainMilliseconds: number
  private readonly documents = { tenants: new Map(), storages: new Map(), settings: new Map() } as {
    [C in Collection]: Map<string, { revision: number; document: DocumentOf<C> }>
  }
  private readonly changes = new EventEmitter()
  /** the pages of a snapshot that have come so far, without a gap */
  private synced: { ids: Set<string>; revision: number; next: number } | undefined
  /** what older connections still bring is asked for anew */
  private current: ChannelModel | undefined
  private work: Promise<void> = Promise.resolve()
  private hasSynced = false
  /** with `api`, since the last connection */
  private isInStep = false

  /** `askAgainMilliseconds`: so long is waited for the first answer; default 5 s */
  constructor(options: {
    service: string
    redis: Redis
    broker: Pick<Broker, 'onUp' | 'publish'>
    key: Buffer
    log: Logger
    askAgainMilliseconds?: number
  }) {
    this.service = options.service
    this.redis = options.redis
    this.broker = options.broker
    this.key = options.key
    this.log = options.log
    this.askAgainMilliseconds = options.askAgainMilliseconds ?? usualAskAgainMilliseconds
    this.broker.onUp(connection => this.listen(connection))
  }

  tenant(id: string): DocumentOf<'tenants'> | undefined {
    return this.documents.tenants.get(id)?.document
  }
  tenantRevision(id: string): number {
    return this.documents.tenants.get(id)?.revision ?? 0
  }
  tenants(): DocumentOf<'tenants'>[] {
    return [...this.documents.tenants.values()].map(entry => entry.document)
  }
  storage(id: string | null): DocumentOf<'storages'> | undefined {
    if (id !== null) return this.documents.storages.get(id)?.document
    return [...this.documents.storages.values()].find(entry => entry.document.isDefault)?.document
  }
  settings(): FleetSettings {
    return this.documents.settings.get(fleetSettingsId)?.document ?? FleetSettingsSchema.parse({})
  }
  /** a sync with `api` has been completed since the start */
  get isSynced(): boolean {
    return this.hasSynced
  }
  onChange(listener: (change: Change) => void): void {
    this.changes.on('change', listener)
  }

  /** Reads the copy in Redis. Documents sealed with another key are left out (and asked for again by the sync). */
  async load(): Promise<void> {
    for (const collection of Object.keys(documentSchemas) as Collection[]) {
      let cursor = '0'
      do {
        const [next, keys] = await this.redis.scan(cursor, 'MATCH', `config:${collection}:*`, 'COUNT', 500)
        cursor = next
        if (keys.length === 0) continue
        const values = await this.redis.mget(keys)
        for (const [index, text] of values.entries()) {
          const id = keys[index]?.slice(`config:${collection}:`.length)
          if (text === null || id === undefined) continue
          const stored = JSON.parse(text) as Stored
          this.keep(collection, id, stored)
        }
      } while (cursor !== '0')
    }
  }

  private async listen(connection: ChannelModel): Promise<void> {
    const channel = await connection.createChannel()
    channel.on('error', error => this.log.warn({ err: error }, 'configuration channel failed'))
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false })
    await channel.bindQueue(queue, exchanges.config, 'document.#')
    this.synced = undefined
    this.current = connection
    await channel.consume(
      queue,
      message => {
        if (message)
          this.work = this.work
            .then(() => (this.current === connection ? this.receive(message) : undefined))
            .catch(error => this.log.error({ err: error }, 'configuration message failed'))
      },
      { noAck: true },
    )
    void this.askUntilInStep(queue, connection)
  }

  /** A request or its answer may get lost, and `api` may be away: asked again, ever more seldom, while this connection stands. */
  private async askUntilInStep(replyTo: string, connection: ChannelModel): Promise<void> {
    this.isInStep = false
    const ended = new AbortController()
    connection.once('close', () => ended.abort())
    for (let wait = this.askAgainMilliseconds; !this.isInStep && !ended.signal.aborted; wait = Math.min(wait * 2, longestAskAgainMilliseconds)) {
      this.askForSync(replyTo, wait)
      await sleep(wait, undefined, { signal: ended.signal, ref: false }).catch(() => undefined)
    }
  }

  private askForSync(replyTo: string, worthMilliseconds: number): void {
    const now = new Date()
    const request = envelope(
      'um.config.v1',
      { id: derivedId('sync', this.service, replyTo, now.toISOString()), source: `/${this.service}`, subject: 'config', time: now },
      { op: 'sync', service: this.service, replyTo },
    )
    this.broker
      .publish(exchanges.config, `sync.${this.service}`, request, { expiration: worthMilliseconds })
      .catch(error => this.log.warn({ err: error }, 'configuration sync could not be asked for'))
  }

  private async receive(message: ConsumeMessage): Promise<void> {
    const received = readEnvelope(message.content)
    if (received.type !== 'um.config.v1') return
    const data = received.data as DataOf<'um.config.v1'>
    if (data.op === 'put') await this.put(data.collection, data.id, { revision: data.revision, sealed: data.sealed })
    else if (data.op === 'delete') await this.remove(data.collection, data.id, data.revision)
    else if (data.op === 'snapshot') await this.takePage(data)
  }

  /** Pages of one snapshot come in order; what the snapshot does not name any more, and is not newer, is removed at its end. */
  private async takePage(data: Extract<DataOf<'um.config.v1'>, { op: 'snapshot' }>): Promise<void> {
    // several replicas of `api` may answer at the same time: only an unbroken run of pages says what is gone
    if (data.page === 0) this.synced = { ids: new Set(), revision: data.revision, next: 0 }
    const synced = this.synced
    const follows = synced?.revision === data.revision && synced.next === data.page
    for (const { collection, id, revision, sealed } of data.documents) {
      if (follows) synced.ids.add(documentContext(collection, id))
      await this.put(collection, id, { revision, sealed })
    }
    if (!follows) return
    synced.next += 1
    if (!data.last || synced !== this.synced) return
    for (const collection of Object.keys(this.documents) as Collection[]) {
      for (const [id, entry] of this.documents[collection]) {
        if (!synced.ids.has(documentContext(collection, id)) && entry.revision <= data.revision) await this.remove(collection, id, data.revision)
      }
    }
    this.synced = undefined
    this.isInStep = true
    if (!this.hasSynced) this.log.info({ tenants: this.documents.tenants.size, revision: data.revision }, 'configuration is in step with the API')
    this.hasSynced = true
  }

  private async put(collection: Collection, id: string, stored: Stored): Promise<void> {
    const known = this.documents[collection].get(id)
    if (known !== undefined && known.revision >= stored.revision) return
    await this.redis
      .set(`config:${collection}:${id}`, JSON.stringify(stored))
      .catch(error => this.log.warn({ err: error, collection, id }, 'configuration could not be kept; it will be asked for again at the next start'))
    const before = known?.document
    const after = this.keep(collection, id, stored)
    if (after !== undefined) this.changes.emit('change', { collection, id, ...(before === undefined ? {} : { before }), after } as Change)
  }

  private async remove(collection: Collection, id: string, revision: number): Promise<void> {
    const known = this.documents[collection].get(id)
    if (known === undefined || known.revision > revision) return
    await this.redis.del(`config:${collection}:${id}`).catch(() => undefined)
    this.documents[collection].delete(id)
    this.changes.emit('change', { collection, id, before: known.document } as Change)
  }

  private keep<C extends Collection>(collection: C, id: string, stored: Stored): DocumentOf<C> | undefined {
    try {
      const document = documentSchemas[collection].parse(unseal(stored.sealed, this.key, documentContext(collection, id))) as DocumentOf<C>
      this.documents[collection].set(id, { revision: stored.revision, document })
      return document
    } catch (error) {
      this.log.error({ err: error, collection, id }, 'a configuration document cannot be read: is SECRET_KEY the same everywhere?')
      return undefined
    }
  }
}
