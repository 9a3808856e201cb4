import { describe, expect, it } from '@jest/globals'
import { Parking } from '../../src/lanes/index.ts'
import { steadyNow } from '../../src/lanes/steady-clock.ts'
import type { Redis } from '../../src/redis/index.ts'

const conversation = 'tenant/guest'

/** What a replica finds of a conversation that the one before it has parked until `due`. */
async function found(due: number): Promise<number> {
  const redis = { zrange: async () => [conversation, String(due)] } as unknown as Redis
  const parking = new Parking({ redis, kind: 'message' })
  await parking.load(2)
  return parking.dueAt(2, conversation)
}

describe('a conversation that another replica has parked', () => {
  it('waits a minute at the most when that replica’s clock was an hour fast', async () => {
    const before = steadyNow()

    const due = await found(before + 3_600_000)

    expect(due).toBeGreaterThanOrEqual(before + 60_000)
    expect(due).toBeLessThanOrEqual(steadyNow() + 60_000)
  })

  it.each([
    ['in less than a minute', 45_000],
    ['by now', -3_600_000],
  ])('goes on when that replica has said, if that is %s', async (_name, fromNow) => {
    const due = Math.round(steadyNow()) + fromNow

    expect(await found(due)).toBe(due)
  })
})
