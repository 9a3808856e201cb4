import type { DeskEntry, PhoneEntry } from '@um/lab/protocol'
import type { Ledger, Sighting } from '../audit/ledger.ts'
import { readMark } from '../load/utterances.ts'
import { showsPhoto, wordsOf } from './bodies.ts'
import { type LabClient, mostItems } from './client.ts'

/** Where one conversation can be looked at. */
export interface Places {
  phone: string
  /** once the first message has arrived */
  desk: string | undefined
}
/** How many of the newest entries a look takes in first. */
const glance = 60
const sideBySide = 8

/**
 * Reads what phones and desks show into the ledger, by looking at them again and again: that needs no stream which could be cut, and what counts is what a person would see.
 */
export class Watch {
  private readonly lab: LabClient
  private readonly ledger: Ledger
  private readonly places: readonly Places[]
  private readonly photoBytes: number
  private readonly seen = new Map<string, Sighting>()
  /** timelines whose oldest entries we have not seen and cannot: the Lab keeps too few */
  readonly truncated = new Set<string>()

  constructor(options: { lab: LabClient; ledger: Ledger; places: readonly Places[]; photoBytes: number }) {
    this.lab = options.lab
    this.ledger = options.ledger
    this.places = options.places
    this.photoBytes = options.photoBytes
  }

  /** `all`: also those of which everything is known, to find what came twice. */
  async look(all: boolean): Promise<void> {
    const wanted = this.places.map((_, conversation) => conversation).filter(conversation => all || this.ledger.hasUnsettled(conversation))
    const limit = all ? mostItems : glance
    await inParallel(wanted, sideBySide, async conversation => {
      const places = this.places[conversation]
      if (places === undefined) return
      await this.readPhone(conversation, places.phone, limit)
      if (places.desk !== undefined) await this.readDesk(conversation, places.desk, limit)
    })
  }

  private async readPhone(conversation: number, id: string, limit: number): Promise<void> {
    const { entries, truncated } = await this.lab.phone(id, limit)
    if (limit < mostItems && this.isGap(id, entries, truncated)) return this.readPhone(conversation, id, mostItems)
    if (this.isGap(id, entries, truncated)) this.truncated.add(id)
    for (const entry of entries) this.phoneEntry(conversation, id, entry)
    this.known.set(id, new Set(entries.map(entry => entry.id)))
  }
  private async readDesk(conversation: number, id: string, limit: number): Promise<void> {
    const { entries, truncated } = await this.lab.conversation(id, limit)
    if (limit < mostItems && this.isGap(id, entries, truncated)) return this.readDesk(conversation, id, mostItems)
    if (this.isGap(id, entries, truncated)) this.truncated.add(id)
    for (const entry of entries) this.deskEntry(conversation, id, entry)
    this.known.set(id, new Set(entries.map(entry => entry.id)))
  }

  /** entries of the last look at each timeline */
  private readonly known = new Map<string, ReadonlySet<string>>()
  /** Older entries exist than were told, and none of those that were told has been seen before. */
  private isGap(timeline: string, entries: readonly { id: string }[], truncated: boolean): boolean {
    const before = this.known.get(timeline)
    return truncated && !entries.some(entry => before?.has(entry.id))
  }

  private phoneEntry(conversation: number, phone: string, entry: PhoneEntry): void {
    const mark = readMark(wordsOf(entry.body))
    if (mark?.conversation !== conversation) return
    if (entry.from === 'guest' && entry.state === 'lost')
      this.ledger.refused(mark, `the platform gave up telling the fleet: ${entry.why ?? entry.status ?? ''}`)
    if (entry.from === 'business' && entry.state === 'shown') this.sighted(`${phone} ${entry.id}`, mark, entry)
  }
  private deskEntry(conversation: number, desk: string, entry: DeskEntry): void {
    const mark = readMark(wordsOf(entry.body))
    if (mark?.conversation !== conversation) return
    if (entry.from === 'customer') return this.sighted(`${desk} ${entry.id}`, mark, entry)
    if (entry.state === 'lost') this.ledger.refused(mark, `the platform gave up telling the fleet: ${entry.why ?? entry.status ?? ''}`)
    const failed = entry.receipts?.find(({ status }) => status === 'Failed')
    if (failed !== undefined) {
      this.ledger.failed(mark, { at: Date.parse(failed.at), reason: failed.reasons.map(({ code, message }) => message ?? code).join('; ') })
    }
  }

  private sighted(key: string, mark: Parameters<Ledger['saw']>[0], entry: PhoneEntry | DeskEntry): void {
    const hasPhoto = showsPhoto(entry.body, this.photoBytes)
    const known = this.seen.get(key)
    // a photo may show up later than its words: the platform has to fetch it
    if (known !== undefined) known.hasPhoto ||= hasPhoto
    else {
      const sighting = { entry: entry.id, at: Date.parse(entry.at), hasPhoto }
      this.seen.set(key, sighting)
      this.ledger.saw(mark, sighting)
    }
  }
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next]
      next += 1
      if (item !== undefined) await work(item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
}
