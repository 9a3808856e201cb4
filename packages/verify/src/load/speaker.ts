import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from '../audit/ledger.ts'
import type { LabClient } from '../lab/client.ts'
import type { Places } from '../lab/watch.ts'
import type { Utterance } from './utterances.ts'

/** Says everything at its rate, whatever the fleet does: in order per conversation and direction, different ones side by side. */
export class Speaker {
  private readonly lab: LabClient
  private readonly ledger: Ledger
  private readonly places: readonly Places[]
  private readonly photo: string
  /** the last thing said, or being said, by conversation and direction */
  private readonly tails = new Map<string, Promise<void>>()
  /** answers that wait for their conversation to begin */
  private readonly held = new Map<number, Utterance[]>()
  private failure: unknown
  said = 0

  constructor(options: { lab: LabClient; ledger: Ledger; places: readonly Places[]; photo: string }) {
    this.lab = options.lab
    this.ledger = options.ledger
    this.places = options.places
    this.photo = options.photo
  }

  /** Returns when everything but what is held has been said. */
  async sayAll(load: Iterable<Utterance>, rate: number, signal: AbortSignal): Promise<void> {
    const began = performance.now()
    let due = 0
    for (const utterance of load) {
      if (signal.aborted) break
      if (this.failure !== undefined) throw this.failure
      const waitMs = began + (due * 1000) / rate - performance.now()
      if (waitMs > 1) await sleep(waitMs, undefined, { signal }).catch(() => undefined)
      due += 1
      this.say(utterance)
    }
    await this.settled()
  }

  /** A conversation has begun: what its agent was to say already is said now. */
  begun(conversation: number): void {
    const waiting = this.held.get(conversation) ?? []
    this.held.delete(conversation)
    for (const utterance of waiting) this.say(utterance)
  }
  get holding(): number {
    let sum = 0
    for (const waiting of this.held.values()) sum += waiting.length
    return sum
  }
  async settled(): Promise<void> {
    while (this.tails.size > 0) await Promise.all(this.tails.values())
    if (this.failure !== undefined) throw this.failure
  }

  private say(utterance: Utterance): void {
    const { conversation, direction } = utterance
    if (direction === 'toGuest' && this.places[conversation]?.desk === undefined) {
      this.held.set(conversation, [...(this.held.get(conversation) ?? []), utterance])
      return
    }
    const key = `${conversation} ${direction}`
    const tail = (this.tails.get(key) ?? Promise.resolve())
      .then(() => this.utter(utterance))
      .catch(error => {
        this.failure ??= error
      })
      .finally(() => {
        if (this.tails.get(key) === tail) this.tails.delete(key)
      })
    this.tails.set(key, tail)
  }

  private async utter(utterance: Utterance): Promise<void> {
    const { conversation, direction, photo, text } = utterance
    const { phone, desk } = this.places[conversation] ?? {}
    if (phone === undefined || this.failure !== undefined) return
    this.ledger.writes(utterance, photo, Date.now())
    const { entries } =
      direction === 'toAgent'
        ? await this.lab.guestDoes(phone, photo ? { do: 'photo', upload: this.photo, caption: text } : { do: 'text', text })
        : await this.lab.agentDoes(desk ?? '', photo ? { do: 'attachment', upload: this.photo, text } : { do: 'text', text })
    const [entry] = entries
    if (entry !== undefined) this.ledger.wroteAt(utterance, Date.parse(entry.at))
    this.said += 1
  }
}
