import { BodyRefused } from './body.ts'

/** Ends an upload when the caller goes away, when it is aborted, or when no byte moves for too long. */
export class Stall {
  private readonly controller = new AbortController()
  private readonly milliseconds: number
  private readonly caller: AbortSignal
  private readonly whenAborted: Promise<never>
  private timer: NodeJS.Timeout

  constructor(milliseconds: number, caller: AbortSignal) {
    this.milliseconds = milliseconds
    this.caller = caller
    this.timer = setTimeout(this.expire, milliseconds)
    this.whenAborted = new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true })
    })
    this.whenAborted.catch(() => undefined)
    if (caller.aborted) this.leave()
    else caller.addEventListener('abort', this.leave, { once: true })
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }
  /** why it was ended; undefined as long as it was not */
  get reason(): unknown {
    return this.signal.aborted ? this.signal.reason : undefined
  }
  moved(): void {
    this.timer.refresh()
  }
  abort(reason: Error): void {
    this.controller.abort(reason)
  }
  /** `work`, or its early end: nobody has to trust that `work` listens to `signal`. */
  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.whenAborted])
  }
  end(): void {
    clearTimeout(this.timer)
    this.caller.removeEventListener('abort', this.leave)
  }

  private readonly expire = (): void => this.abort(new BodyRefused('stalled', `no byte moved for ${this.milliseconds / 1000} s`))
  private readonly leave = (): void => this.abort(new BodyRefused('interrupted', 'the sender went away'))
}
