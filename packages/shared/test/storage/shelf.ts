import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import express from 'express'
import { Redis } from 'ioredis'
import { z } from 'zod'
import { defineStorage, type Failure, field, type StorageImplementation, type StorageObject } from '../../src/contract/index.ts'
import { problemHandler } from '../../src/errors/index.ts'
import { type ConfiguredStorage, type StorageFact, type StorageOptions, type StoragePlumbing, storagePlumbing } from '../../src/storage/index.ts'

export const shelfDefinition = defineStorage({ id: 'shelf', label: 'Shelf', settings: z.strictObject({ code: field.secret('Code') }) })
type Settings = z.infer<typeof shelfDefinition.settings>

export class ShelfError extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super('the shelf refuses')
    this.failure = failure
  }
}

/** A storage in memory. `beforePut`, `beforeRemove`: what happens first, e.g. an error. */
export class Shelf implements StorageImplementation<Settings> {
  readonly objects = new Map<string, StorageObject & { bytes: Buffer }>()
  readonly removals: string[][] = []
  /** half-written objects stay, as on clouds that do not write all or nothing */
  keepsPartial = true
  lifetimeSeconds: number | undefined
  beforePut: (body: Readable, signal: AbortSignal) => Promise<void> = async () => undefined
  beforeRemove: (keys: readonly string[]) => void = () => undefined
  baseUrl = 'https://shelf.example'

  async put(object: StorageObject, body: Readable, _settings: Settings, _ctx: unknown, signal: AbortSignal): Promise<void> {
    await this.beforePut(body, signal)
    const chunks: Buffer[] = []
    try {
      for await (const chunk of body) {
        signal.throwIfAborted()
        chunks.push(chunk)
        if (this.keepsPartial) this.objects.set(object.key, { ...object, bytes: Buffer.concat(chunks) })
      }
    } catch (error) {
      // SDKs wrap what a stream throws
      throw new Error('upload failed', { cause: error })
    }
    this.objects.set(object.key, { ...object, bytes: Buffer.concat(chunks) })
  }
  async url(key: string, _settings: Settings, ctx: { now(): Date }): Promise<{ url: string; expiresAt?: Date }> {
    const url = `${this.baseUrl}/${key}`
    if (this.lifetimeSeconds === undefined) return { url }
    const expiresAt = new Date(ctx.now().getTime() + this.lifetimeSeconds * 1000)
    return { url: `${url}?until=${expiresAt.getTime()}`, expiresAt }
  }
  async remove(keys: readonly string[]): Promise<void> {
    this.beforeRemove(keys)
    this.removals.push([...keys])
    for (const key of keys) this.objects.delete(key)
  }
  classify(error: unknown): Failure {
    return error instanceof ShelfError ? error.failure : { kind: 'retryable', why: error instanceof Error ? error.message : 'unknown', certain: false }
  }
  advice(error: unknown): string | undefined {
    return error instanceof ShelfError ? 'Ask the shelf.' : undefined
  }
}

export const token = 'internal-token-for-tests'
export const storageA = { id: 'storage-a', name: 'A', purgeDelay: 300, settings: { code: 'x' } }

export interface Replica {
  readonly url: string
  readonly plumbing: StoragePlumbing
  stop(): Promise<void>
}
/** A fleet of replicas around one Redis, one shelf and one clock. */
export class Fleet {
  readonly shelf = new Shelf()
  readonly facts: StorageFact[] = []
  readonly logged: string[] = []
  readonly storages = new Map<string, ConfiguredStorage>([[storageA.id, storageA]])
  readonly redis: Redis
  time = Date.parse('2026-03-04T05:06:07.000Z')
  private readonly replicas: Replica[] = []

  constructor(redisUrl: string) {
    this.redis = new Redis(redisUrl, { enableOfflineQueue: true, maxRetriesPerRequest: 0 })
    this.redis.on('error', () => undefined)
  }
  now = (): Date => new Date(this.time)
  wait(seconds: number): void {
    this.time += seconds * 1000
  }

  async replica(more: Partial<StorageOptions<typeof shelfDefinition.settings>> = {}): Promise<Replica> {
    const write = (fields: object, message: string): void => {
      this.logged.push(`${message} ${JSON.stringify(fields)}`)
    }
    const plumbing = storagePlumbing({
      definition: shelfDefinition,
      implementation: this.shelf,
      redis: this.redis,
      storages: id => this.storages.get(id),
      internalToken: token,
      proxy: () => undefined,
      log: { debug: write, info: write, warn: write, error: write },
      now: this.now,
      report: fact => this.facts.push(fact),
      ...more,
    })
    const app = express()
    app.use(plumbing.router)
    app.use(problemHandler(error => this.logged.push(`BUG ${error instanceof Error ? error.stack : error}`)))
    const server = createServer(app)
    await listen(server)
    const { port } = server.address() as AddressInfo
    const replica = {
      url: `http://127.0.0.1:${port}`,
      plumbing,
      stop: async () => {
        await plumbing.worker.stop()
        server.closeAllConnections()
        await new Promise(resolve => server.close(resolve))
      },
    }
    this.replicas.push(replica)
    return replica
  }

  async end(): Promise<void> {
    for (const replica of this.replicas) await replica.stop()
    await this.redis.flushall().catch(() => undefined)
    this.redis.disconnect()
  }
}

function listen(server: Server): Promise<void> {
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve()))
}
