import { isRecord } from '../forms/pointer.ts'

/** What was being edited when the page went away. `base`: what it began with. */
export interface KeptDraft<T> {
  draft: T
  base: T
  etag: string | undefined
}
const prefix = 'um.draft.'

/** In the tab's own storage: a reload does not lose what was typed, and nobody else finds it. */
export function keepDraft<T>(keep: Storage, key: string, kept: KeptDraft<T>): void {
  try {
    keep.setItem(prefix + key, JSON.stringify(kept))
  } catch {
    // the storage is full: the draft lives as long as the page does
  }
}
export function dropDraft(keep: Storage, key: string): void {
  keep.removeItem(prefix + key)
}
export function keptDraft<T>(keep: Storage, key: string): KeptDraft<T> | undefined {
  try {
    const kept: unknown = JSON.parse(keep.getItem(prefix + key) ?? 'null')
    return isRecord(kept) && isRecord(kept.draft) && isRecord(kept.base) ? (kept as unknown as KeptDraft<T>) : undefined
  } catch {
    return undefined
  }
}
