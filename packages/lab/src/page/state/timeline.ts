/** Entries of one phone or one conversation, oldest first. */
export interface Timeline<E> {
  entries: E[]
  /** older entries exist no more, or were not loaded */
  truncated: boolean
  /** false: only what the event stream told has been seen so far */
  loaded: boolean
}

interface Entry {
  id: string
  at: string
}

/** A page that stays open for days keeps this many entries of a timeline. */
export const keptEntries = 300

export function emptyTimeline<E>(): Timeline<E> {
  return { entries: [], truncated: false, loaded: false }
}

export function hasEntry<E extends Entry>(timeline: Timeline<E> | undefined, id: string): boolean {
  return timeline?.entries.some(entry => entry.id === id) ?? false
}

/** Replaces the entry with the same id, or puts a new one at its place in time: equal times keep the order of arrival. */
export function upsertEntry<E extends Entry>(timeline: Timeline<E> | undefined, entry: E): Timeline<E> {
  const from = timeline ?? emptyTimeline<E>()
  const index = from.entries.findIndex(known => known.id === entry.id)
  if (index >= 0) return { ...from, entries: from.entries.with(index, entry) }
  const place = from.entries.findLastIndex(known => known.at <= entry.at) + 1
  const entries = from.entries.toSpliced(place, 0, entry)
  if (entries.length <= keptEntries) return { ...from, entries }
  return { ...from, entries: entries.slice(-keptEntries), truncated: true }
}
