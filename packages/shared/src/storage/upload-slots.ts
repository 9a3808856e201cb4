import { refusal } from './failure.ts'

const waitMilliseconds = 30_000
const maxWaiting = 64

interface Waiting {
  storageId: string
  weight: number
  start(): void
}

/**
 * How many uploads run side by side: each one holds buffers, and some clouds want one at a time per account. Others wait in line, their bytes stay at the
 * sender; when the line is too long or too slow, they are sent away to come back. `weight`: how many slots an upload takes.
 */
export class UploadSlots {
  private readonly perReplica: number
  private readonly perStorage: number
  private readonly running = new Map<string, number>()
  private total = 0
  private line: Waiting[] = []

  constructor(limits: { perReplica?: number; perStorage?: number } = {}) {
    this.perReplica = limits.perReplica ?? 8
    this.perStorage = limits.perStorage ?? Number.POSITIVE_INFINITY
  }

  /** Returns what gives the slot back. Throws ApiError when there is none in time, or `signal` ends the wait. */
  async take(storageId: string, wantedWeight: number, signal: AbortSignal): Promise<() => void> {
    const weight = Math.min(wantedWeight, this.perReplica)
    if (this.isCrowded() || !this.isFree(storageId, weight)) await this.wait(storageId, weight, signal)
    else this.occupy(storageId, weight)
    let isGiven = false
    return () => {
      if (isGiven) return
      isGiven = true
      this.leave(storageId, weight)
    }
  }

  private wait(storageId: string, weight: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.line.length >= maxWaiting) throw refusal('unavailable', 'too many uploads are waiting', true, { afterSeconds: 5 })
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', giveUp)
        this.line = this.line.filter(other => other !== waiting)
      }
      const giveUp = (): void => {
        settle()
        reject(refusal('unavailable', 'no upload slot became free in time', true, { afterSeconds: 5 }))
      }
      const waiting: Waiting = {
        storageId,
        weight,
        start: () => {
          settle()
          resolve()
        },
      }
      const timer = setTimeout(giveUp, waitMilliseconds).unref()
      signal.addEventListener('abort', giveUp, { once: true })
      this.line.push(waiting)
    })
  }

  /** someone waits for room, and newcomers go behind */
  private isCrowded(): boolean {
    return this.line.some(({ storageId }) => (this.running.get(storageId) ?? 0) < this.perStorage)
  }
  private isFree(storageId: string, weight: number): boolean {
    return this.total + weight <= this.perReplica && (this.running.get(storageId) ?? 0) < this.perStorage
  }
  private occupy(storageId: string, weight: number): void {
    this.total += weight
    this.running.set(storageId, (this.running.get(storageId) ?? 0) + 1)
  }
  private leave(storageId: string, weight: number): void {
    this.total -= weight
    const left = (this.running.get(storageId) ?? 1) - 1
    if (left === 0) this.running.delete(storageId)
    else this.running.set(storageId, left)
    this.admit()
  }
  /** In the order they came; who waits for a crowded storage is passed, who waits for room is not: small uploads would keep large ones out for ever. */
  private admit(): void {
    for (const next of [...this.line]) {
      if ((this.running.get(next.storageId) ?? 0) >= this.perStorage) continue
      if (!this.isFree(next.storageId, next.weight)) return
      this.occupy(next.storageId, next.weight)
      next.start()
    }
  }
}
