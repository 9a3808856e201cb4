import { ZodError } from 'zod'
import type { Logger } from '../log/index.ts'
import type { Counter, Metrics } from '../metrics/index.ts'
import type { Notifier as NotifierDocument } from '../settings/index.ts'
import type { Clock } from './clock.ts'
import type { Destination } from './destination.ts'
import type { Notice } from './notice.ts'
import type { SendFailure } from './outbox.ts'

/** How a destination fares, as seen from one service. */
export interface DestinationState {
  id: string
  type: NotifierDocument['type']
  status: 'working' | 'broken'
  /** when that was seen */
  at: Date
  /** what a broken one answered */
  httpStatus?: number
  text?: string
  lastSuccessAt?: Date
}

/** Counts and logs what becomes of notices, and remembers which destinations refuse them. Nothing here names a secret. */
export class DestinationStates {
  private readonly log: Logger
  private readonly clock: Clock
  private readonly report: ((state: DestinationState) => void) | undefined
  private readonly sent: Counter
  private readonly failures: Counter
  private readonly states = new Map<string, DestinationState>()

  constructor(options: { log: Logger; metrics: Metrics; clock: Clock; report?: ((state: DestinationState) => void) | undefined }) {
    this.log = options.log
    this.clock = options.clock
    this.report = options.report
    this.sent = options.metrics.counter('um_notifier_sent_total', 'Notices that a destination took, by type.')
    this.failures = options.metrics.counter('um_notifier_failures_total', 'Notices that a destination did not take, by type.')
    options.metrics.gauge('um_notifier_broken', 'Destinations that refuse notices.', () =>
      [...this.states.values()].filter(({ status }) => status === 'broken').map(({ id, type }) => [{ destination: id, type }, 1]),
    )
  }

  delivered({ id, type }: Destination): void {
    this.sent.increment({ type })
    const now = this.clock.now()
    const before = this.states.get(id)
    if (before?.status === 'working') before.lastSuccessAt = now
    else this.change({ id, type, status: 'working', at: now, lastSuccessAt: now })
  }

  failed({ id, type, masked }: Destination, { event }: Notice, { lasting, status, text }: SendFailure): void {
    this.failures.increment({ type })
    const fields = { destination: id, type, address: masked, notice: event, status, answer: text }
    if (!lasting) return this.log.warn(fields, 'a notice could not be delivered')
    this.log.error(fields, 'a notifier destination refuses notices')
    this.broken(id, type, { ...(status === undefined ? {} : { httpStatus: status }), text })
  }

  /** Its settings are not valid, or not allowed any more. */
  unusable({ id, type }: NotifierDocument, error: unknown): void {
    const text = error instanceof ZodError ? `invalid settings: ${error.issues.map(({ path }) => path.join('.')).join(', ')}` : messageOf(error)
    const before = this.states.get(id)
    if (before?.status === 'broken' && before.text === text) return
    this.log.error({ destination: id, type, why: text }, 'a notifier destination cannot be used')
    this.broken(id, type, { text })
  }

  keep(ids: ReadonlySet<string>): void {
    for (const id of this.states.keys()) if (!ids.has(id)) this.states.delete(id)
  }

  private broken(id: string, type: NotifierDocument['type'], why: { httpStatus?: number; text: string }): void {
    const lastSuccessAt = this.states.get(id)?.lastSuccessAt
    this.change({ id, type, status: 'broken', at: this.clock.now(), ...why, ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }) })
  }
  private change(state: DestinationState): void {
    this.states.set(state.id, state)
    this.report?.({ ...state })
  }
}
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
