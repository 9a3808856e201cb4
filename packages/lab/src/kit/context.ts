import type { EventHub } from './event-hub.ts'
import type { ExchangeLog } from './exchange-log.ts'
import type { MediaStore } from './media-store.ts'

/** What every simulator is given. */
export interface LabContext {
  /** interface to listen on */
  readonly host: string
  /** host name by which the fleet reaches the simulators */
  readonly publicHost: string
  readonly media: MediaStore
  readonly events: EventHub
  readonly exchanges: ExchangeLog
  readonly limits: HistoryLimits
  /** factor of the platforms' own waits (webhook repeats): 1 is as in reality, 0.01 suits tests */
  readonly timeScale: number
  now(): Date
  /** in [0, 1) */
  random(): number
  /** the list of active faults, or a counter in it, has changed */
  faultsChanged(): void
  /** for errors of the Lab itself */
  report(error: unknown, what: string): void
}

/** Everything that grows is bounded by these. */
export interface HistoryLimits {
  /** phones or conversations that are remembered, per simulator */
  conversations: number
  /** messages that are remembered per phone or conversation */
  entries: number
  /** messages in the audit list, per simulator */
  audit: number
  /** ids whose repeats are recognised, per simulator */
  ids: number
  /** webhooks that wait, per bot or contact centre; further ones are dropped */
  pending: number
}
export const defaultLimits: HistoryLimits = { conversations: 20_000, entries: 200, audit: 100_000, ids: 500_000, pending: 200_000 }
