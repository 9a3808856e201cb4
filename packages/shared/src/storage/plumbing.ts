import type { Router } from 'express'
import type { z } from 'zod'
import { type StorageOptions, storageCore } from './core.ts'
import { scheduleRemoval } from './purge-schedule.ts'
import { storageRoutes } from './routes.ts'
import { PurgeWorker } from './worker.ts'

export interface StoragePlumbing {
  /** to be mounted before any body parser */
  readonly router: Router
  readonly worker: PurgeWorker
  /** For each conversation that ended, as often as it is told. Rejects while Redis is away: tell it again. */
  conversationEnded(tenantId: string, guest: string, at: Date): Promise<void>
}

/** Everything that storage providers have in common, ready to be mounted and started. */
export function storagePlumbing<S extends z.ZodObject>(options: StorageOptions<S>): StoragePlumbing {
  const core = storageCore(options)
  const worker = new PurgeWorker(core)
  return {
    router: storageRoutes(core),
    worker,
    conversationEnded: async (tenantId, guest, at) => {
      await scheduleRemoval(core, { tenantId, guest }, at)
      worker.wake()
    },
  }
}
