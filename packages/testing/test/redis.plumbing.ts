import { describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { eventually } from '../src/eventually.ts'
import { isAlive } from '../src/process.ts'
import { startRedis } from '../src/redis.ts'

async function withClient<T>(url: string, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { maxRetriesPerRequest: 1 })
  client.on('error', () => undefined)
  try {
    return await use(client)
  } finally {
    client.disconnect()
  }
}

describe('startRedis', () => {
  it('keeps what was written over kill -9 and a restart on the same port', async () => {
    const redis = await startRedis()
    await withClient(redis.url, async client => {
      await client.set('kept', 'yes')
      await eventually(async () => (await client.info('persistence')).includes('aof_pending_bio_fsync:0'))
    })

    await redis.kill9()
    await redis.restart()

    expect(await withClient(redis.url, client => client.get('kept'))).toBe('yes')
    await redis.stop()
  })

  it('writes append-only, every second, and makes no snapshots', async () => {
    const redis = await startRedis()

    const [appendonly, appendfsync, save] = await withClient(redis.url, client =>
      Promise.all([client.config('GET', 'appendonly'), client.config('GET', 'appendfsync'), client.config('GET', 'save')]),
    )

    expect(appendonly).toEqual(['appendonly', 'yes'])
    expect(appendfsync).toEqual(['appendfsync', 'everysec'])
    expect(save).toEqual(['save', ''])
    await redis.stop()
  })

  it('lets nobody in without the password', async () => {
    const redis = await startRedis({ password: 'p4ss-word' })

    const stranger = withClient(`redis://127.0.0.1:${redis.port}`, client => client.get('x'))
    await expect(stranger).rejects.toThrow('NOAUTH')

    expect(await withClient(redis.url, client => client.ping())).toBe('PONG')
    await redis.stop()
  })

  it('answers nothing while it is paused, and goes on when it is resumed', async () => {
    const redis = await startRedis()
    await withClient(redis.url, async client => {
      await client.ping()
      let answered = false

      await redis.pause()
      const ping = client.ping().then(() => {
        answered = true
      })
      await new Promise(resolve => setTimeout(resolve, 100))
      const duringPause = answered
      await redis.resume()
      await ping

      expect(duringPause).toBe(false)
    })
    await redis.stop()
  })

  it('leaves no process behind, also when it was paused', async () => {
    const redis = await startRedis()
    const pids = redis.pids()
    await redis.pause()

    await redis.stop()

    expect(pids.filter(isAlive)).toEqual([])
  })
})
