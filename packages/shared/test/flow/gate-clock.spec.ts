import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { TenantGate } from '../../src/flow/index.ts'
import type { Redis } from '../../src/redis/index.ts'

const hour = 3_600_000
const realNow = performance.now.bind(performance)
/** the clock of Redis, and what that of the replica at work is ahead of it */
let shared: number
let ahead: number
let redis: Redis
beforeEach(() => {
  shared = Date.parse('2026-02-03T04:05:06Z')
  ahead = 0
  redis = sharedRedis()
  jest.spyOn(performance, 'now').mockImplementation(() => realNow() + ahead)
})
afterEach(() => {
  jest.restoreAllMocks()
})

/** As much of Redis as gates need. */
function sharedRedis(): Redis {
  const gates = new Map<string, string>()
  const batch = {
    hset: (_key: string, gate: string, text: string) => {
      gates.set(gate, text)
      return batch
    },
    del: () => batch,
    exec: async () => [],
  }
  return {
    hgetall: async () => Object.fromEntries(gates),
    hget: async (_key: string, gate: string) => gates.get(gate) ?? null,
    time: async () => [String(Math.floor(shared / 1000)), String((shared % 1000) * 1000)],
    set: async () => 'OK',
    multi: () => batch,
  } as unknown as Redis
}
const replica = () => new TenantGate({ redis, name: 'pigeon' })

describe.each([
  ['an hour fast', hour],
  ['an hour slow', -hour],
])('a replica whose clock is %s', (_name, offset) => {
  it('closes a gate for as long as any other would', async () => {
    const [wrong, right] = [replica(), replica()]
    ahead = offset
    await wrong.pause('tenant', 'token refused')
    const own = await wrong.enter('tenant')
    ahead = 0

    const wait = await right.enter('tenant')

    for (const each of [own, wait]) {
      expect(each).toBeGreaterThan(4000)
      expect(each).toBeLessThanOrEqual(5500)
    }
    expect(Math.abs(((await right.state('tenant'))?.since ?? 0) - shared)).toBeLessThan(1000)
  })

  it('keeps to a gate that another has closed, until its time has come', async () => {
    const [wrong, right] = [replica(), replica()]
    await right.pause('tenant', 'token refused')
    ahead = offset

    const early = await wrong.enter('tenant')
    shared += 6000
    wrong.expire()
    const later = await wrong.enter('tenant')

    expect(early).toBeGreaterThan(4000)
    expect(early).toBeLessThanOrEqual(5500)
    expect(later).toBe(0)
  })
})
