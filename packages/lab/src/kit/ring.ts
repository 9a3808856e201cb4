/** The last `capacity` items, oldest first; what falls out is forgotten. `total` counts everything ever pushed. */
export class Ring<T> {
  private items: (T | undefined)[] = []
  private start = 0
  readonly capacity: number
  total = 0

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) throw new Error(`a ring holds at least one item, not ${capacity}`)
    this.capacity = capacity
  }

  get size(): number {
    return this.items.length
  }
  get truncated(): boolean {
    return this.total > this.items.length
  }

  /** Returns what fell out to make room. */
  push(item: T): T | undefined {
    this.total += 1
    if (this.items.length < this.capacity) {
      this.items.push(item)
      return undefined
    }
    const fallen = this.items[this.start]
    this.items[this.start] = item
    this.start = (this.start + 1) % this.capacity
    return fallen
  }

  /** The newest `count` items, oldest of them first. */
  last(count: number): T[] {
    const size = this.items.length
    const wanted = Math.max(0, Math.min(count, size))
    const found: T[] = []
    for (let index = size - wanted; index < size; index += 1) {
      found.push(this.items[(this.start + index) % size] as T)
    }
    return found
  }

  all(): T[] {
    return this.last(this.items.length)
  }

  clear(): void {
    this.items = []
    this.start = 0
    this.total = 0
  }
}
