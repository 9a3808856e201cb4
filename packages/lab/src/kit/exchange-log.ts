import type { Exchange } from '../protocol.ts'
import type { EventHub } from './event-hub.ts'
import { Ring } from './ring.ts'

/** The last HTTP exchanges between the simulators and the fleet, without bodies. */
export class ExchangeLog {
  private readonly ring: Ring<Exchange>
  private readonly events: EventHub
  private seq = 0

  constructor(capacity: number, events: EventHub) {
    this.ring = new Ring(capacity)
    this.events = events
  }

  record(facts: Omit<Exchange, 'seq'>): void {
    this.seq += 1
    const exchange = { seq: this.seq, ...facts }
    this.ring.push(exchange)
    if (!this.events.isIdle) this.events.touch(`exchange:${exchange.seq}`, () => ({ type: 'exchange', exchange }))
  }

  latest(limit: number, simulator: string | undefined): { items: Exchange[]; more: boolean } {
    const fitting = this.ring.all().filter(exchange => simulator === undefined || exchange.simulator === simulator)
    return { items: fitting.slice(-limit).reverse(), more: fitting.length > limit }
  }
  clear(): void {
    this.ring.clear()
  }
}
