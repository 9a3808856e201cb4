import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from './client.ts'

const releaseScript = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`
const renewScript = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end`

export class LockTimeout extends Error {
  override readonly name = 'LockTimeout'
}

/**
 * Runs `work` while holding a lock that all replicas share. Waits at most `waitMilliseconds` for it (LockTimeout), renews it while `work` runs, and a
 * dead owner's lock ends after `ttlMilliseconds`. `signal` of `work` aborts when the lock was lost, so that two owners never go on side by side for long.
 */
export async function withLock<T>(
  redis: Redis,
  key: string,
  options: { ttlMilliseconds: number; waitMilliseconds: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const owner = randomUUID()
  const deadline = Date.now() + options.waitMilliseconds
  while ((await redis.set(key, owner, 'PX', options.ttlMilliseconds, 'NX')) !== 'OK') {
    if (Date.now() >= deadline) throw new LockTimeout(`lock ${key} is held by another replica`)
    await sleep(20 + Math.random() * 80)
  }
  const lost = new AbortController()
  const renewal = setInterval(
    () => {
      redis.eval(renewScript, 1, key, owner, options.ttlMilliseconds).then(
        kept => kept === 1 || lost.abort(new Error(`lock ${key} was lost`)),
        () => undefined,
      )
    },
    Math.max(50, options.ttlMilliseconds / 3),
  )
  try {
    return await work(lost.signal)
  } finally {
    clearInterval(renewal)
    await redis.eval(releaseScript, 1, key, owner).catch(() => undefined)
  }
}
