import { randomUUID } from 'node:crypto'
import type { AgentPool } from '../http/index.ts'
import type { Logger } from '../log/index.ts'
import type { Metrics } from '../metrics/index.ts'
import type { FleetSettings, Notifier as NotifierDocument } from '../settings/index.ts'
import { bounded, buildNotice, type Speaker } from './build-notice.ts'
import type { Clock } from './clock.ts'
import type { Destination } from './destination.ts'
import { type DestinationState, DestinationStates } from './destination-states.ts'
import { openDestination } from './destinations.ts'
import { eventRules } from './events.ts'
import type { HoldBack } from './hold-back.ts'
import type { Notice, NoticeFacts, Notifier } from './notice.ts'
import { Outbox, type OutboxTiming } from './outbox.ts'
import { post } from './post.ts'
import { destinationsOf, isWanted } from './routing.ts'

export interface DispatcherParts {
  speaker: Speaker
  allowAnyHost: boolean
  settings: () => FleetSettings
  agents: AgentPool
  holdBack: HoldBack
  log: Logger
  metrics: Metrics
  clock: Clock
  timing: OutboxTiming & { closeMilliseconds: number }
  report?: ((state: DestinationState) => void) | undefined
}
const maxTaken = 1000
const closingIntakeMilliseconds = 500

/** Takes notices one after the other, decides who hears of them, and leaves the rest to one outbox per destination. */
export class Dispatcher implements Notifier {
  private readonly parts: DispatcherParts
  private readonly states: DestinationStates
  private readonly dropped
  private readonly heldBack
  private readonly outboxes = new Map<string, Outbox>()
  private intake: Promise<void> = Promise.resolve()
  private taken = 0
  private hasFailed = false
  private closed: Promise<void> | undefined

  constructor(parts: DispatcherParts) {
    this.parts = parts
    const { metrics } = parts
    this.states = new DestinationStates({ ...parts, queued: id => this.outboxes.get(id)?.size ?? 0 })
    this.dropped = metrics.counter('um_notifier_dropped_total', 'Notices that were dropped because too many waited, or because the service ended.')
    this.heldBack = metrics.counter('um_notifier_held_back_total', 'Repeats of a trouble that were not told.')
    metrics.gauge('um_notifier_waiting', 'Notices that wait for their destination.', () => [...this.outboxes.values()].reduce((sum, { size }) => sum + size, 0))
  }

  notify(facts: NoticeFacts): void {
    const { log, speaker, clock } = this.parts
    if (this.closed !== undefined || this.taken >= maxTaken) {
      this.dropped.increment({ event: facts.event })
      return log.info({ notice: facts.event, tenant: facts.tenant?.id }, 'notice is not sent: the service ends, or too many wait')
    }
    if (facts.event === 'service.failed') this.hasFailed = true
    this.taken += 1
    const notice = buildNotice(facts, speaker, { id: randomUUID(), at: clock.now() })
    this.intake = this.intake
      .then(() => this.take(notice))
      .catch(error => log.error({ err: error, notice: notice.event }, 'notice could not be taken'))
      .finally(() => {
        this.taken -= 1
      })
  }

  close(): Promise<void> {
    this.closed ??= this.sayGoodbye().catch(error => this.parts.log.error({ err: error }, 'the last notice could not be sent'))
    return this.closed
  }

  private async sayGoodbye(): Promise<void> {
    const { speaker, clock, timing } = this.parts
    const deadline = AbortSignal.timeout(timing.closeMilliseconds)
    await Promise.race([this.intake, clock.sleep(closingIntakeMilliseconds, deadline)])
    // a crash has been told already
    const stopping = this.hasFailed
      ? undefined
      : buildNotice({ event: 'service.stopping', message: `${speaker.label} ${speaker.version} is stopping` }, speaker, { id: randomUUID(), at: clock.now() })
    const listeners = new Set(stopping === undefined ? [] : this.listenersOf(stopping))
    for (const id of listeners) this.outboxOf(id)
    await Promise.all([...this.outboxes].map(([id, outbox]) => outbox.close(listeners.has(id) ? stopping : undefined, deadline)))
  }

  private async take(notice: Notice): Promise<void> {
    const { log } = this.parts
    this.forgetRemoved()
    const listeners = this.listenersOf(notice)
    const fields = { notice: notice.event, severity: notice.severity, tenant: notice.tenant?.id, destinations: listeners.length }
    // a recovery ends its trouble whoever listens; a trouble that nobody hears of has not been told
    if (listeners.length === 0 && notice.event !== 'subscription.recovered') return log.info(fields, notice.message)
    const repeats = await this.repeatsOf(notice)
    if (repeats === undefined) return this.heldBack.increment({ event: notice.event })
    log.info({ ...fields, ...(repeats > 0 ? { heldBack: repeats } : {}) }, notice.message)
    for (const id of listeners) this.outboxOf(id).push({ ...notice, heldBack: repeats })
  }

  /** Repeats that were held back until this notice; undefined: it is not to be told either. */
  private async repeatsOf(notice: Notice): Promise<number | undefined> {
    const { holdBack, log } = this.parts
    const { event, dedupKey, reason } = notice
    if (dedupKey === null) return 0
    try {
      if (event === 'subscription.recovered') return (await holdBack.clear(dedupKey)) ? 0 : undefined
      const seconds = eventRules[event].holdBackSeconds
      if (seconds === undefined) return 0
      return await holdBack.claim(event === 'service.failed' && reason !== null ? bounded(`${dedupKey}/${reason}`) : dedupKey, seconds)
    } catch (error) {
      log.warn({ err: error, notice: event }, 'Redis is away: a notice is sent that may be a repeat')
      return 0
    }
  }

  private listenersOf(notice: Notice): string[] {
    return destinationsOf(this.parts.settings().notifiers, notice.topic)
      .filter(document => {
        const destination = this.open(document)
        return destination !== undefined && isWanted(notice, destination)
      })
      .map(({ id }) => id)
  }

  private outboxOf(id: string): Outbox {
    const known = this.outboxes.get(id)
    if (known !== undefined) return known
    const { agents, speaker, clock, timing, log } = this.parts
    const outbox = new Outbox({
      destination: () => {
        const document = this.parts.settings().notifiers.find(each => each.id === id && each.enabled)
        return document === undefined ? undefined : this.open(document)
      },
      post: (request, signal) => post(request, { agents, version: speaker.version, signal }),
      events: {
        delivered: destination => this.states.delivered(destination),
        failed: (destination, notice, failure) => this.states.failed(destination, notice, failure),
        dropped: notice => this.dropped.increment({ event: notice.event }),
        bug: error => log.error({ err: error }, 'a notice could not be sent'),
      },
      clock,
      timing,
    })
    this.outboxes.set(id, outbox)
    return outbox
  }

  private open(document: NotifierDocument): Destination | undefined {
    try {
      return openDestination(document, this.parts)
    } catch (error) {
      this.states.unusable(document, error)
      return undefined
    }
  }

  private forgetRemoved(): void {
    const existing = new Set(this.parts.settings().notifiers.map(({ id }) => id))
    for (const id of this.outboxes.keys()) if (!existing.has(id)) this.outboxes.delete(id)
    this.states.keep(existing)
  }
}
