import type { Action } from '@um/shared/contract'
import { inGroups, shorten } from '@um/shared/degrade'

/** https://developers.viber.com/docs/tools/keyboards/#buttons-parameters */
export type Button = Readonly<Record<string, unknown>>
const maxLabel = 250
export const columns = 6

/** Viber reads b, i, u, br and font in the texts of buttons: what is not meant that way is escaped, within the limit. */
export function label(text: string, max = maxLabel): string {
  const written = (room: number): string => shorten(text, room).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const whole = written(max)
  return whole.length <= max ? whole : written(Math.floor(max / 5))
}

/**
 * A press comes back as if the guest had written `ActionBody`, and stands in the chat like that. The label is what a guest would write; where it would not say
 * which option is meant (not `isClear`) it is the option's key, which nobody needs to see.
 */
export function button({ title, payload, url, token }: Action, isClear: boolean): Button {
  const shown = { Columns: columns, Rows: 1, Text: label(title || payload || url || '…'), TextSize: 'regular' }
  if (url !== undefined) return { ...shown, ActionType: 'open-url', ActionBody: url, Silent: true }
  if (isClear && title.length <= maxLabel) return { ...shown, ActionType: 'reply', ActionBody: title.trim() }
  return { ...shown, ActionType: 'reply', ActionBody: token ?? payload ?? title, Silent: true }
}
export function textBlock(text: string, look: Button): Button {
  return { Columns: columns, Rows: 1, Text: text, TextSize: 'regular', ActionType: 'none', ActionBody: 'none', ...look }
}

/** Side by side; those of the last row are as wide as it takes. */
export function inRows(buttons: readonly Button[], perRow: number): Button[] {
  return inGroups(buttons, perRow).flatMap(row => row.map(each => ({ ...each, Columns: columns / row.length })))
}
