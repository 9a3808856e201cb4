import type { Evidence } from '../src/audit/evidence.ts'
import { Ledger, type Sighting } from '../src/audit/ledger.ts'
import type { Direction, Mark } from '../src/load/utterances.ts'

/** A run of one conversation, written by hand. */
export const began = Date.parse('2026-03-01T12:00:00.000Z')
export const nothingBroke: Evidence = { exchanges: [], breakdowns: [], faultKinds: new Map() }

export function mark(direction: Direction, number: number): Mark {
  return { conversation: 0, direction, number }
}
export function sighting(at: number, overrides: Partial<Sighting> = {}): Sighting {
  return { entry: `entry-${at}`, at: began + at, hasPhoto: false, ...overrides }
}

/** `count` messages of a direction, written a second after another and not yet seen. */
export function written(count: number, direction: Direction, { photo = false } = {}): Ledger {
  const ledger = new Ledger(1)
  for (let number = 1; number <= count; number += 1) ledger.writes(mark(direction, number), photo, began + number * 1000)
  return ledger
}
/** As `written`, and seen 100 ms later each, in this order. */
export function arrived(numbers: readonly number[], direction: Direction): Ledger {
  const ledger = written(Math.max(...numbers), direction)
  for (const [place, number] of numbers.entries()) ledger.saw(mark(direction, number), sighting(10_000 + place * 100, { entry: `entry ${place}` }))
  return ledger
}
