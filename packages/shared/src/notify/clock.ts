import { setTimeout as timer } from 'node:timers/promises'

/** Time and chance, as arguments. */
export interface Clock {
  now(): Date
  /** between 0 and 1 */
  random(): number
  /** Resolves after this time, or at once when `signal` aborts; keeps no process alive. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}
export const systemClock: Clock = {
  now: () => new Date(),
  random: Math.random,
  sleep: (milliseconds, signal) => timer(milliseconds, undefined, { signal, ref: false }).catch(() => undefined),
}
