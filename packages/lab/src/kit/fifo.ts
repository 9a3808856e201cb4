/** First in, first out, without the cost of `Array.shift` on long arrays. */
export class Fifo<T> {
  private items: (T | undefined)[] = []
  private head = 0

  get size(): number {
    return this.items.length - this.head
  }
  push(item: T): void {
    this.items.push(item)
  }
  peek(): T | undefined {
    return this.items[this.head]
  }
  shift(): T | undefined {
    const item = this.items[this.head]
    if (this.head < this.items.length) {
      this.items[this.head] = undefined
      this.head += 1
    }
    if (this.head > 1024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head)
      this.head = 0
    }
    return item
  }
  /** The first two change places. */
  swap(): void {
    const first = this.items[this.head]
    this.items[this.head] = this.items[this.head + 1]
    this.items[this.head + 1] = first
  }
}
