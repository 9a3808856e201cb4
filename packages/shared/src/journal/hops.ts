/**
 * The stations of a message, as services tell them. `effect` is what a station means for where the message is:
 * pass: it goes on; wait: it stays for now; end: it has arrived; lost: it was given up; again: it begins anew; about: says something of it, not where it is.
 */
interface HopFacts {
  readonly title: string
  readonly effect: 'pass' | 'wait' | 'end' | 'lost' | 'again' | 'about'
}

export const hopFacts = {
  received: { title: 'Arrived', effect: 'pass' },
  verified: { title: 'Found genuine and read', effect: 'pass' },
  spooled: { title: 'Kept safe until RabbitMQ takes it', effect: 'wait' },
  published: { title: 'Handed on', effect: 'pass' },
  consumed: { title: 'Taken from the queue', effect: 'pass' },
  stored: { title: 'Attachment copied to the storage', effect: 'about' },
  unstored: { title: 'Attachment could not be had; the reader is told so', effect: 'about' },
  rendered: { title: 'Translated for the other platform', effect: 'pass' },
  waiting: { title: 'Waits its turn', effect: 'wait' },
  retry: { title: 'Failed, will be tried again', effect: 'wait' },
  parked: { title: 'Set aside until its tenant works again', effect: 'wait' },
  sent: { title: 'Taken by the other platform', effect: 'end' },
  reported: { title: 'The platform tells what became of it', effect: 'about' },
  receipt: { title: 'Told to where it came from what became of it', effect: 'about' },
  duplicate: { title: 'Came again; recognised, not shown again', effect: 'about' },
  failed: { title: 'Refused for good', effect: 'lost' },
  dead: { title: 'Given up, put among the dead letters', effect: 'lost' },
  replayed: { title: 'Sent again from the dead letters', effect: 'again' },
  discarded: { title: 'Discarded from the dead letters', effect: 'lost' },
} as const satisfies Record<string, HopFacts>
export type HopName = keyof typeof hopFacts

/** Of a hop that a newer version tells, only that it is there is known. */
export function factsOf(hop: string): HopFacts {
  return isKnown(hop) ? hopFacts[hop] : { title: hop, effect: 'about' }
}
function isKnown(hop: string): hop is HopName {
  return Object.hasOwn(hopFacts, hop)
}

export type Outcome = 'ok' | 'wait' | 'bad' | 'note'
const outcomes: Record<HopFacts['effect'], Outcome> = { pass: 'ok', wait: 'wait', end: 'ok', lost: 'bad', again: 'ok', about: 'note' }
/** How a hop went, as far as people care. */
export function outcomeOf(hop: string): Outcome {
  return outcomes[factsOf(hop).effect]
}
