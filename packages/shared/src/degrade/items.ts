import type { Action, ContentOf, StructuredItem } from '../contract/index.ts'

/** Stands above buttons where the platform wants a text and there is none. */
export const pointer = '⬇️'

/** What comes back when it is pressed: its payload, or the token by which it is known here, where the platform has no room for that. */
export function answerOf({ payload, title, token }: Action, fits: (text: string) => boolean): string {
  const answer = payload || title
  return fits(answer) ? answer : (token ?? answer)
}

/** Title and description in one line. */
export function lineOf({ title, description }: StructuredItem): string {
  return [title, description].filter(Boolean).join(' – ')
}

/** The heading that stands above an item: the first of its section has it. */
export function headingOf(item: StructuredItem, before: StructuredItem | undefined): string | undefined {
  return item.section !== undefined && item.section !== '' && item.section !== before?.section ? item.section : undefined
}

/** A form, for platforms that have none: what is asked for stands in the lines of a text, what is to be opened is offered below it. */
export function askedInText({ text, items }: ContentOf<'structured'>): { lines: string[]; links: StructuredItem[] } {
  const asked = items.filter(({ url }) => url === undefined).map(item => `• ${lineOf(item)}`)
  return { lines: text ? [text, ...asked] : asked, links: items.filter(({ url }) => url !== undefined) }
}
