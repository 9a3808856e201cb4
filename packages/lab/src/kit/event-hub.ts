import type { LabEvent } from '../protocol.ts'
import { Ring } from './ring.ts'

/** One event with its place in the stream. */
export interface Numbered {
  seq: number
  event: LabEvent
}
export interface Listening {
  /** events in order; called in bursts */
  take(events: Numbered[]): void
}

const flushMs = 50
const perFlush = 400
/** More changed things than this at once are not worth telling one by one. */
const overflow = 5000
/** After the last listener has gone, events are remembered for one that comes back. */
const memoryMs = 60_000

/**
 * The Lab's live stream. Whatever changed is marked (`touch`) and drawn only when it is told, so that a thing which changes a hundred times
 * between two bursts is told once, and a load test that nobody watches costs nothing.
 */
export class EventHub {
  private readonly history: Ring<Numbered>
  private readonly marked = new Map<string, () => LabEvent | undefined>()
  private readonly listeners = new Set<Listening>()
  private readonly now: () => number
  private timer: NodeJS.Timeout | undefined
  private seq = 0
  /** events up to this one cannot be told again */
  private lostUpTo = 0
  private lastListenerAt = Number.NEGATIVE_INFINITY

  constructor(options: { capacity: number; now: () => number }) {
    this.history = new Ring(options.capacity)
    this.now = options.now
  }

  /** Nobody listens and nobody will ask: whatever is cheap to leave out may be left out. */
  get isIdle(): boolean {
    return this.listeners.size === 0 && this.now() - this.lastListenerAt > memoryMs
  }

  /** `draw` is called later, once for all touches of the same key until then; undefined: it no longer exists. */
  touch(key: string, draw: () => LabEvent | undefined): void {
    if (this.isIdle) {
      this.seq += 1
      this.lostUpTo = this.seq
      return
    }
    if (this.marked.size >= overflow) {
      this.marked.clear()
      this.marked.set('reset', () => ({ type: 'reset', why: 'more happened than can be told' }))
      this.lostUpTo = this.seq
    }
    this.marked.set(key, draw)
    this.schedule()
  }

  /** `after`: the last event that the listener knows; undefined begins now. Returns what ends the subscription, and what was missed (undefined: too much). */
  listen(listener: Listening, after: number | undefined): { missed: Numbered[] | undefined; end: () => void; seq: number } {
    this.listeners.add(listener)
    this.lastListenerAt = this.now()
    const end = () => {
      this.listeners.delete(listener)
      this.lastListenerAt = this.now()
    }
    return { missed: after === undefined ? [] : this.since(after), end, seq: this.seq }
  }

  close(): void {
    clearTimeout(this.timer)
    this.marked.clear()
    this.listeners.clear()
  }

  private since(after: number): Numbered[] | undefined {
    if (after > this.seq || after < this.lostUpTo) return undefined
    const kept = this.history.all()
    const oldest = kept[0]?.seq ?? this.seq + 1
    if (after + 1 < oldest) return after === this.seq ? [] : undefined
    return kept.filter(({ seq }) => seq > after)
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => this.flush(), flushMs).unref()
  }

  private flush(): void {
    this.timer = undefined
    const burst: Numbered[] = []
    for (const [key, draw] of this.marked) {
      if (burst.length >= perFlush) break
      this.marked.delete(key)
      const event = draw()
      if (event === undefined) continue
      this.seq += 1
      const numbered = { seq: this.seq, event }
      this.history.push(numbered)
      burst.push(numbered)
    }
    if (burst.length > 0) for (const listener of this.listeners) listener.take(burst)
    if (this.marked.size > 0) this.schedule()
  }
}
