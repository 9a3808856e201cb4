import { type Direction, directions, type Mark } from '../load/utterances.ts'

/** A message at the side where it was to arrive. Times are the Lab's own, in milliseconds. */
export interface Sighting {
  entry: string
  at: number
  hasPhoto: boolean
}
/** What the fleet told the agent's side of a message that it could not deliver. */
export interface FailedReceipt {
  at: number
  reason: string
}
export interface MessageRecord {
  readonly number: number
  readonly photo: boolean
  writtenAt: number
  /** the platform gave up: the fleet's webhook never took it */
  refusal?: string
  failed?: FailedReceipt
  readonly sightings: Sighting[]
}
/** All messages of one conversation in one direction. */
export interface Track {
  readonly conversation: number
  readonly direction: Direction
  /** by number, from 1; index 0 is the first */
  readonly messages: MessageRecord[]
  /** numbers in the order in which they were first seen */
  readonly order: number[]
}

/** What is known of each message so far. */
export class Ledger {
  private readonly tracks = new Map<string, Track>()
  /** messages without an outcome, by track */
  private readonly unsettledBy = new Map<Track, number>()
  /** shown, but never written by this run: each would be a riddle */
  readonly strangers: { mark: Mark; entry: string }[] = []
  /** grows with everything new */
  news = 0

  constructor(conversations: number) {
    for (let conversation = 0; conversation < conversations; conversation += 1) {
      for (const direction of directions) this.tracks.set(keyOf(conversation, direction), { conversation, direction, messages: [], order: [] })
    }
  }

  all(): Track[] {
    return [...this.tracks.values()]
  }
  track(conversation: number, direction: Direction): Track {
    const track = this.tracks.get(keyOf(conversation, direction))
    if (track === undefined) throw new Error(`there is no conversation ${conversation}`)
    return track
  }

  /** Before it is written: it may be seen before the Lab has answered. */
  writes({ conversation, direction, number }: Mark, photo: boolean, at: number): void {
    const track = this.track(conversation, direction)
    if (track.messages.length + 1 !== number) throw new Error(`message ${number} of conversation ${conversation} was written out of turn`)
    track.messages.push({ number, photo, writtenAt: at, sightings: [] })
    this.unsettledBy.set(track, (this.unsettledBy.get(track) ?? 0) + 1)
    this.news += 1
  }
  /** By the Lab's own clock. */
  wroteAt({ conversation, direction, number }: Mark, at: number): void {
    const message = this.track(conversation, direction).messages[number - 1]
    if (message !== undefined) message.writtenAt = at
  }
  saw(mark: Mark, sighting: Sighting): void {
    const track = this.tracks.get(keyOf(mark.conversation, mark.direction))
    const message = track?.messages[mark.number - 1]
    if (track === undefined || message === undefined) {
      this.strangers.push({ mark, entry: sighting.entry })
      return
    }
    const settled = isSettled(message)
    if (message.sightings.length === 0) track.order.push(mark.number)
    message.sightings.push(sighting)
    this.settle(track, settled)
  }
  failed(mark: Mark, receipt: FailedReceipt): void {
    this.change(mark, message => {
      message.failed ??= receipt
    })
  }
  refused(mark: Mark, why: string): void {
    this.change(mark, message => {
      message.refusal ??= why
    })
  }

  get unsettled(): number {
    let sum = 0
    for (const count of this.unsettledBy.values()) sum += count
    return sum
  }
  hasUnsettled(conversation: number): boolean {
    return directions.some(direction => (this.unsettledBy.get(this.track(conversation, direction)) ?? 0) > 0)
  }

  private change(mark: Mark, apply: (message: MessageRecord) => void): void {
    const track = this.track(mark.conversation, mark.direction)
    const message = track.messages[mark.number - 1]
    if (message === undefined) return
    const settled = isSettled(message)
    apply(message)
    this.settle(track, settled)
  }
  private settle(track: Track, wasSettled: boolean): void {
    this.news += 1
    if (!wasSettled) this.unsettledBy.set(track, (this.unsettledBy.get(track) ?? 1) - 1)
  }
}

function isSettled({ sightings, failed, refusal }: MessageRecord): boolean {
  return sightings.length > 0 || failed !== undefined || refusal !== undefined
}
function keyOf(conversation: number, direction: Direction): string {
  return `${conversation} ${direction}`
}
