import type { FormattedText } from './entities.ts'
import { badRequest } from './errors.ts'
import type { MessageEntity } from './types.ts'

const tagTypes: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  a: 'text_link',
}
const characters: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' }
const piece = /<(\/?)([a-zA-Z][\w-]*)((?:\s[^>]*)?)>|&(?:#x?[0-9a-fA-F]+|[a-z]+);|<|[^<&]+|&/g

/** `parse_mode: HTML`: https://core.telegram.org/bots/api#html-style. Positions in errors are bytes, as the platform counts there. */
export function parseHtml(source: string): FormattedText {
  const open: { tag: string; offset: number; url?: string }[] = []
  const entities: MessageEntity[] = []
  let text = ''
  for (const match of source.matchAll(piece)) {
    const [whole, closing, tagName, attributes] = match
    const at = () => Buffer.byteLength(source.slice(0, match.index))
    if (tagName === undefined) {
      if (whole === '<') throw badRequest(`can't parse entities: Unsupported start tag "" at byte offset ${at()}`)
      text += whole.startsWith('&') ? decoded(whole) : whole
      continue
    }
    const tag = tagName.toLowerCase()
    if (closing === '') {
      if (tagTypes[tag] === undefined) throw badRequest(`can't parse entities: Unsupported start tag "${tag}" at byte offset ${at()}`)
      const url = tag === 'a' ? /href\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))/i.exec(attributes ?? '') : null
      const href = url?.[1] ?? url?.[2] ?? url?.[3]
      open.push({ tag, offset: text.length, ...(href === undefined ? {} : { url: decodedAll(href) }) })
      continue
    }
    const begun = open.pop()
    if (begun === undefined) throw badRequest(`can't parse entities: Unexpected end tag at byte offset ${at()}`)
    if (begun.tag !== tag) throw badRequest(`can't parse entities: Unmatched end tag at byte offset ${at()}, expected "</${begun.tag}>", found "</${tag}>"`)
    const entity = entityOf(begun, text.length)
    if (entity !== undefined) entities.push(entity)
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) throw badRequest(`can't parse entities: Can't find end tag corresponding to start tag "${unclosed.tag}"`)
  return { text, entities: entities.sort((a, b) => a.offset - b.offset || b.length - a.length) }
}

function entityOf(begun: { tag: string; offset: number; url?: string }, end: number): MessageEntity | undefined {
  const type = tagTypes[begun.tag]
  if (type === undefined || end === begun.offset || (type === 'text_link' && begun.url === undefined)) return undefined
  return { type, offset: begun.offset, length: end - begun.offset, ...(begun.url === undefined ? {} : { url: begun.url }) }
}

function decoded(reference: string): string {
  const named = characters[reference]
  if (named !== undefined) return named
  const numeric = /^&#(x?)([0-9a-fA-F]+);$/.exec(reference)
  if (numeric === null) return reference
  const code = Number.parseInt(numeric[2] ?? '', numeric[1] === '' ? 10 : 16)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : reference
}
function decodedAll(text: string): string {
  return text.replace(/&(?:#x?[0-9a-fA-F]+|[a-z]+);/g, decoded)
}
