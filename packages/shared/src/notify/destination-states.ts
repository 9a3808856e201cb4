import { ZodError } from 'zod'
import type { Logger } from '../log/index.ts'
import type { Counter, Metrics } from '../metrics/index.ts'
import type { Notifier as NotifierDocument } from '../settings/index.ts'
import type { Clock } from './clock.ts'
import type { Destination } from './destination.ts'
import type { Notice } from './notice.ts'
import type { SendFailure } from './outbox.ts'

/** How a destination fares, as seen from one replica. */
export interface DestinationState {
  id: string
  type: NotifierDocument['type']
  /** failing: the last notice got through in none of its tries. broken: it refuses notices, until its settings are changed. */
  status: 'working' | 'failing' | 'broken'
  /** when that was seen */
  at: Date
  /** notices that wait for it */
  queued: number
  lastSuccessAt?: Date
  /** `httpStatus`: absent when nothing was answered */
  lastError?: { at: Date; text: string; httpStatus?: number }
}

/** What stays as it is need not be told more often. */
const repeatMilliseconds = 60_000

/** Counts and logs what becomes of notices, and remembers how destinations fare. Nothing here names a secret. */
export class DestinationStates {
  private readonly log: Logger
  private readonly clock: Clock
  private readonly report: ((state: DestinationState) => void) | undefined
  private readonly queued: (id: string) => number
  private readonly sent: Counter
  private readonly failures: Counter
  private readonly states = new Map<string, DestinationState>()
  private readonly told = new Map<string, number>()

  constructor(options: {
    log: Logger
    metrics: Metrics
    clock: Clock
    report?: ((state: DestinationState) => void) | undefined
    queued: (id: string) => number
  }) {
    this.log = options.log
    this.clock = options.clock
    this.report = options.report
    this.queued = options.queued
    this.sent = options.metrics.counter('um_notifier_sent_total', 'Notices that a destination took, by type.')
    this.failures = options.metrics.counter('um_notifier_failures_total', 'Notices that a destination did not take, by type.')
    options.metrics.gauge('um_notifier_broken', 'Destinations that refuse notices.', () =>
      [...this.states.values()].filter(({ status }) => status === 'broken').map(({ id, type }) => [{ destination: id, type }, 1]),
    )
  }

  delivered({ id, type }: Destination): void {
    this.sent.increment({ type })
    const now = this.clock.now()
    this.change(id, type, 'working', { lastSuccessAt: now })
  }

  failed({ id, type, masked }: Destination, { event }: Notice, { lasting, status, text }: SendFailure): void {
    this.failures.increment({ type })
    const fields = { destination: id, type, address: masked, notice: event, status, answer: text }
    const lastError = { at: this.clock.now(), text, ...(status === undefined ? {} : { httpStatus: status }) }
    this.change(id, type, lasting ? 'broken' : 'failing', { lastError })
    if (!lasting) return this.log.warn(fields, 'a notice could not be delivered')
    this.log.error(fields, 'a notifier destination refuses notices')
  }

  /** Its settings are not valid, or not allowed any more. */
  unusable({ id, type }: NotifierDocument, error: unknown): void {
    const text = error instanceof ZodError ? `invalid settings: ${error.issues.map(({ path }) => path.join('.')).join(', ')}` : messageOf(error)
    const before = this.states.get(id)
    if (before?.status === 'broken' && before.lastError?.text === text) return
    this.log.error({ destination: id, type, why: text }, 'a notifier destination cannot be used')
    this.change(id, type, 'broken', { lastError: { at: this.clock.now(), text } })
  }

  keep(ids: ReadonlySet<string>): void {
    for (const id of this.states.keys()) if (!ids.has(id)) this.states.delete(id)
  }

  private change(
    id: string,
    type: NotifierDocument['type'],
    status: DestinationState['status'],
    what: Pick<DestinationState, 'lastSuccessAt' | 'lastError'>,
  ): void {
    const now = this.clock.now()
    const before = this.states.get(id)
    const state: DestinationState = { ...before, id, type, status, at: now, queued: this.queued(id), ...what }
    this.states.set(id, state)
    const isNews = before?.status !== status || before.lastError?.text !== state.lastError?.text
    if (!isNews && now.getTime() - (this.told.get(id) ?? 0) < repeatMilliseconds) return
    this.told.set(id, now.getTime())
    this.report?.({ ...state })
  }
}
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
