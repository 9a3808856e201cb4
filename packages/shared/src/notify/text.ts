import { shorten } from '../degrade/split.ts'

/** Trimmed, without control characters but line feeds. */
export function cleanText(text: string): string {
  return text.replace(/(?!\n)\p{Cc}/gu, '').trim()
}

/** `2026-02-03 04:05:06 UTC` */
export function utcText(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** Escaped text of at most `maxUnits` UTF-16 code units, cut before it is escaped so that no escape is torn. */
export function escapeWithin(text: string, maxUnits: number, escaping: (text: string) => string): string {
  let units = Math.min(text.length, maxUnits)
  for (;;) {
    const escaped = escaping(shorten(text, units))
    if (escaped.length <= maxUnits || units <= 1) return escaped
    units = Math.max(1, Math.floor((units * maxUnits) / escaped.length))
  }
}
