import { steadyNow } from '../lanes/steady-clock.ts'
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

/** Whose gate: the tenant's, or that of one of its accounts at the platform, which then pauses alone. */
export function gateOf(tenantId: string, account: string | undefined): string {
  return account === undefined ? tenantId : `${tenantId}/${account}`
}
function tenantOf(gate: string): string {
  return gate.split('/')[0] ?? gate
}

/**
 * Per tenant (or account, see `gateOf`): open, paused (its credentials are refused) or broken (its platform fails again and again). While it is not open, one replica at a time may probe;
 * everything else of that tenant waits, so that it costs the others nothing.
 */
export class TenantGate {
  private readonly redis: Redis
  private readonly name: string
  /** those that are not open, as of `readAt` */
  private closed: ReadonlyMap<string, GateState> = new Map()
  private readAt = Number.NEGATIVE_INFINITY
  private reading: Promise<void> | undefined
  private readonly failures = new Map<string, number>()
  private readonly clock: () => number
  private readonly isShared: boolean
  /** what the clock that all replicas share, that of Redis, is ahead of ours */
  private ahead = 0

  /** `now`: a clock that all replicas share; default: that of Redis, so that a replica whose clock is wrong closes no gate for an hour. */
  constructor(options: { redis: Redis; name: string; now?: () => number }) {
    this.redis = options.redis
    this.name = options.name
    this.clock = options.now ?? steadyNow
    this.isShared = options.now !== undefined
  }

  /** Milliseconds to wait; 0: go on (perhaps as the probe). */
  async enter(tenantId: string): Promise<number> {
    const state = await this.read(tenantId)
    if (state === undefined) return 0
    const wait = state.nextProbe - this.now()
    if (wait > 0) return wait + Math.random() * 500
    const mayProbe = await this.redis.set(this.probeKey(tenantId), '1', 'PX', 20_000, 'NX')
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
    if (!this.closed.has(tenantId)) return undefined
    return this.open(tenantId)
  }
  async open(tenantId: string): Promise<GateState | undefined> {
    this.failures.delete(tenantId)
    this.note(tenantId, undefined)
    const [[, text] = [null, null]] = (await this.redis.multi().hget(this.key, tenantId).hdel(this.key, tenantId).del(this.probeKey(tenantId)).exec()) ?? []
    return typeof text === 'string' ? (JSON.parse(text) as GateState) : undefined
  }
  /** With the gates of its accounts. Answers a state that one of them had, a pause first. */
  async openAll(tenantId: string): Promise<GateState | undefined> {
    await this.load()
    const gates = [tenantId, ...[...this.closed.keys()].filter(gate => gate !== tenantId && tenantOf(gate) === tenantId)]
    const before: (GateState | undefined)[] = []
    for (const gate of gates) before.push(await this.open(gate))
    return before.find(state => state?.kind === 'paused') ?? before.find(state => state !== undefined)
  }
  async state(tenantId: string): Promise<GateState | undefined> {
    return this.read(tenantId)
  }
  /** Another replica has opened or closed one: what is known here is read again before it is relied on. */
  expire(): void {
    this.readAt = Number.NEGATIVE_INFINITY
    this.reading = undefined
  }
  /** Tenants that are not open, or of which an account is not, at most a second old. */
  async all(): Promise<ReadonlyMap<string, GateState>> {
    await this.refresh()
    return new Map([...this.closed].sort(([a], [b]) => b.length - a.length).map(([gate, state]) => [tenantOf(gate), state]))
  }

  private now(): number {
    return this.clock() + this.ahead
  }

  private async close(tenantId: string, kind: GateState['kind'], why: string, backOff: (strikes: number) => number): Promise<boolean> {
    await this.refresh()
    const text = await this.redis.hget(this.key, tenantId)
    const before = text === null ? undefined : (JSON.parse(text) as GateState)
    // under way when it closed: no probe that failed
    if (before?.kind === kind && before.nextProbe > this.now()) {
      this.note(tenantId, before)
      return false
    }
    const strikes = before?.kind === kind ? before.strikes + 1 : 0
    const now = this.now()
    const state: GateState = { kind, why, since: before?.since ?? now, strikes, nextProbe: now + backOff(strikes) }
    await this.redis.multi().hset(this.key, tenantId, JSON.stringify(state)).del(this.probeKey(tenantId)).exec()
    this.note(tenantId, state)
    return before?.kind !== kind
  }

  private async read(tenantId: string): Promise<GateState | undefined> {
    await this.refresh()
    return this.closed.get(tenantId)
  }
  /** All of them in one read a second, whatever the number of tenants and messages: nearly always there are none. */
  private async refresh(): Promise<void> {
    if (this.clock() - this.readAt < cacheMilliseconds) return
    this.reading ??= this.load().finally(() => {
      this.reading = undefined
    })
    await this.reading
  }
  private async load(): Promise<void> {
    const at = this.clock()
    const [fields, [seconds, microseconds]] = await Promise.all([this.redis.hgetall(this.key), this.redis.time()])
    if (!this.isShared) this.ahead = Number(seconds) * 1000 + Number(microseconds) / 1000 - this.clock()
    this.closed = new Map(Object.entries(fields).map(([tenantId, text]) => [tenantId, JSON.parse(text) as GateState]))
    this.readAt = at
  }
  private note(tenantId: string, state: GateState | undefined): void {
    const closed = new Map(this.closed)
    if (state === undefined) closed.delete(tenantId)
    else closed.set(tenantId, state)
    this.closed = closed
  }
  private get key(): string {
    return `gates:${this.name}`
  }
  private probeKey(tenantId: string): string {
    return `gate:${this.name}:${tenantId}:probe`
  }
}
