import type { Clock } from './clock.ts'
import type { Destination, OutgoingRequest } from './destination.ts'
import { judge } from './judge.ts'
import type { Notice } from './notice.ts'
import type { PostAnswer } from './post.ts'

export interface SendFailure {
  /** the destination refuses: nothing but a change of its settings helps */
  lasting: boolean
  status?: number
  text: string
}
/** What an outbox tells of its work. */
export interface OutboxEvents {
  delivered(destination: Destination): void
  failed(destination: Destination, notice: Notice, failure: SendFailure): void
  dropped(notice: Notice): void
  bug(error: unknown): void
}
export interface OutboxTiming {
  tryMilliseconds: number
  /** the same while the service stops, where a second try has to fit into the budget */
  closingTryMilliseconds: number
}

const maxWaiting = 100
const retrySeconds = [1, 5, 30] as const
const closingRestMilliseconds = 250
const alternativeMilliseconds = 86_400_000

/** Notices that wait for one destination, sent one after the other in their order. */
export class Outbox {
  private readonly destination: () => Destination | undefined
  private readonly post: (request: OutgoingRequest, signal: AbortSignal) => Promise<PostAnswer>
  private readonly events: OutboxEvents
  private readonly clock: Clock
  private readonly timing: OutboxTiming
  private readonly waiting: Notice[] = []
  private readonly hurry = new AbortController()
  private readonly over = new AbortController()
  private last: Notice | undefined
  private tryInHand: AbortController | undefined
  private isBusy = false
  private work: Promise<void> = Promise.resolve()
  private nextTry = 0
  private alternativeUntil = 0

  /** `destination` is asked before each notice, so that a change of settings counts at once; undefined: it is gone, and so are its notices. */
  constructor(options: {
    destination: () => Destination | undefined
    post: (request: OutgoingRequest, signal: AbortSignal) => Promise<PostAnswer>
    events: OutboxEvents
    clock: Clock
    timing: OutboxTiming
  }) {
    this.destination = options.destination
    this.post = options.post
    this.events = options.events
    this.clock = options.clock
    this.timing = options.timing
  }

  get size(): number {
    return this.waiting.length
  }

  push(notice: Notice): void {
    this.waiting.push(notice)
    if (this.waiting.length > maxWaiting) {
      const least = this.waiting.findIndex(({ severity }) => severity === 'info')
      for (const dropped of this.waiting.splice(Math.max(0, least), 1)) this.events.dropped(dropped)
    }
    this.go()
  }

  /** Sends `last` before all that waits, then the rest without pauses; whatever is left when `deadline` aborts is dropped. */
  async close(last: Notice | undefined, deadline: AbortSignal): Promise<void> {
    this.last = last
    if (last !== undefined) this.waiting.unshift(last)
    const inHand = this.tryInHand
    if (inHand !== undefined) setTimeout(() => inHand.abort(), this.timing.closingTryMilliseconds).unref()
    const end = () => {
      this.over.abort()
      this.tryInHand?.abort()
    }
    if (deadline.aborted) end()
    else deadline.addEventListener('abort', end, { once: true })
    this.hurry.abort()
    this.go()
    await this.work
  }

  private go(): void {
    if (!this.isBusy) this.work = this.sendWaiting()
  }
  private async sendWaiting(): Promise<void> {
    this.isBusy = true
    for (let notice = this.waiting.shift(); notice !== undefined; notice = this.waiting.shift())
      await this.sendNotice(notice).catch(error => this.events.bug(error))
    this.isBusy = false
  }
  private async sendNotice(notice: Notice): Promise<void> {
    if (this.over.signal.aborted) return this.events.dropped(notice)
    const destination = this.destination()
    if (destination === undefined) return
    const requests = destination.render(notice)
    const failure = await this.sendAll(requests, notice, destination)
    if (failure !== undefined) this.events.failed(destination, notice, failure)
    else if (requests.length > 0) this.events.delivered(destination)
  }
  private async sendAll(requests: readonly OutgoingRequest[], notice: Notice, destination: Destination): Promise<SendFailure | undefined> {
    for (const request of requests) {
      const failure = await this.sendOrAlternative(request, notice, destination)
      if (failure !== undefined) return failure
    }
    return undefined
  }
  private async sendOrAlternative(request: OutgoingRequest, notice: Notice, destination: Destination): Promise<SendFailure | undefined> {
    const { alternative } = request
    if (alternative === undefined) return this.send(request, notice, destination)
    if (this.clock.now().getTime() >= this.alternativeUntil) {
      const failure = await this.send(request, notice, destination)
      if (failure?.status !== 400) return failure
      this.alternativeUntil = this.clock.now().getTime() + alternativeMilliseconds
    }
    return this.sendAll(alternative, notice, destination)
  }

  /** Undefined: delivered. */
  private async send(request: OutgoingRequest, notice: Notice, destination: Destination): Promise<SendFailure | undefined> {
    for (let tries = 1; ; tries += 1) {
      await this.pace(destination)
      const answer = await this.try(request)
      const verdict = judge(answer, { now: this.clock.now(), tooManySeconds: destination.tooManySeconds })
      if (verdict.kind === 'delivered') return undefined
      if (verdict.kind === 'refused' || tries > this.maxRetries(notice)) return failureOf(answer, verdict.kind === 'refused', destination)
      await this.rest(tries, verdict.seconds)
    }
  }
  private maxRetries(notice: Notice): number {
    if (!this.hurry.signal.aborted) return retrySeconds.length
    return notice === this.last && !this.over.signal.aborted ? 1 : 0
  }
  private async try(request: OutgoingRequest): Promise<PostAnswer> {
    const limit = new AbortController()
    this.tryInHand = limit
    const { tryMilliseconds, closingTryMilliseconds } = this.timing
    const timer = setTimeout(() => limit.abort(), this.hurry.signal.aborted ? closingTryMilliseconds : tryMilliseconds)
    try {
      return await this.post(request, limit.signal)
    } finally {
      clearTimeout(timer)
      this.tryInHand = undefined
    }
  }

  private async pace({ spacingMilliseconds }: Destination): Promise<void> {
    const wait = this.nextTry - this.clock.now().getTime()
    if (wait > 0 && !this.hurry.signal.aborted) await this.clock.sleep(wait, this.hurry.signal)
    this.nextTry = this.clock.now().getTime() + spacingMilliseconds
  }
  private async rest(tries: number, seconds: number | undefined): Promise<void> {
    if (this.hurry.signal.aborted) return this.clock.sleep(closingRestMilliseconds, this.over.signal)
    const usual = (retrySeconds[tries - 1] ?? 30) * (0.8 + 0.4 * this.clock.random())
    await this.clock.sleep(Math.round((seconds ?? usual) * 1000), this.hurry.signal)
  }
}

const maxText = 200

function failureOf(answer: PostAnswer, lasting: boolean, { redact }: Destination): SendFailure {
  if ('noAnswer' in answer) return { lasting, text: redact(answer.noAnswer) }
  return { lasting, status: answer.status, text: redact(answer.text).slice(0, maxText) }
}
