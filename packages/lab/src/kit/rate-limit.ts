/** At most `limit` in any window of `windowMs`, counted in fixed windows as Genesys Cloud does. */
export class FixedWindow {
  readonly limit: number
  readonly windowMs: number
  private startedAt = Number.NEGATIVE_INFINITY
  private count = 0

  constructor(limit: number, windowMs: number) {
    this.limit = limit
    this.windowMs = windowMs
  }

  /** Counts one; `allowed` false when it is over the limit. `resetMs`: until the window ends. */
  take(now: number): { allowed: boolean; count: number; resetMs: number } {
    if (now - this.startedAt >= this.windowMs) {
      this.startedAt = now
      this.count = 0
    }
    this.count += 1
    return { allowed: this.count <= this.limit, count: this.count, resetMs: this.startedAt + this.windowMs - now }
  }
}

/** `perSecond` on average, `burst` at once. */
export class TokenBucket {
  private readonly perSecond: number
  private readonly burst: number
  private tokens: number
  private filledAt: number | undefined

  constructor(perSecond: number, burst: number) {
    this.perSecond = perSecond
    this.burst = burst
    this.tokens = burst
  }

  /** Takes one and returns 0, or takes nothing and returns the milliseconds until one is there. */
  take(now: number): number {
    this.tokens = Math.min(this.burst, this.tokens + ((now - (this.filledAt ?? now)) / 1000) * this.perSecond)
    this.filledAt = now
    if (this.tokens >= 1) {
      this.tokens -= 1
      return 0
    }
    return Math.max(1, Math.ceil(((1 - this.tokens) / this.perSecond) * 1000))
  }
}
