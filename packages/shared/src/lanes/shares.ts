import { createHash } from 'node:crypto'
import { laneCount } from '../model/ids.ts'

/**
 * Which lanes a replica should own: rendezvous hashing with bounded load. Every replica computes the same answer from the same list; each gets a fair
 * share (at most ceil(lanes / replicas)), and few lanes move when a replica comes or goes.
 */
export function lanesOf(replica: string, replicas: readonly string[]): Set<number> {
  const live = [...new Set([...replicas, replica])].sort()
  const room = Math.ceil(laneCount / live.length)
  const load = new Map(live.map(name => [name, 0]))
  const mine = new Set<number>()
  for (let lane = 0; lane < laneCount; lane += 1) {
    const owner = live
      .filter(name => (load.get(name) ?? 0) < room)
      .reduce((best, name) => (score(lane, name) > score(lane, best) ? name : best), leastLoaded(live, load))
    load.set(owner, (load.get(owner) ?? 0) + 1)
    if (owner === replica) mine.add(lane)
  }
  return mine
}
function leastLoaded(live: readonly string[], load: ReadonlyMap<string, number>): string {
  return live.reduce((best, name) => ((load.get(name) ?? 0) < (load.get(best) ?? 0) ? name : best), live[0] ?? '')
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
