import { LineFull, Slots } from '../flow/slots.ts'
import { refusal } from './failure.ts'

const waitMilliseconds = 30_000
const maxWaiting = 64

/**
 * How many uploads run side by side: each one holds buffers, and some clouds want one at a time per account. Others wait in line, their bytes stay at the
 * sender; when the line is too long or too slow, they are sent away to come back. `weight`: how many slots an upload takes.
 */
export class UploadSlots {
  private readonly slots: Slots

  constructor(limits: { perReplica?: number; perStorage?: number } = {}) {
    this.slots = new Slots({ total: limits.perReplica ?? 8, perKey: limits.perStorage })
  }

  /** Returns what gives the slot back. Throws ApiError when there is none in time, or `signal` ends the wait. */
  async take(storageId: string, weight: number, signal: AbortSignal): Promise<() => void> {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), waitMilliseconds).unref()
    try {
      return await this.slots.take(storageId, { weight, maxWaiting, signal: AbortSignal.any([signal, late.signal]) })
    } catch (error) {
      const why = error instanceof LineFull ? 'too many uploads are waiting' : 'no upload slot became free in time'
      throw refusal('unavailable', why, true, { afterSeconds: 5 })
    } finally {
      clearTimeout(timer)
    }
  }
}
