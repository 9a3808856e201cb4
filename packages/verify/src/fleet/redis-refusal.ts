import { Redis } from 'ioredis'

/** How a Redis without room (OOM) or without its replicas (NOREPLICAS) answers every write, while it goes on answering reads. */
const refusals = {
  memory: { on: ['maxmemory', '1'], off: ['maxmemory', '0'] },
  replicas: { on: ['min-replicas-to-write', '1'], off: ['min-replicas-to-write', '0'] },
} as const

export async function refuseWrites(url: string, how: keyof typeof refusals): Promise<void> {
  const [name, value] = refusals[how].on
  await configure(url, [[name, value]])
}
export async function takeWrites(url: string): Promise<void> {
  await configure(
    url,
    Object.values(refusals).map(({ off }) => off),
  )
}

async function configure(url: string, settings: readonly (readonly [string, string])[]): Promise<void> {
  const redis = new Redis(url, { protocol: 2, maxRetriesPerRequest: 20, connectTimeout: 5000, retryStrategy: () => 250 })
  redis.on('error', () => undefined)
  try {
    for (const [name, value] of settings) await redis.config('SET', name, value)
  } finally {
    redis.disconnect()
  }
}
