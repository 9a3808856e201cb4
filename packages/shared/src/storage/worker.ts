import type { StorageCore } from './core.ts'
import { runDuePurges } from './purge.ts'
import { sweepGivenUp, sweepStorages } from './sweep.ts'

const pauseMilliseconds = 5_000
const sweepMilliseconds = 3_600_000

/** Removes what is due: after conversations ended, after uploads failed, and by age. Every replica runs one; everything it must know is in Redis. */
export class PurgeWorker {
  private readonly core: StorageCore
  private readonly stopping = new AbortController()
  private timer: NodeJS.Timeout | undefined
  private turn: Promise<void> = Promise.resolve()
  private nextSweep = 0

  constructor(core: StorageCore) {
    this.core = core
  }

  start(): void {
    this.schedule(pauseMilliseconds * Math.random())
  }
  /** Something may be due at once. */
  wake(): void {
    if (this.timer !== undefined) this.schedule(0)
  }
  /** Ends after the removal in hand. */
  async stop(): Promise<void> {
    this.stopping.abort()
    clearTimeout(this.timer)
    this.timer = undefined
    await this.turn
  }
  /** One round of everything that is due by now. Throws RecordsAway. */
  async runOnce(): Promise<void> {
    const { core, stopping } = this
    await runDuePurges(core, stopping.signal)
    await sweepGivenUp(core, stopping.signal)
    const now = core.options.now().getTime()
    if (now < this.nextSweep) return
    await sweepStorages(core, stopping.signal)
    this.nextSweep = now + sweepMilliseconds
  }

  private schedule(milliseconds: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.turn = this.turn.then(() => this.round())
    }, milliseconds)
  }
  private async round(): Promise<void> {
    if (this.stopping.signal.aborted) return
    try {
      await this.runOnce()
    } catch (error) {
      this.core.options.log.warn({ err: error }, 'removing attachments is interrupted and goes on in a moment')
    }
    if (!this.stopping.signal.aborted) this.schedule(pauseMilliseconds)
  }
}
