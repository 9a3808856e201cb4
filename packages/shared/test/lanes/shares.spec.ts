import { describe, expect, it } from '@jest/globals'
import { lanesOf } from '../../src/lanes/index.ts'
import { laneCount } from '../../src/model/index.ts'

const pods = (count: number, seed = '') => Array.from({ length: count }, (_, index) => `line-connector-7d9f${seed}-${index}`)
const ownersOf = (replicas: readonly string[]) => {
  const owners = new Map<number, string>()
  for (const replica of replicas)
    for (const lane of lanesOf(replica, replicas)) owners.set(lane, owners.has(lane) ? `${owners.get(lane)} and ${replica}` : replica)
  return owners
}

describe('lanesOf', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 9, 16, 20])('gives each lane to exactly one of %d replicas', count => {
    const replicas = pods(count)

    const owners = ownersOf(replicas)

    expect([...owners.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: laneCount }, (_, lane) => lane))
    for (const owner of owners.values()) expect(replicas).toContain(owner)
  })

  it.each([1, 2, 3, 4, 5, 7, 8, 9, 16])('gives each of %d replicas its fair share, no more and no less', count => {
    for (let seed = 0; seed < 20; seed += 1) {
      const replicas = pods(count, String(seed))
      for (const replica of replicas) {
        const share = lanesOf(replica, replicas).size

        expect(share).toBeLessThanOrEqual(Math.ceil(laneCount / count))
        expect(share).toBeGreaterThanOrEqual(Math.floor(laneCount / count))
      }
    }
  })

  it('is the same whatever the order in which replicas are known', () => {
    const replicas = pods(5)

    for (const replica of replicas) expect(lanesOf(replica, [...replicas].reverse())).toEqual(lanesOf(replica, replicas))
    expect(lanesOf('line-connector-7d9f-2', [...replicas, ...replicas])).toEqual(lanesOf('line-connector-7d9f-2', replicas))
  })

  it('counts the replica that asks, also when the others have not heard of it', () => {
    expect(lanesOf('new', pods(3))).toEqual(lanesOf('new', [...pods(3), 'new']))
    expect(lanesOf('alone', []).size).toBe(laneCount)
  })

  it('moves few lanes when a replica comes or goes', () => {
    let moved = 0
    const rounds = 50
    for (let seed = 0; seed < rounds; seed += 1) {
      const before = ownersOf(pods(3, String(seed)))
      const after = ownersOf(pods(4, String(seed)))
      for (const [lane, owner] of after) if (before.get(lane) !== owner) moved += 1
    }

    // four lanes have to move to a fourth replica; a division by remainder would move twelve
    expect(moved / rounds).toBeLessThanOrEqual(6.5)
    expect(moved / rounds).toBeGreaterThanOrEqual(4)
  })

  it('gives the lanes of one that went to the others', () => {
    const all = pods(4)
    const before = ownersOf(all)
    const after = ownersOf(all.slice(0, 3))

    const kept = [...before].filter(([lane, owner]) => all.indexOf(owner) < 3 && after.get(lane) === owner)

    expect(kept.length).toBeGreaterThanOrEqual(8)
  })
})
