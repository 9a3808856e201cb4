const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * Pieces of at most `maxUnits` UTF-16 code units, cut at a paragraph, a line, a sentence or a space where there is one in the last third, else between graphemes.
 * White space at a cut is dropped, everything else is kept.
 */
export function splitText(text: string, maxUnits: number): string[] {
  const pieces: string[] = []
  let rest = text
  while (rest.length > maxUnits) {
    const cut = cutAt(rest, maxUnits)
    const piece = rest.slice(0, cut).trimEnd()
    if (piece !== '') pieces.push(piece)
    rest = rest.slice(cut).trimStart()
  }
  if (rest !== '' || pieces.length === 0) pieces.push(rest)
  return pieces
}

const separators = ['\n\n', '\n', '. ', '。', ' '] as const

function cutAt(text: string, maxUnits: number): number {
  const earliest = Math.floor((maxUnits * 2) / 3)
  const window = text.slice(0, maxUnits)
  for (const separator of separators) {
    const at = window.lastIndexOf(separator)
    if (at >= earliest && isBoundary(text, at + separator.length)) return at + separator.length
  }
  return graphemeBoundary(text, maxUnits)
}

/** False where the next character belongs to the one before, e.g. a combining mark that stands on a space. */
function isBoundary(text: string, index: number): boolean {
  return graphemeBoundary(text, index) === index
}

/** The last place at or before `index` that is not inside a grapheme (nor, for a grapheme longer than the limit, inside a surrogate pair). */
function graphemeBoundary(text: string, index: number): number {
  const inside = graphemes.segment(text.slice(0, index + 64)).containing(index)
  if (inside !== undefined && inside.index > 0) return inside.index
  const unit = text.charCodeAt(index)
  return unit >= 0xdc00 && unit <= 0xdfff ? Math.max(1, index - 1) : index
}

/** At most `maxUnits` code units, an ellipsis showing that something is missing. */
export function shorten(text: string, maxUnits: number): string {
  return text.length <= maxUnits ? text : `${text.slice(0, graphemeBoundary(text, maxUnits - 1))}…`
}

/** Runs of at most `size` members. */
export function inGroups<T>(members: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(members.length / size) }, (_, group) => members.slice(group * size, (group + 1) * size))
}
