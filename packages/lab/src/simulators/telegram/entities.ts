import { badRequest } from './errors.ts'
import { parseHtml } from './html.ts'
import { parseMarkdown } from './markdown.ts'
import { isObject } from './markup.ts'
import type { Params } from './params.ts'
import type { MessageEntity } from './types.ts'

export interface FormattedText {
  text: string
  entities: MessageEntity[]
}

const maxRawLength = 32_768

/** Text or caption of a call with its markup resolved; white space at both ends is not sent. */
export function readFormatted(params: Params, textName: string, entitiesName: string): FormattedText {
  return formatted(params.text(textName), params.text('parse_mode'), params.json(entitiesName, 'entities'))
}

export function formatted(raw: string, parseMode: string, given: unknown): FormattedText {
  if (Buffer.byteLength(raw) > maxRawLength) throw badRequest('text is too long')
  switch (parseMode.toLowerCase()) {
    case '':
    case 'none':
      return trimmed({ text: raw, entities: [...readEntities(given, raw.length), ...detectEntities(raw)] })
    case 'html':
      return trimmed(withDetected(parseHtml(raw)))
    case 'markdownv2':
      return trimmed(withDetected(parseMarkdown(raw)))
    default:
      throw badRequest('unsupported parse_mode')
  }
}

const detectable: readonly [string, RegExp][] = [
  ['bot_command', /(?<![\w/])\/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?!\w)/g],
  ['mention', /(?<![\w@])@[A-Za-z]\w{3,31}(?!\w)/g],
  ['email', /(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g],
  ['url', /(?:https?:\/\/[^\s<>"]+|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|org|net|de|es|jp|kr|vn|io|dev|app)(?:\/[^\s<>"]*)?(?!\w))/gi],
  ['phone_number', /(?<![\w+])\+\d{7,15}(?!\w)/g],
  ['hashtag', /(?<![\w#])#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/gu],
]

/** What Telegram finds by itself in any text. Offsets are UTF-16 code units, as JavaScript counts. */
export function detectEntities(text: string): MessageEntity[] {
  const found: MessageEntity[] = []
  for (const [type, pattern] of detectable) {
    for (const match of text.matchAll(pattern)) {
      const bare = type === 'url' ? match[0].replace(/[.,;:!?)]+$/, '') : match[0]
      const entity = { type, offset: match.index, length: bare.length }
      if (!found.some(other => overlaps(other, entity))) found.push(entity)
    }
  }
  return found.sort((a, b) => a.offset - b.offset)
}

function withDetected({ text, entities }: FormattedText): FormattedText {
  const own = detectEntities(text).filter(entity => !entities.some(other => overlaps(other, entity)))
  return { text, entities: [...entities, ...own].sort((a, b) => a.offset - b.offset) }
}

function readEntities(given: unknown, length: number): MessageEntity[] {
  if (given === undefined) return []
  if (!Array.isArray(given)) throw badRequest("can't parse MessageEntity: expected an Array")
  return given.map(entity => {
    if (!isObject(entity)) throw badRequest("can't parse MessageEntity: expected an Object")
    const { type, offset, length: units, url } = entity
    if (typeof type !== 'string') throw badRequest('can\'t parse MessageEntity: Field "type" must be of type String')
    if (typeof offset !== 'number' || typeof units !== 'number' || offset < 0 || units <= 0 || offset + units > length) {
      throw badRequest(`entity beginning at UTF-16 offset ${String(offset)} ends after the end of the text at UTF-16 offset ${length}`)
    }
    return { type, offset, length: units, ...(typeof url === 'string' ? { url } : {}) }
  })
}

function trimmed({ text, entities }: FormattedText): FormattedText {
  const clean = text.replace(/\r/g, '').trim()
  if (clean === text) return { text, entities }
  const lead = text.length - text.trimStart().length
  const moved = entities.map(entity => ({ ...entity, offset: Math.max(0, entity.offset - lead) })).filter(entity => entity.offset < clean.length)
  return { text: clean, entities: moved.map(entity => ({ ...entity, length: Math.min(entity.length, clean.length - entity.offset) })) }
}

function overlaps(a: MessageEntity, b: MessageEntity): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length
}
