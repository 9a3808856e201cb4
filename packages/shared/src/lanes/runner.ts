import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../log/index.ts'
import type { Parking } from './parking.ts'
import { steadyNow } from './steady-clock.ts'

/** What became of one message. later: not now, and nothing behind it in its conversation may overtake it, unless it is `passable`. */
export type Step = { kind: 'done' } | { kind: 'later'; milliseconds: number; passable?: boolean }

export interface Delivery {
  lane: number
  /** `<tenantId>/<guest>` */
  conversation: string
  body: Buffer
  /** when it was published, in milliseconds since 1970 (to the second) */
  publishedAt: number
  /** forget it at the broker; safe to call when its channel is gone */
  ack(): void
}
interface Waiting extends Delivery {
  /** of one that others may overtake: when it is its turn again */
  notBefore?: number
}
interface Conversation {
  readonly lane: number
  readonly key: string
  readonly queue: Waiting[]
  /** the one that is being handled */
  inHand?: Delivery | undefined
  running: Promise<void> | undefined
}

/** up to this a message waits in memory, unacknowledged; longer waits are parked */
const holdMilliseconds = 1200
const maxResuming = 64

/**
 * One serial queue per conversation, conversations side by side. Lanes are opened when this replica becomes their owner and closed before another does.
 */
export class ConversationRunner {
  private readonly handle: (body: Buffer) => Promise<Step>
  private readonly parking: Parking
  private readonly log: Logger
  private readonly conversations = new Map<string, Conversation>()
  private readonly closing = new Map<number, AbortController>()
  private resuming = 0
  private readonly timer: NodeJS.Timeout

  constructor(options: { handle: (body: Buffer) => Promise<Step>; parking: Parking; log: Logger }) {
    this.handle = options.handle
    this.parking = options.parking
    this.log = options.log
    this.timer = setInterval(() => this.resumeDue(), 200)
    this.timer.unref()
  }

  /** Throws while Redis is away: a lane whose parked conversations are unknown must not be consumed. */
  async open(lane: number): Promise<void> {
    await this.parking.load(lane)
    this.closing.set(lane, new AbortController())
  }

  isOpen(lane: number): boolean {
    return this.closing.get(lane)?.signal.aborted === false
  }

  /** What comes on a channel that is just being closed belongs to the lane's next owner: the broker delivers it again. */
  accept(delivery: Delivery): void {
    if (!this.isOpen(delivery.lane)) return
    const conversation = this.conversation(delivery.lane, delivery.conversation)
    conversation.queue.push(delivery)
    void this.run(conversation)
  }

  /** The broker's channel of this lane is gone: it delivers again what was not acknowledged. What is being handled goes on. */
  forgetQueued(lane: number): void {
    for (const { lane: its, queue, inHand } of this.conversations.values())
      if (its === lane) queue.splice(0, queue.length, ...queue.filter(each => each === inHand))
  }

  /** Lets handled messages finish, begins no other. */
  async close(lane: number): Promise<void> {
    this.closing.get(lane)?.abort()
    const mine = [...this.conversations.values()].filter(conversation => conversation.lane === lane)
    await Promise.all(mine.map(conversation => conversation.running))
    for (const conversation of mine) this.conversations.delete(conversation.key)
    this.closing.delete(lane)
    this.parking.forget(lane)
  }
  stopTimer(): void {
    clearInterval(this.timer)
  }
  /** conversations with something to do or in hand */
  get size(): number {
    return this.conversations.size
  }

  /**
   * When the oldest message was published that could be handled now, in milliseconds since 1970; undefined: there is none. Parked conversations do not count: more
   * replicas would not help them.
   */
  oldest(): number | undefined {
    let oldest: number | undefined
    for (const { lane, key, queue } of this.conversations.values()) {
      const at = queue[0]?.publishedAt
      if (at !== undefined && (oldest === undefined || at < oldest) && !this.parking.isParked(lane, key)) oldest = at
    }
    return oldest
  }

