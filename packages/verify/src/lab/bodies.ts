import type { Body } from '@um/lab/protocol'

/** The first words of what a phone or a desk shows, wherever they stand. */
export function wordsOf(body: Body): string {
  switch (body.kind) {
    case 'text':
      return body.text
    case 'parts':
      return body.parts.map(wordsOf).find(words => words !== '') ?? ''
    default:
      return 'caption' in body ? (body.caption ?? '') : ''
  }
}

/** A photo that can be looked at: its bytes are there, and they are as many as were sent. */
export function showsPhoto(body: Body, bytes: number): boolean {
  if (body.kind === 'parts') return body.parts.some(part => showsPhoto(part, bytes))
  return 'media' in body && body.media?.size === bytes
}
