import { describe, expect, it, jest } from '@jest/globals'
import { UploadSlots } from '../../src/storage/upload-slots.ts'

const never = new AbortController().signal
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending')
  await new Promise(setImmediate)
  return (await Promise.race([promise.catch(() => undefined), Promise.resolve(pending)])) === pending
}

describe('UploadSlots', () => {
  it('lets as many run as it has slots, the next when one leaves, in the order they came', async () => {
    const slots = new UploadSlots({ perReplica: 2 })
    const first = await slots.take('a', 1, never)
    await slots.take('b', 1, never)
    const third = slots.take('c', 1, never)
    const fourth = slots.take('d', 1, never)

    expect(await isPending(third)).toBe(true)
    first()

    await third
    expect(await isPending(fourth)).toBe(true)
  })

  it('lets others pass who do not want the crowded storage', async () => {
    const slots = new UploadSlots({ perReplica: 2, perStorage: 1 })
    const leaveA = await slots.take('a', 1, never)
    const again = slots.take('a', 1, never)

    const leaveB = await slots.take('b', 1, never)
    expect(await isPending(again)).toBe(true)
    leaveB()
    expect(await isPending(again)).toBe(true)
    leaveA()

    await again
  })

  it('lets heavy uploads take several slots, but never more than there are', async () => {
    const slots = new UploadSlots({ perReplica: 8 })
    await slots.take('a', 4, never)
    const leave = await slots.take('a', 4, never)
    const third = slots.take('a', 4, never)

    expect(await isPending(third)).toBe(true)
    leave()

    await third
    await new UploadSlots({ perReplica: 2 }).take('a', 4, never)
  })

  it('does not let light uploads overtake a heavy one that waits for room', async () => {
    const slots = new UploadSlots({ perReplica: 4 })
    const leaveFirst = await slots.take('a', 1, never)
    const heavy = slots.take('a', 4, never)
    const light = slots.take('a', 1, never)

    expect(await isPending(light)).toBe(true)
    leaveFirst()
    const leaveHeavy = await heavy
    expect(await isPending(light)).toBe(true)
    leaveHeavy()

    await light
  })

  it('gives a slot back once, however often it is given back', async () => {
    const slots = new UploadSlots({ perReplica: 1 })
    const leave = await slots.take('a', 1, never)
    leave()
    leave()
    await slots.take('a', 1, never)

    expect(await isPending(slots.take('a', 1, never))).toBe(true)
  })

  it('does not keep a place for who went away', async () => {
    const slots = new UploadSlots({ perReplica: 1 })
    const leave = await slots.take('a', 1, never)
    const goingAway = new AbortController()
    const gone = slots.take('a', 1, goingAway.signal)
    const next = slots.take('a', 1, never)

    goingAway.abort()
    await expect(gone).rejects.toMatchObject({ code: 'unavailable' })
    leave()

    await next
  })

  it('sends away who waits too long, or finds a long line', async () => {
    jest.useFakeTimers()
    try {
      const slots = new UploadSlots({ perReplica: 1 })
      await slots.take('a', 1, never)
      const waiting = Array.from({ length: 64 }, () => slots.take('a', 1, never))
      const outcomes = Promise.allSettled(waiting)

      await expect(slots.take('a', 1, never)).rejects.toMatchObject({ code: 'unavailable', members: { retryable: true }, headers: { 'retry-after': '5' } })
      jest.advanceTimersByTime(30_000)

      expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true)
    } finally {
      jest.useRealTimers()
    }
  })

  it('turns away those for whom there is no more room to wait, and nobody who need not wait', async () => {
    const slots = new UploadSlots({ perReplica: 8, perStorage: 1 })
    await slots.take('a', 1, never)
    for (let index = 0; index < 64; index += 1) void slots.take('a', 1, never).catch(() => undefined)

    await slots.take('b', 1, never)

    await expect(slots.take('a', 1, never)).rejects.toThrow('too many uploads are waiting')
  })
})
