import { setImmediate as turn } from 'node:timers/promises'
import { jest } from '@jest/globals'
import { laneName } from '../../src/model/index.ts'
import type { Redis } from '../../src/redis/index.ts'

/** The leases of lanes in a Redis that knows one live replica; needs `fakeIntervals`. */
export class MemoryLeases {
  private readonly leases = new Map<string, { owner: string; until: number }>()
  private now = 0
  /** how often the replica has said that it lives */
  heartbeats = 0
  /** Redis does what it is asked at once; its answers come when these have resolved */
  readonly answers: { lease?: Promise<void>; release?: Promise<void> } = {}

  readonly redis = {
    eval: async (_script: string, count: number, ...given: (string | number)[]) => {
      const keys = given.slice(0, count).map(String)
      const [replica, milliseconds] = given.slice(count)
      if (keys[0] === 'lane:replicas') {
        this.heartbeats += 1
        return [replica]
      }
      // a lease is asked for with its time, and is given back without
      const asked = milliseconds === undefined ? 'release' : 'lease'
      const done = keys.map(key => (asked === 'release' ? this.release(key, String(replica)) : this.take(key, String(replica), Number(milliseconds))))
      await this.answers[asked]
      return done
    },
    zrem: async () => 1,
  } as unknown as Redis

  /** One beat of the replica, with what it does at once. */
  async beat(): Promise<void> {
    this.now += 1000
    jest.advanceTimersByTime(1000)
    await turn()
  }
  ownerOf(lane: number): string | undefined {
    return this.owner(keyOf(lane))
  }
  give(lane: number, owner: string): void {
    this.leases.set(keyOf(lane), { owner, until: Number.POSITIVE_INFINITY })
  }
  free(lane: number): void {
    this.leases.delete(keyOf(lane))
  }

  private owner(key: string): string | undefined {
    const lease = this.leases.get(key)
    return lease === undefined || lease.until <= this.now ? undefined : lease.owner
  }
  private take(key: string, replica: string, milliseconds: number): number {
    if ((this.owner(key) ?? replica) !== replica) return 0
    this.leases.set(key, { owner: replica, until: this.now + milliseconds })
    return 1
  }
  private release(key: string, replica: string): number {
    return this.owner(key) === replica && this.leases.delete(key) ? 1 : 0
  }
}
const keyOf = (lane: number) => `lane:lease:${laneName(lane)}`
