import type { Exchange } from '@um/lab/protocol'
import type { SpoiledExchange } from '../audit/evidence.ts'
import { type LabClient, mostItems } from './client.ts'

const simulators = ['telegram', 'genesys'] as const

/** Keeps, of the Lab's short memory of HTTP exchanges, those that a fault spoiled: the evidence for what is in doubt. */
export class ExchangeWatch {
  readonly spoiled: SpoiledExchange[] = []
  private readonly lab: LabClient
  private readonly conversationOf: ReadonlyMap<string, number>
  private readonly upTo = new Map<string, number>()
  /** exchanges that were forgotten before we looked */
  missed = 0

  constructor(lab: LabClient, conversationOf: ReadonlyMap<string, number>) {
    this.lab = lab
    this.conversationOf = conversationOf
  }

  async look(): Promise<void> {
    for (const simulator of simulators) {
      const items = await this.lab.exchanges(simulator)
      const before = this.upTo.get(simulator)
      const fresh = items.filter(({ seq }) => before === undefined || seq > before)
      // numbers run over all simulators, so this is a lower bound
      if (before !== undefined && fresh.length === mostItems) this.missed += 1
      for (const exchange of fresh) this.keep(exchange)
      this.upTo.set(simulator, Math.max(before ?? 0, ...items.map(({ seq }) => seq)))
    }
  }

  private keep(exchange: Exchange): void {
    const conversation = this.conversationOf.get(exchange.guest ?? '')
    const isSpoiled = exchange.fault !== undefined || exchange.status === 0 || exchange.status >= 500
    if (conversation === undefined || !isSpoiled) return
    const endedAt = Date.parse(exchange.at)
    this.spoiled.push({
      conversation,
      kind: exchange.direction === 'request' ? 'call' : 'webhook',
      simulator: exchange.simulator,
      operation: exchange.operation,
      status: exchange.status,
      beganAt: endedAt - exchange.ms,
      endedAt,
      fault: exchange.fault,
    })
  }
}
