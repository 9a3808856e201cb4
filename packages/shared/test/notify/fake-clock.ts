import type { Clock } from '../../src/notify/clock.ts'

/** Time that passes only while somebody sleeps. */
export class FakeClock implements Clock {
  readonly slept: number[] = []
  private milliseconds = Date.parse('2026-02-03T04:05:06.000Z')
  chance = 0.5
  /** called at each sleep; while it answers a promise the sleeper waits for that, too */
  onSleep: (milliseconds: number, signal: AbortSignal) => Promise<void> | undefined = () => undefined

  now(): Date {
    return new Date(this.milliseconds)
  }
  random(): number {
    return this.chance
  }
  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.slept.push(milliseconds)
    await this.onSleep(milliseconds, signal)
    this.milliseconds += milliseconds
  }
  pass(milliseconds: number): void {
    this.milliseconds += milliseconds
  }
}

/** Resolves when `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
