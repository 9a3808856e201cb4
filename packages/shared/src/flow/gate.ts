import type { Redis } from '../redis/index.ts'

export interface GateState {
  /** paused: the tenant must act. broken: its platform does not answer. */
  kind: 'paused' | 'broken'
  why: string
  since: number
  /** who may try next, and when */
  nextProbe: number
  strikes: number
}
const cacheMilliseconds = 1000
const stateSeconds = 7 * 86_400

/**
 * Per tenant: open, paused (its credentials are refused) or broken (its platform fails again and again). While it is not open, one replica at a time may probe;
 * everything else of that tenant waits, so that it costs the others nothing.
 */
export class TenantGate {
  private readonly redis: Redis
  private readonly name: string
  private readonly cache = new Map<string, { state: GateState | undefined; readAt: number }>()
  private readonly failures = new Map<string, number>()
  private readonly now: () => number

  constructor(options: { redis: Redis; name: string; now?: () => number }) {
    this.redis = options.redis
    this.name = options.name
    this.now = options.now ?? Date.now
  }

  /** Milliseconds to wait; 0: go on (perhaps as the probe). */
  async enter(tenantId: string): Promise<number> {
    const state = await this.read(tenantId)
    if (state === undefined) return 0
    const wait = state.nextProbe - this.now()
    if (wait > 0) return wait + Math.random() * 500
    const mayProbe = await this.redis.set(`${this.key(tenantId)}:probe`, '1', 'PX', 20_000, 'NX')
    return mayProbe === 'OK' ? 0 : 1500 + Math.random() * 1500
  }

  /** true when this closes the gate: the first to know tells people. */
  async pause(tenantId: string, why: string): Promise<boolean> {
    return this.close(tenantId, 'paused', why, strikes => Math.min(5000 * 2 ** strikes, 300_000))
  }
  /** Five failures in a row close it for a moment, longer each time. */
  async failed(tenantId: string, why: string): Promise<void> {
    const count = (this.failures.get(tenantId) ?? 0) + 1
    this.failures.set(tenantId, count)
    const state = await this.read(tenantId)
    if (count < 5 && state === undefined) return
    if (state?.kind === 'paused') return void (await this.pause(tenantId, state.why))
    await this.close(tenantId, 'broken', why, strikes => Math.min(1000 * 2 ** strikes, 15_000))
  }
  /** true when this opens a gate that was closed. */
  async worked(tenantId: string): Promise<GateState | undefined> {
    this.failures.delete(tenantId)
    if (this.cache.get(tenantId)?.state === undefined) return undefined
    return this.open(tenantId)
  }
  async open(tenantId: string): Promise<GateState | undefined> {
    this.failures.delete(tenantId)
    this.cache.delete(tenantId)
    const text = await this.redis.getdel(this.key(tenantId))
    await this.redis.del(`${this.key(tenantId)}:probe`)
    return text === null ? undefined : (JSON.parse(text) as GateState)
  }
  async state(tenantId: string): Promise<GateState | undefined> {
    return this.read(tenantId)
  }

  private async close(tenantId: string, kind: GateState['kind'], why: string, backOff: (strikes: number) => number): Promise<boolean> {
    const before = await this.fresh(tenantId)
    const strikes = before?.kind === kind ? before.strikes + 1 : 0
    const now = this.now()
    const state: GateState = { kind, why, since: before?.since ?? now, strikes, nextProbe: now + backOff(strikes) }
    await this.redis
      .multi()
      .set(this.key(tenantId), JSON.stringify(state), 'EX', stateSeconds)
      .del(`${this.key(tenantId)}:probe`)
      .exec()
    this.cache.set(tenantId, { state, readAt: now })
    return before?.kind !== kind
  }
  private async read(tenantId: string): Promise<GateState | undefined> {
    const cached = this.cache.get(tenantId)
    if (cached !== undefined && this.now() - cached.readAt < cacheMilliseconds) return cached.state
    return this.fresh(tenantId)
  }
  private async fresh(tenantId: string): Promise<GateState | undefined> {
    const text = await this.redis.get(this.key(tenantId))
    const state = text === null ? undefined : (JSON.parse(text) as GateState)
    if (this.cache.size > 10_000) this.cache.clear()
    this.cache.set(tenantId, { state, readAt: this.now() })
    return state
  }
  private key(tenantId: string): string {
    return `gate:${this.name}:${tenantId}`
  }
}
