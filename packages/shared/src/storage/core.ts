import type { z } from 'zod'
import type { Failure } from '../contract/connector.ts'
import type { StorageContext, StorageDefinition, StorageImplementation } from '../contract/storage.ts'
import type { Redis } from '../redis/index.ts'
import { ObjectRecords } from './records.ts'
import { type CommonStorageSettings, storageSettings } from './settings.ts'

/** A storage document of the configuration, as far as a provider needs it. */
export interface ConfiguredStorage {
  readonly id: string
  readonly name: string
  /** seconds */
  readonly purgeDelay: number
  readonly settings: Record<string, unknown>
}

/** Facts for metrics and notices. Never holds a name or an address of a guest. */
export type StorageFact =
  | { kind: 'stored'; storageId: string; bytes: number; milliseconds: number }
  /** a store that failed; `failure.kind` 'subscription' and 'unauthorized' are for the notifier */
  | { kind: 'refused'; storageId: string; failure: Failure }
  | { kind: 'removed'; storageId: string; objects: number }
  /** `attempt`: 1 for the first failure of this purge */
  | { kind: 'removalFailed'; storageId: string; failure: Failure; attempt: number }

export interface StorageLog {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What the plumbing needs from the service around it. */
export interface StorageOptions<S extends z.ZodObject> {
  definition: StorageDefinition<S>
  implementation: StorageImplementation<z.infer<S>>
  redis: Redis
  /** the configuration's storages of this provider; undefined: not known (yet) */
  storages(id: string): ConfiguredStorage | undefined
  internalToken: string
  /** the deployment's outbound proxy URL, asked for at each use */
  proxy(): string | undefined
  log: StorageLog
  now(): Date
  report(fact: StorageFact): void
  /** how many uploads run side by side; others wait. Default 8 per replica (one of unknown size counts for 4), no limit per storage. */
  uploads?: { perReplica?: number; perStorage?: number }
  /** an upload in which no byte moves for so long is ended; default 60 s */
  stallMilliseconds?: number
}

export interface StorageView {
  readonly id: string
  readonly name: string
  readonly purgeDelay: number
  readonly settings: CommonStorageSettings & Readonly<Record<string, unknown>>
}

/** The same, put to use: what the parts of the plumbing share. The provider's settings type is gone, they have been parsed by its schema. */
export interface StorageCore {
  readonly implementation: StorageImplementation<unknown>
  readonly records: ObjectRecords
  readonly options: Omit<StorageOptions<z.ZodObject>, 'implementation' | 'definition'>
  readonly settings: z.ZodObject
  view(id: string): StorageView | undefined
  context(): StorageContext
}

export function storageCore<S extends z.ZodObject>(options: StorageOptions<S>): StorageCore {
  const settings = storageSettings(options.definition)
  const read = settingsReader(settings, options.log)
  return {
    implementation: options.implementation as StorageImplementation<unknown>,
    records: new ObjectRecords(options.redis),
    options,
    settings,
    view: id => {
      const storage = options.storages(id)
      return storage && read(storage)
    },
    context: () => {
      const proxy = options.proxy()
      return { ...(proxy === undefined ? {} : { proxy }), log: options.log, now: options.now }
    },
  }
}

/** Parses each document once: as long as the configuration holds the same object, its view (and what providers hang on its settings) stays the same. */
function settingsReader(schema: z.ZodObject, log: StorageLog): (storage: ConfiguredStorage) => StorageView | undefined {
  const views = new WeakMap<ConfiguredStorage, StorageView | undefined>()
  return storage => {
    if (views.has(storage)) return views.get(storage)
    const parsed = schema.safeParse(storage.settings)
    if (!parsed.success) {
      log.error({ storageId: storage.id, fields: parsed.error.issues.map(issue => issue.path.join('.')) }, 'the settings of a storage are not valid')
    }
    const view = parsed.success
      ? { id: storage.id, name: storage.name, purgeDelay: storage.purgeDelay, settings: parsed.data as StorageView['settings'] }
      : undefined
    views.set(storage, view)
    return view
  }
}
