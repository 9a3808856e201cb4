import { Redis } from 'ioredis'
import type { Logger } from '../log/index.ts'

export type { Redis }

/**
 * A client that fails fast: while Redis is away every command rejects at once (the caller knows what to do: spool, hold, answer 503),
 * and it reconnects by itself, for ever, within 2 s of Redis being back.
 */
export function createRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    protocol: 2,
    lazyConnect: true,
    enableOfflineQueue: false,
    // commands of one turn of the event loop go out together: a system call instead of dozens when there is much to do
    enableAutoPipelining: true,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 5000,
    connectTimeout: 5000,
    retryStrategy: attempt => Math.min(50 * 2 ** Math.min(attempt, 6), 2000),
    reconnectOnError: error => error.message.startsWith('READONLY'),
  })
  let away = false
  redis.on('error', error => {
    if (!away) log.warn({ err: error }, 'Redis is away')
    away = true
  })
  redis.on('ready', () => {
    if (away) log.info({}, 'Redis is back')
    away = false
  })
  return redis
}

/** Starts connecting and waits until Redis answers, for ever unless `signal` ends it: without its Redis a service has nothing to serve. */
export async function whenReady(redis: Redis, signal?: AbortSignal): Promise<void> {
  if (redis.status === 'ready') return
  const ready = new Promise<void>((resolve, reject) => {
    redis.once('ready', () => resolve())
    signal?.addEventListener('abort', () => reject(new Error('stopped while waiting for Redis')), { once: true })
  })
  if (redis.status === 'wait') redis.connect().catch(() => undefined)
  await ready
}
