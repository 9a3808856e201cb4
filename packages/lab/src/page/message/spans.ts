import type { TextSpan } from '../../protocol.ts'

/** A stretch of text in one look. */
export interface Segment {
  text: string
  styles: TextSpan['style'][]
  url?: string
}

/** Spans may overlap and nest; a segment ends wherever one of them begins or ends. Spans that reach beyond the text are cut. */
export function segmentsOf(text: string, spans: readonly TextSpan[] = []): Segment[] {
  const cuts = new Set([0, text.length])
  for (const span of spans) {
    cuts.add(Math.min(Math.max(span.offset, 0), text.length))
    cuts.add(Math.min(Math.max(span.offset + span.length, 0), text.length))
  }
  const places = [...cuts].toSorted((a, b) => a - b)
  const segments: Segment[] = []
  for (const [index, start] of places.entries()) {
    const end = places[index + 1]
    if (end === undefined) break
    const over = spans.filter(span => span.offset <= start && span.offset + span.length >= end)
    const url = over.find(span => span.style === 'link')?.url
    segments.push({ text: text.slice(start, end), styles: over.map(span => span.style), ...(url === undefined ? {} : { url }) })
  }
  return segments
}

const address = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/gi

/** Web addresses in words that came without any styles, as every messenger shows them. */
export function linksIn(text: string): TextSpan[] {
  return [...text.matchAll(address)].map(match => ({ style: 'link', offset: match.index, length: match[0].length }))
}

/** What a page may follow: an address of the web. Anything else (javascript:, data:, an app's scheme) stays text. */
export function webAddress(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const { protocol } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' ? url : undefined
}
