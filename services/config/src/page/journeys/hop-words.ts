import type { TextKey } from '../i18n/en.ts'

const known = [
  'received',
  'verified',
  'spooled',
  'published',
  'consumed',
  'stored',
  'unstored',
  'rendered',
  'waiting',
  'retry',
  'parked',
  'sent',
  'reported',
  'receipt',
  'duplicate',
  'failed',
  'dead',
  'replayed',
  'discarded',
] as const

/** Our words for a hop; one that a later version has added is told in the API's own. */
export function hopKey(hop: string): TextKey | undefined {
  const found = known.find(each => each === hop)
  return found === undefined ? undefined : `hop.${found}`
}
