import type { JourneyHop } from '../../protocol.ts'

/** How a hop ended, as far as a person cares: colour, icon and word follow from it. */
export type Outcome = 'ok' | 'wait' | 'bad' | 'note'

interface HopWords {
  title: string
  outcome: Outcome
}

const hops: Record<string, HopWords> = {
  received: { title: 'Taken from the webhook', outcome: 'ok' },
  spooled: { title: 'Kept safe while the queue is away', outcome: 'wait' },
  published: { title: 'Handed to the queue', outcome: 'ok' },
  consumed: { title: 'Taken from the queue', outcome: 'ok' },
  duplicate: { title: 'Recognised as a repeat, not shown again', outcome: 'note' },
  enriched: { title: 'Profile and files added', outcome: 'ok' },
  rendered: { title: 'Translated for the other side', outcome: 'ok' },
  waiting: { title: 'Waits its turn', outcome: 'wait' },
  parked: { title: 'Set aside until its tenant works again', outcome: 'wait' },
  sent: { title: 'Taken by the other side', outcome: 'ok' },
  receipt: { title: 'Receipt passed back', outcome: 'note' },
  retry: { title: 'Will be tried again', outcome: 'wait' },
  failed: { title: 'Given up', outcome: 'bad' },
  dead: { title: 'Moved to the dead letters', outcome: 'bad' },
}

export function wordsOfHop(hop: string): HopWords {
  return hops[hop] ?? { title: hop, outcome: 'note' }
}

/** What the service told about a hop, ready for people: the reason, the answer's status, the attempt, how long it waits; the rest as it is. */
export interface HopFacts {
  why?: string
  status?: string
  attempt?: string
  waitMs?: number
  rest: [name: string, value: string][]
}

/** `why` is a sentence and `reason` a code of the fleet's own table: the code stands in only where there is no sentence. */
export function factsOfHop(hop: JourneyHop): HopFacts {
  const { why, reason, status, attempt, waitMilliseconds, ...others } = hop.detail ?? {}
  const told = why === undefined || why === '' ? reason : why
  const rest = told === reason || reason === undefined ? others : { reason, ...others }
  return {
    ...(told === undefined || told === '' ? {} : { why: String(told) }),
    ...(status === undefined ? {} : { status: String(status) }),
    ...(attempt === undefined ? {} : { attempt: String(attempt) }),
    ...(typeof waitMilliseconds === 'number' ? { waitMs: waitMilliseconds } : {}),
    rest: Object.entries(rest).map(([name, value]) => [name, String(value)]),
  }
}

/** The sentence of a message that does not move: what follows "Stuck because". */
export function whyStuck(hop: JourneyHop, place: string): string {
  const { why, status, attempt, waitMs } = factsOfHop(hop)
  const answered = status === undefined ? undefined : `${place} was answered ${status}`
  const tail = [attempt === undefined ? undefined : `attempt ${attempt}`, waitMs === undefined ? undefined : `next try ${formatDuration(waitMs)} later`].filter(
    part => part !== undefined,
  )
  const cause = [answered ?? (why === undefined ? defaultCause(hop.hop, place) : `${place} says`), why].filter(part => part !== undefined).join(': ')
  return tail.length === 0 ? cause : `${cause}; ${tail.join(', ')}`
}

function defaultCause(hop: string, place: string): string {
  if (hop === 'spooled') return `${place} cannot reach the message queue; it keeps the message until it can`
  if (hop === 'waiting') return `an earlier message of this conversation, or a rate limit, comes first at ${place}`
  if (hop === 'parked') return `${place} has paused this tenant: its credentials do not work at the moment`
  return `the last try at ${place} failed`
}

/** 12 ms, 1.4 s, 2 min 5 s: three digits are enough to compare. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms))
  if (whole < 1_000) return `${whole} ms`
  if (whole < 10_000) return `${Math.round(whole / 100) / 10} s`
  if (whole < 60_000) return `${Math.round(whole / 1_000)} s`
  const minutes = Math.floor(whole / 60_000)
  const seconds = Math.round((whole % 60_000) / 1_000)
  if (minutes < 60) return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