  private conversation(lane: number, key: string): Conversation {
    let conversation = this.conversations.get(key)
    if (conversation === undefined) {
      conversation = { lane, key, queue: [], running: undefined }
      this.conversations.set(key, conversation)
    }
    return conversation
  }

  private run(conversation: Conversation): Promise<void> {
    conversation.running ??= this.work(conversation)
      .catch(error => this.log.error({ err: error }, 'conversation runner failed'))
      .then(() => {
        conversation.running = undefined
        if (this.closing.get(conversation.lane)?.signal.aborted !== false) return
        if (conversation.queue.length > 0) void this.run(conversation)
        else this.conversations.delete(conversation.key)
      })
    return conversation.running
  }

  private async work(conversation: Conversation): Promise<void> {
    const signal = this.closing.get(conversation.lane)?.signal
    if (signal === undefined) return
    while (!signal.aborted) {
      if (this.parking.isParked(conversation.lane, conversation.key)) {
        if (this.parking.dueAt(conversation.lane, conversation.key) <= steadyNow()) await this.drain(conversation, signal)
        if (signal.aborted) return
        if (!this.parking.isParked(conversation.lane, conversation.key)) continue
        if (conversation.queue.length === 0 || !(await this.park(conversation, this.parking.dueAt(conversation.lane, conversation.key)))) {
          if (conversation.queue.length === 0) return
          await pause(1000, signal)
        }
        continue
      }
      const now = steadyNow()
      const first = conversation.queue.find(({ notBefore = 0 }) => notBefore <= now)
      if (first === undefined) {
        if (conversation.queue.length === 0) return
        await pause(Math.min(...conversation.queue.map(({ notBefore = 0 }) => notBefore)) - now, signal)
        continue
      }
      conversation.inHand = first
      const step = await this.handle(first.body)
      conversation.inHand = undefined
      if (step.kind === 'done') {
        remove(conversation.queue, [first])
        first.ack()
      } else if (step.passable) {
        first.notBefore = steadyNow() + step.milliseconds
      } else if (step.milliseconds <= holdMilliseconds) {
        await pause(step.milliseconds, signal)
      } else if (!(await this.park(conversation, steadyNow() + step.milliseconds))) {
        await pause(Math.min(step.milliseconds, 5000), signal)
      }
    }
  }

  /** Moves everything that waits here to the parking, then lets the broker forget it. */
  private async park(conversation: Conversation, due: number): Promise<boolean> {
    const deliveries = [...conversation.queue]
    if (
      !(await this.parking.park(
        conversation.lane,
        conversation.key,
        deliveries.map(delivery => delivery.body),
        due,
      ))
    )
      return false
    remove(conversation.queue, deliveries)
    for (const delivery of deliveries) delivery.ack()
    return true
  }

  private async drain(conversation: Conversation, signal: AbortSignal): Promise<void> {
    const { lane, key } = conversation
    try {
      while (!signal.aborted) {
        const body = await this.parking.head(lane, key)
        if (body === undefined) return await this.parking.free(lane, key)
        const step = await this.handle(body)
        if (step.kind === 'later') return await this.parking.postpone(lane, key, steadyNow() + step.milliseconds)
        await this.parking.shift(lane, key, body)
        if (!this.parking.isParked(lane, key)) return
      }
    } catch (error) {
      this.log.debug({ err: error }, 'parked conversation waits for Redis')
      await this.parking.postpone(lane, key, steadyNow() + 1000)
    }
  }

  private resumeDue(): void {
    for (const { lane, conversation: key } of this.parking.due(steadyNow())) {
      if (this.resuming >= maxResuming) return
      if (!this.isOpen(lane)) continue
      const conversation = this.conversation(lane, key)
      if (conversation.running !== undefined) continue
      this.resuming += 1
      void this.run(conversation).finally(() => {
        this.resuming -= 1
      })
    }
  }
}

/** By identity: redelivered messages may have joined the queue meanwhile. */
function remove(queue: Delivery[], gone: readonly Delivery[]): void {
  for (const delivery of gone) {
    const at = queue.indexOf(delivery)
    if (at >= 0) queue.splice(at, 1)
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined)
}
