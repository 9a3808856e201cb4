/** A map that forgets its least recently set or touched entry when there are more than `capacity`. */
export class BoundedMap<K, V> {
  private readonly entries = new Map<K, V>()
  readonly capacity: number
  private readonly forgotten: ((key: K, value: V) => void) | undefined

  constructor(capacity: number, forgotten?: (key: K, value: V) => void) {
    this.capacity = capacity
    this.forgotten = forgotten
  }

  get size(): number {
    return this.entries.size
  }
  has(key: K): boolean {
    return this.entries.has(key)
  }
  get(key: K): V | undefined {
    return this.entries.get(key)
  }
  /** Reads, and makes the entry the last to be forgotten. */
  touch(key: K): V | undefined {
    const value = this.entries.get(key)
    if (value === undefined) return undefined
    this.entries.delete(key)
    this.entries.set(key, value)
    return value
  }
  set(key: K, value: V): void {
    this.entries.delete(key)
    this.entries.set(key, value)
    while (this.entries.size > this.capacity) {
      const oldest = this.entries.entries().next().value
      if (oldest === undefined) return
      this.entries.delete(oldest[0])
      this.forgotten?.(oldest[0], oldest[1])
    }
  }
  delete(key: K): boolean {
    return this.entries.delete(key)
  }
  /** Oldest first. */
  values(): MapIterator<V> {
    return this.entries.values()
  }
  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries.entries()
  }
  clear(): void {
    this.entries.clear()
  }
}

/** The newest `limit` values of a map that keeps its newest last. */
export function newest<V>(
  map: { values(): IterableIterator<V>; size: number },
  limit: number,
  wanted: (value: V) => boolean = () => true,
): { items: V[]; more: boolean } {
  const fitting = [...map.values()].filter(wanted)
  return { items: fitting.slice(-limit).reverse(), more: fitting.length > limit }
}
