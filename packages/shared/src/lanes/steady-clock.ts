/**
 * Milliseconds since 1970 that never jump: the wall clock as it was when this process began, and what has passed since. Waits are measured with it, so that a clock which is set
 * while messages wait neither holds them up nor lets them go early.
 */
export function steadyNow(): number {
  return performance.timeOrigin + performance.now()
}
