import { BoundedMap } from './bounded-map.ts'

/** How often each id was seen, kept for the newest `capacity` ids. Finds what came or went twice without keeping the messages. */
export class Tally {
  private readonly seen: BoundedMap<string, number>
  private readonly repeatedIds: BoundedMap<string, number>
  /** occurrences beyond the first, over all ids ever */
  repeats = 0

  constructor(capacity: number) {
    this.seen = new BoundedMap(capacity)
    this.repeatedIds = new BoundedMap(1000)
  }

  /** How often the id has been counted now. */
  count(id: string): number {
    const times = (this.seen.get(id) ?? 0) + 1
    this.seen.set(id, times)
    if (times > 1) {
      this.repeats += 1
      this.repeatedIds.set(id, times)
    }
    return times
  }
  timesOf(id: string): number {
    return this.seen.get(id) ?? 0
  }
  /** The newest repeated ids. */
  repeated(): { id: string; times: number }[] {
    return [...this.repeatedIds].map(([id, times]) => ({ id, times }))
  }
  clear(): void {
    this.seen.clear()
    this.repeatedIds.clear()
    this.repeats = 0
  }
}
