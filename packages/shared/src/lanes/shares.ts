import { createHash } from 'node:crypto'
import { laneCount } from '../model/ids.ts'

/**
 * Which lanes a replica should own: rendezvous hashing with bounded load. Every replica computes the same answer from the same list; each gets a fair
 * share (the same number as the others, or one more), and few lanes move when a replica comes or goes.
 */
export function lanesOf(replica: string, replicas: readonly string[]): Set<number> {
  const live = [...new Set([...replicas, replica])].sort()
  const fair = Math.floor(laneCount / live.length)
  let spare = laneCount % live.length
  const load = new Map<string, number>()
  const loadOf = (name: string) => load.get(name) ?? 0
  const mine = new Set<number>()
  for (let lane = 0; lane < laneCount; lane += 1) {
    const owner = live
      .filter(name => loadOf(name) < fair || (spare > 0 && loadOf(name) === fair))
      .reduce((best, name) => (score(lane, name) > score(lane, best) ? name : best))
    if (loadOf(owner) === fair) spare -= 1
    load.set(owner, loadOf(owner) + 1)
    if (owner === replica) mine.add(lane)
  }
  return mine
}
const scores = new Map<string, number>()
function score(lane: number, replica: string): number {
  const key = `${lane}:${replica}`
  let value = scores.get(key)
  if (value === undefined) {
    if (scores.size > 4096) scores.clear()
    value = createHash('sha1').update(key).digest().readUInt32BE(0)
    scores.set(key, value)
  }
  return value
}
