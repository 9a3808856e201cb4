import type { ExchangeLog } from '../exchange-log.ts'
import type { FaultBoard, Hit } from '../faults/board.ts'
import type { KeyedQueues, Task, TaskResult } from '../keyed-queues.ts'
import type { Poster, PostOutcome } from '../poster.ts'

export interface DeliveryState {
  state: 'delivered' | 'retrying' | 'lost'
  attempts: number
  status: number
  why: string
}

/** One webhook, in the platform's own words. Everything that depends on the time of sending (signatures, URLs) is asked for at each attempt. */
export interface WebhookJob {
  /** for `where.operation` of faults and the exchange log */
  readonly operation: string
  readonly account: string
  readonly guest: string
  /** where it goes now; query strings with signatures included */
  url(body: Buffer): string
  headers(body: Buffer): Record<string, string>
  readonly body: Buffer
  /** the same event once more, under a new event id where the platform has one: for the `duplicate` fault */
  again(newId: boolean): Buffer
  /** how a repeat looks to the receiver, where the platform marks it (LINE's `isRedelivery`); default: the same bytes */
  repeated?(body: Buffer, attempt: number): Buffer
  /** a copy with another text and a wrong signature or secret: nothing of it may get through */
  forged(): { url: string; headers: Record<string, string>; body: Buffer }
  /** milliseconds until the next attempt after a failure; undefined: the platform gives up */
  retryInMs(attempts: number, outcome: PostOutcome): number | undefined
  /** default: any 2xx */
  isAccepted?(outcome: PostOutcome): boolean
  /** the accepted webhook's answer, for platforms that take a reply from it */
  accepted?(outcome: PostOutcome): void
  told(state: DeliveryState): void
}

export interface WebhookParts {
  simulator: string
  poster: Poster
  faults: FaultBoard
  exchanges: ExchangeLog
  /** factor of the platform's own waits */
  timeScale: number
  now(): Date
  count(counter: string): void
}

/** Sends a webhook after those of the same key, with the platform's repeats and the faults that were switched on. */
export function deliver(parts: WebhookParts, queues: KeyedQueues, key: string, job: WebhookJob): void {
  parts.count('webhooks')
  queues.push(key, new Delivery(parts, queues, key, job, job.body, false))
}

class Delivery implements Task {
  private readonly parts: WebhookParts
  private readonly queues: KeyedQueues
  private readonly key: string
  private readonly job: WebhookJob
  private readonly body: Buffer
  /** a copy that a fault made: no faults strike it again */
  private readonly isCopy: boolean
  private hits: readonly Hit[] | undefined
  private attempts = 0

  constructor(parts: WebhookParts, queues: KeyedQueues, key: string, job: WebhookJob, body: Buffer, isCopy: boolean) {
    this.parts = parts
    this.queues = queues
    this.key = key
    this.job = job
    this.body = body
    this.isCopy = isCopy
  }

  async run(): Promise<TaskResult> {
    const held = this.strike()
    if (held !== undefined) return held
    const { job, parts } = this
    const body = this.attempts === 0 ? this.body : (job.repeated?.(this.body, this.attempts) ?? this.body)
    const outcome = await parts.poster.post(job.url(body), job.headers(body), body)
    this.attempts += 1
    this.record(outcome)
    const { status, why } = outcome
    if (job.isAccepted?.(outcome) ?? isSuccess(status)) {
      parts.count('webhooksAccepted')
      if (!this.isCopy) {
        job.told({ state: 'delivered', attempts: this.attempts, status, why: '' })
        job.accepted?.(outcome)
      }
      this.copy()
      return { done: true }
    }
    parts.count('webhooksRefused')
    const wait = this.isCopy ? undefined : job.retryInMs(this.attempts, outcome)
    if (wait !== undefined) {
      job.told({ state: 'retrying', attempts: this.attempts, status, why })
      return { againInMs: wait * parts.timeScale }
    }
    parts.count('webhooksLost')
    if (!this.isCopy) job.told({ state: 'lost', attempts: this.attempts, status, why })
    return { done: true }
  }

  /** Faults strike a webhook once, before its first attempt. Returns what makes it wait. */
  private strike(): TaskResult | undefined {
    if (this.hits !== undefined || this.isCopy) return undefined
    const { operation, account, guest } = this.job
    this.hits = this.parts.faults.strike('webhooks', { operation, account, guest })
    if (this.hits.some(hit => hit.kind === 'drop')) {
      this.parts.count('webhooksSwallowed')
      this.job.told({ state: 'delivered', attempts: 1, status: 200, why: '' })
      return { done: true }
    }
    if (this.hits.some(hit => hit.kind === 'forged')) void this.forge()
    const late = this.hits.find(hit => hit.kind === 'delay')
    if (late !== undefined) return { againInMs: Number(late.params.ms) }
    const overtaken = this.hits.find(hit => hit.kind === 'reorder')
    return overtaken === undefined ? undefined : { behindWithinMs: Number(overtaken.params.withinMs) }
  }

  private copy(): void {
    const twice = this.hits?.find(hit => hit.kind === 'duplicate')
    if (twice === undefined) return
    const push = () => {
      for (let copy = 0; copy < Number(twice.params.copies); copy += 1) {
        this.parts.count('duplicateWebhooks')
        this.queues.push(this.key, new Delivery(this.parts, this.queues, this.key, this.job, this.job.again(twice.params.newId === true), true))
      }
    }
    if (twice.params.afterMs === 0) push()
    else setTimeout(push, Number(twice.params.afterMs)).unref()
  }

  private async forge(): Promise<void> {
    const { url, headers, body } = this.job.forged()
    const outcome = await this.parts.poster.post(url, headers, body)
    this.parts.count(isSuccess(outcome.status) ? 'forgedAccepted' : 'forgedRefused')
    this.record(outcome)
  }

  private record({ status, ms, why }: PostOutcome): void {
    const { operation, account, guest } = this.job
    const fault = this.hits?.[0]?.fault
    this.parts.exchanges.record({
      simulator: this.parts.simulator,
      direction: 'webhook',
      operation,
      account,
      guest,
      status,
      ms,
      attempt: this.attempts,
      ...(fault === undefined ? {} : { fault }),
      ...(why === '' ? {} : { why }),
      at: this.parts.now().toISOString(),
    })
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}
