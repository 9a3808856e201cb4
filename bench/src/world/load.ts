import { setTimeout as sleep } from 'node:timers/promises'
import { percentile, summarize } from '../statistics.ts'
import type { Arrival, Ledger } from './ledger.ts'
import { genesysMessage, photo, telegramUpdate } from './payloads.ts'
import type { Load, LoadResult } from './protocol.ts'
import type { Pool } from './raw-http.ts'

export interface Targets {
  telegram: Pool
  openmessaging: Pool
}
export interface Population {
  tenants: number
  guestsPerTenant: number
}

const resendMilliseconds = 1000

/** Sends one load and waits for its messages to arrive. */
export async function runLoad(load: Load, population: Population, targets: Targets, ledger: Ledger): Promise<LoadResult> {
  const run = new Run(load, population, targets, ledger)
  const started = performance.now()
  const doubledBefore = ledger.doubled
  if (load.kind === 'closed') await run.closed(load.inFlight, load.seconds)
  else if (load.kind === 'open') await run.open(load.rate, load.seconds)
  else run.burst(load.messages)
  const loadSeconds = (performance.now() - started) / 1000
  const during = run.arrivals.length
  await run.drained()
  const seconds = load.kind === 'burst' ? (run.lastArrival - started) / 1000 : loadSeconds
  run.end()
  return {
    sent: run.sent,
    accepted: run.accepted,
    refused: run.refused,
    delivered: run.arrivals.length,
    doubled: ledger.doubled - doubledBefore,
    lost: ledger.giveUp() - run.excused,
    seconds,
    acceptedSeconds: (run.lastAccepted - started) / 1000,
    throughput: load.kind === 'burst' ? run.arrivals.length / seconds : during / loadSeconds,
    latency: summarize(run.arrivals.map(({ latency }) => latency)),
    minutes: run.minutes(),
  }
}

class Run {
  private readonly load: Load
  private readonly population: Population
  private readonly targets: Targets
  private readonly ledger: Ledger
  private readonly startedAt = performance.now()
  private readonly stopListening: () => void
  private onArrival: (() => void) | undefined
  private over = false
  readonly arrivals: { latency: number; at: number }[] = []
  sent = 0
  accepted = 0
  refused = 0
  /** of the tenant that nobody waits for */
  excused = 0
  lastArrival = performance.now()
  lastAccepted = performance.now()

  constructor(load: Load, population: Population, targets: Targets, ledger: Ledger) {
    this.load = load
    this.population = population
    this.targets = targets
    this.ledger = ledger
    this.stopListening = ledger.listen(arrival => this.arrived(arrival))
  }

  async closed(inFlight: number, seconds: number): Promise<void> {
    let going = true
    this.onArrival = () => {
      if (going) this.send(performance.now())
    }
    for (let index = 0; index < inFlight; index += 1) this.send(performance.now())
    await sleep(seconds * 1000)
    going = false
  }

  /** A timer fires a millisecond or more late; what has become due by then is sent at once, each counted from its own moment. */
  async open(rate: number, seconds: number): Promise<void> {
    const total = Math.round(rate * seconds)
    const meantAt = (index: number): number => this.startedAt + (index * 1000) / rate
    for (let index = 0; index < total; ) {
      while (index < total && meantAt(index) <= performance.now()) {
        this.send(meantAt(index))
        index += 1
      }
      await sleep(1)
    }
  }

  burst(messages: number): void {
    for (let index = 0; index < messages; index += 1) this.send(this.startedAt)
  }

  async drained(): Promise<void> {
    const { drainSeconds = 30, quietSeconds = drainSeconds } = this.load
    const ended = performance.now()
    const isQuiet = (): boolean => performance.now() - Math.max(this.lastArrival, this.lastAccepted, ended) > quietSeconds * 1000
    while (this.ledger.missing > this.excused && performance.now() - ended < drainSeconds * 1000 && !isQuiet()) await sleep(20)
  }
  end(): void {
    this.over = true
    this.stopListening()
  }

  minutes(): { p99: number; delivered: number }[] {
    const minutes: number[][] = []
    for (const { latency, at } of this.arrivals) {
      const minute = Math.floor((at - this.startedAt) / 60_000)
      minutes[minute] ??= []
      minutes[minute].push(latency)
    }
    return Array.from(minutes, (latencies = []) => ({
      p99: percentile(
        latencies.sort((a, b) => a - b),
        0.99,
      ),
      delivered: latencies.length,
    }))
  }

  private arrived({ latency, tenant }: Arrival): void {
    if (tenant === this.load.except) {
      this.excused -= 1
      return
    }
    this.lastArrival = performance.now()
    this.arrivals.push({ latency, at: this.lastArrival })
    this.onArrival?.()
  }

  /** Tenants in turn, and of each tenant its guests in turn: neighbours in time are never of the same conversation. */
  private send(meantAt: number): void {
    const tenants = this.load.tenants ?? this.population.tenants
    const tenant = this.sent % tenants
    const guest = Math.floor(this.sent / tenants) % this.population.guestsPerTenant
    const towardsGuest = this.load.flow === 'toGuest' || (this.load.flow === 'both' && (Math.floor(this.sent / tenants) + this.sent) % 2 === 1)
    this.sent += 1
    if (tenant === this.load.except) this.excused += 1
    const number = this.ledger.expect(meantAt, tenant)
    const { pictureBytes } = this.load
    if (towardsGuest) this.post(this.targets.openmessaging, genesysMessage(number, tenant, guest))
    else this.post(this.targets.telegram, telegramUpdate(number, tenant, guest, pictureBytes === undefined ? undefined : photo(number, pictureBytes)))
  }

  private post(pool: Pool, bytes: Buffer): void {
    pool.send(bytes, status => {
      if (status >= 200 && status < 300) {
        this.accepted += 1
        this.lastAccepted = performance.now()
      } else if (!this.over) {
        this.refused += 1
        setTimeout(() => this.post(pool, bytes), resendMilliseconds).unref()
      }
    })
  }
}
