import { ApiError } from '@um/shared/errors'
import type { Storage } from '@um/shared/settings'
import type { z } from 'zod'
import { StorageCheckAnswer } from './schema.ts'

export type StorageCheck = z.infer<typeof StorageCheckAnswer>
/** Asks the storage's provider to try its settings: store a small object, fetch it, remove it. Throws ApiError when the provider does not answer. */
export type TryStorage = (storage: Storage) => Promise<StorageCheck>

/** A provider gives each of its own steps up to half a minute. */
const timeoutMilliseconds = 90_000

export function providerClient(options: { serviceUrl(service: string): string; internalToken: string }): TryStorage {
  return async ({ type, settings }) => {
    const response = await fetch(`${options.serviceUrl(`${type}-provider`)}/internal/check`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${options.internalToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ settings }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMilliseconds),
    }).catch(error => {
      throw new ApiError('unavailable', 'The storage provider does not answer. Is it installed?', { cause: error })
    })
    const body: unknown = await response.json().catch(() => undefined)
    const read = StorageCheckAnswer.safeParse(body)
    if (response.ok && read.success) return read.data
    throw new ApiError('upstream', `The storage provider answered ${response.status}.`)
  }
}
