/** Nobody may wait any more. */
export class LineFull extends Error {
  override readonly name = 'LineFull'
}

interface Waiting {
  key: string
  weight: number
  start(): void
}

/**
 * How much of something runs side by side in this process, in all and per key (a tenant, a storage). Others wait in line, in the order they came: who waits for a crowded key is
 * passed, who waits for room is not, since small ones would keep a large one out for ever.
 */
export class Slots {
  private readonly total: number
  private readonly perKey: number
  private readonly running = new Map<string, number>()
  private occupied = 0
  private line: Waiting[] = []

  constructor(limits: { total: number; perKey?: number | undefined }) {
    this.total = limits.total
    this.perKey = limits.perKey ?? Number.POSITIVE_INFINITY
  }

  /** how many wait in line */
  get waiting(): number {
    return this.line.length
  }

  /**
   * Returns what gives the slot back. `weight`: how much of the total it takes. Rejects with the reason of `signal` when that ends the wait, with LineFull when
   * `maxWaiting` wait already.
   */
  async take(
    key: string,
    { weight = 1, signal, maxWaiting = Number.POSITIVE_INFINITY }: { weight?: number; signal?: AbortSignal; maxWaiting?: number } = {},
  ): Promise<() => void> {
    const size = Math.min(weight, this.total)
    if (this.isCrowded() || !this.isFree(key, size)) {
      if (this.line.length >= maxWaiting) throw new LineFull('too many wait')
      await this.wait(key, size, signal)
    } else this.occupy(key, size)
    let isGiven = false
    return () => {
      if (isGiven) return
      isGiven = true
      this.leave(key, size)
    }
  }

  private wait(key: string, weight: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        signal?.removeEventListener('abort', giveUp)
        this.line = this.line.filter(other => other !== waiting)
      }
      const giveUp = (): void => {
        settle()
        // those behind may have waited for it only
        this.admit()
        reject(signal?.reason)
      }
      const waiting: Waiting = {
        key,
        weight,
        start: () => {
          settle()
          resolve()
        },
      }
      if (signal?.aborted) return reject(signal.reason)
      signal?.addEventListener('abort', giveUp, { once: true })
      this.line.push(waiting)
    })
  }

  /** someone waits for room, and newcomers go behind */
  private isCrowded(): boolean {
    return this.line.some(({ key }) => (this.running.get(key) ?? 0) < this.perKey)
  }
  private isFree(key: string, weight: number): boolean {
    return this.occupied + weight <= this.total && (this.running.get(key) ?? 0) < this.perKey
  }
  private occupy(key: string, weight: number): void {
    this.occupied += weight
    this.running.set(key, (this.running.get(key) ?? 0) + 1)
  }
  private leave(key: string, weight: number): void {
    this.occupied -= weight
    const left = (this.running.get(key) ?? 1) - 1
    if (left === 0) this.running.delete(key)
    else this.running.set(key, left)
    this.admit()
  }
  private admit(): void {
    for (const next of [...this.line]) {
      if ((this.running.get(next.key) ?? 0) >= this.perKey) continue
      if (!this.isFree(next.key, next.weight)) return
      this.occupy(next.key, next.weight)
      next.start()
    }
  }
}
