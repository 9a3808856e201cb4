import { refusal } from './failure.ts'

const waitMilliseconds = 30_000
const maxWaiting = 64

interface Waiting {
  storageId: string
  start(): void
}

/**
 * How many uploads run side by side: each one holds buffers, and some clouds want one at a time per account. Others wait in line, their bytes stay at the
 * sender; when the line is too long or too slow, they are sent away to come back.
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
  async take(storageId: string, signal: AbortSignal): Promise<() => void> {
    if (!this.isFree(storageId)) await this.wait(storageId, signal)
    else this.occupy(storageId)
    let isGiven = false
    return () => {
      if (isGiven) return
      isGiven = true
      this.leave(storageId)
    }
  }

  private wait(storageId: string, signal: AbortSignal): Promise<void> {
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

  private isFree(storageId: string): boolean {
    return this.total < this.perReplica && (this.running.get(storageId) ?? 0) < this.perStorage
  }
  private occupy(storageId: string): void {
    this.total += 1
    this.running.set(storageId, (this.running.get(storageId) ?? 0) + 1)
  }
  private leave(storageId: string): void {
    this.total -= 1
    const left = (this.running.get(storageId) ?? 1) - 1
    if (left === 0) this.running.delete(storageId)
    else this.running.set(storageId, left)
    const next = this.line.find(waiting => this.isFree(waiting.storageId))
    if (next === undefined) return
    this.occupy(next.storageId)
    next.start()
  }
}
