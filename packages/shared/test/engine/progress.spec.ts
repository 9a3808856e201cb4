import { describe, expect, it } from '@jest/globals'
import { SendProgress } from '../../src/engine/progress.ts'
import type { Redis } from '../../src/redis/index.ts'

/** As much of Redis as is needed. `mood`: it works, its answers get lost, or it hears nothing. */
class MoodyRedis {
  mood: 'well' | 'mute' | 'deaf' = 'well'
  readonly hashes = new Map<string, Record<string, string>>()

  hgetall = async (key: string) => this.answer(() => ({ ...this.hashes.get(key) }))
  hdel = async (key: string, field: string) => this.answer(() => delete this.hashes.get(key)?.[field])
  del = async (key: string) => this.answer(() => this.hashes.delete(key))
  multi = () => ({
    hset: (key: string, field: string, value: string) => ({
      expire: () => ({ exec: () => this.answer(() => this.hashes.set(key, { ...this.hashes.get(key), [field]: value })) }),
    }),
  })

  private async answer<T>(command: () => T): Promise<T> {
    const result = this.mood === 'deaf' ? undefined : command()
    if (this.mood !== 'well') throw new Error('Command timed out')
    return result as T
  }
}
function replicas() {
  const redis = new MoodyRedis()
  const [mine, another] = [new SendProgress(redis as unknown as Redis), new SendProgress(redis as unknown as Redis)]
  return { redis, mine, another }
}
const isClaimed = async (progress: SendProgress) => progress.isClaimed(await progress.read('m1'), '0.0')

describe('the progress of a message', () => {
  it('has a claim that every replica sees until the call is known not to have been delivered', async () => {
    const { mine, another } = replicas()

    await mine.claim('m1', '0.0')

    expect([await isClaimed(mine), await isClaimed(another)]).toEqual([true, true])
    expect(mine.isClaimed(await mine.read('m1'), '0.1')).toBe(false)
    await mine.unclaim('m1', '0.0')
    expect([await isClaimed(mine), await isClaimed(another)]).toEqual([false, false])
  })

  it('has no claim for who knows that the call was never made, although Redis has written it down', async () => {
    const { redis, mine, another } = replicas()
    redis.mood = 'mute'

    await expect(mine.claim('m1', '0.0')).rejects.toThrow('timed out')

    redis.mood = 'well'
    expect(await isClaimed(mine)).toBe(false)
    // whoever does not know it must take it for true
    expect(await isClaimed(another)).toBe(true)
  })

  it('has a claim again when the next try has written it', async () => {
    const { redis, mine } = replicas()
    redis.mood = 'mute'
    await mine.claim('m1', '0.0').catch(() => undefined)
    redis.mood = 'well'

    await mine.claim('m1', '0.0')

    expect(await isClaimed(mine)).toBe(true)
  })

  it('has no claim for who knows that the call was not delivered, although Redis did not hear of it', async () => {
    const { redis, mine } = replicas()
    await mine.claim('m1', '0.0')
    redis.mood = 'deaf'

    await expect(mine.unclaim('m1', '0.0')).rejects.toThrow('timed out')

    redis.mood = 'well'
    expect(await isClaimed(mine)).toBe(false)
  })

  it('knows what went well, although Redis did not hear of it', async () => {
    const { redis, mine } = replicas()
    redis.mood = 'deaf'

    await expect(mine.done('m1', '0.0.done', 'p-1', true)).rejects.toThrow('timed out')

    redis.mood = 'well'
    expect(await mine.read('m1')).toMatchObject({ '0.0.done': 'p-1' })
  })

  it('tells others what went well only if there is more to send', async () => {
    const { mine, another } = replicas()

    await mine.done('m1', '0.0.done', 'p-1', false)
    await mine.done('m2', '0', 'p-2', true)

    expect(await another.read('m1')).toEqual({})
    expect(await another.read('m2')).toEqual({ '0': 'p-2' })
  })

  it('is forgotten everywhere', async () => {
    const { redis, mine } = replicas()
    await mine.claim('m1', '0.0')
    await mine.done('m1', '0.0.done', '', false)

    await mine.forget('m1')

    expect(await mine.read('m1')).toEqual({})
    expect(redis.hashes.size).toBe(0)
  })
})
