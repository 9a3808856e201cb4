import type { FormattedText } from './entities.ts'
import { badRequest } from './errors.ts'
import type { MessageEntity } from './types.ts'

const marks: readonly [string, string][] = [
  ['```', 'pre'],
  ['||', 'spoiler'],
  ['__', 'underline'],
  ['*', 'bold'],
  ['_', 'italic'],
  ['~', 'strikethrough'],
  ['`', 'code'],
]
const reserved = new Set('_*[]()~`>#+-=|{}.!')

/** `parse_mode: MarkdownV2`: https://core.telegram.org/bots/api#markdownv2-style. Block quotes and custom emoji are not offered. */
export function parseMarkdown(source: string): FormattedText {
  const open: { mark: string; type: string; offset: number; at: number }[] = []
  const entities: MessageEntity[] = []
  let text = ''
  let index = 0
  const byteAt = (position: number) => Buffer.byteLength(source.slice(0, position))
  while (index < source.length) {
    const rest = source.slice(index, index + 3)
    const inner = open.at(-1)
    const isCode = inner?.type === 'code' || inner?.type === 'pre'
    if (rest[0] === '\\' && rest.length > 1 && source.charCodeAt(index + 1) < 127) {
      text += rest[1]
      index += 2
      continue
    }
    const found = marks.find(([mark]) => rest.startsWith(mark) && (!isCode || mark === inner?.mark))
    if (found !== undefined) {
      const [mark, type] = found
      if (inner?.mark === mark) {
        open.pop()
        if (text.length > inner.offset) entities.push({ type, offset: inner.offset, length: text.length - inner.offset })
      } else {
        open.push({ mark, type, offset: text.length, at: index })
      }
      index += mark.length
      continue
    }
    if (!isCode && rest[0] === '[') {
      open.push({ mark: '[', type: 'text_link', offset: text.length, at: index })
      index += 1
      continue
    }
    if (!isCode && rest.startsWith('](') && inner?.mark === '[') {
      const end = source.indexOf(')', index)
      if (end < 0) throw badRequest(`can't parse entities: Can't find end of a URL at byte offset ${byteAt(index)}`)
      open.pop()
      entities.push({ type: 'text_link', offset: inner.offset, length: text.length - inner.offset, url: source.slice(index + 2, end).replace(/\\(.)/g, '$1') })
      index = end + 1
      continue
    }
    const character = rest[0] ?? ''
    if (!isCode && reserved.has(character)) {
      throw badRequest(`can't parse entities: Character '${character}' is reserved and must be escaped with the preceding '\\'`)
    }
    text += character
    index += 1
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) {
    const name = { text_link: 'TextUrl', pre: 'Pre', code: 'Code' }[unclosed.type] ?? `${unclosed.type.charAt(0).toUpperCase()}${unclosed.type.slice(1)}`
    throw badRequest(`can't parse entities: Can't find end of ${name} entity at byte offset ${byteAt(unclosed.at)}`)
  }
  return { text, entities: entities.filter(entity => entity.length > 0).sort((a, b) => a.offset - b.offset || b.length - a.length) }
}
