import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Failure } from './connector.ts'

/** The facts of a storage provider; imported alone by the API. */
export interface StorageDefinition<S extends z.ZodObject = z.ZodObject> {
  /** 'aws': the service is `aws-provider` */
  readonly id: string
  readonly label: string
  /** provider fields only; the common ones (`prefix`, `maxFileSize`, `maxAge`) are added by shared code */
  readonly settings: S
}
export function defineStorage<S extends z.ZodObject>(facts: StorageDefinition<S>): StorageDefinition<S> {
  return facts
}
export type StorageSettingsOf<D> = D extends StorageDefinition<infer S> ? z.infer<S> : never

export interface StorageObject {
  key: string
  mime: string
  /** e.g. `inline; filename*=UTF-8''a.png` */
  disposition: string
  cacheControl: string
  metadata: Record<string, string>
  /** bytes, when known */
  size?: number
}
export interface StorageContext {
  /** the deployment's outbound proxy URL, if any */
  readonly proxy?: string
  readonly log: { debug(fields: object, message: string): void; warn(fields: object, message: string): void }
  now(): Date
}
/** `put` streams; shared code has already bounded the stream's size, sniffed its MIME type and made its key. All throw what the SDK throws; `classify` reads it. */
export interface StorageImplementation<V> {
  put(object: StorageObject, body: Readable, settings: V, ctx: StorageContext, signal: AbortSignal): Promise<void>
  /** Public URL of an object, fresh when it expires. Not a network call. */
  url(key: string, settings: V, ctx: StorageContext): Promise<{ url: string; expiresAt?: Date }>
  /** Missing objects are success. */
  remove(keys: readonly string[], settings: V, ctx: StorageContext): Promise<void>
  classify(error: unknown): Failure
  /** Advice for an admin when `check` fails on this error, e.g. how to allow public ACLs. */
  advice?(error: unknown): string | undefined
}
