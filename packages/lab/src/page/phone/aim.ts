import type { PhoneEntry } from '../../protocol.ts'

/** A message that the next text answers or replaces. */
export interface Aim {
  does: 'reply' | 'edit'
  entry: PhoneEntry
}
