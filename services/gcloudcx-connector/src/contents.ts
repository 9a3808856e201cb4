import { type Content, type MediaKind, present } from '@um/shared/contract'
import type { ContentElement, OpenMessage, Paragraph } from './schema.ts'
import { lines, readQuickReplies, structuredReaders } from './structured.ts'

const mediaKinds: Readonly<Record<string, MediaKind>> = { Image: 'image', Video: 'video', Audio: 'audio', File: 'file' }

/** A message's text and content elements as ours, in their order. Never empty: what cannot be shown is told as such. */
export function readContents(message: OpenMessage): Content[] {
  const text = message.text?.trim() ? message.text : undefined
  const groups = grouped(message.content)
  const [only] = message.content
  if (only === undefined) return [text === undefined ? unsupported(message.type ?? 'Message', message) : { kind: 'text', text }]
  if (message.content.length === 1 && only.attachment?.mediaType === 'Image') return [attachment(only, text)]

  const taker = groups.findIndex(takesText)
  const contents = groups.flatMap((group, index) => readGroup(group, index === taker ? text : undefined) ?? [])
  if (text !== undefined && taker < 0) contents.unshift({ kind: 'text', text })
  return withoutRepeats(contents)
}

/** Neighbouring quick replies make one group; every other element is a group of its own. */
function grouped(elements: readonly ContentElement[]): [ContentElement, ...ContentElement[]][] {
  const groups: [ContentElement, ...ContentElement[]][] = []
  for (const element of elements) {
    const last = groups.at(-1)
    if (element.contentType === 'QuickReply' && last?.[0].contentType === 'QuickReply') last.push(element)
    else groups.push([element])
  }
  return groups
}

/** Elements that speak with the message's own text: as their question, or in place of what we cannot show. */
function takesText([{ contentType }]: [ContentElement, ...ContentElement[]]): boolean {
  return !['Attachment', 'Location', 'Text'].includes(contentType)
}

function readGroup(group: [ContentElement, ...ContentElement[]], text: string | undefined): Content {
  const [element] = group
  return readElement(element, group, text) ?? (text === undefined ? unsupported(element.contentType, element.raw) : { kind: 'text', text })
}

function readElement(element: ContentElement, group: readonly ContentElement[], text: string | undefined): Content | undefined {
  switch (element.contentType) {
    case 'Attachment':
      return attachment(element, undefined)
    case 'Location':
      return location(element)
    case 'Text':
      return textOf(lines(element.text?.body))
    case 'Notification':
      return textOf(text ?? lines(...[element.template?.header, element.template?.body, element.template?.footer].map(filledIn)))
    case 'QuickReply':
      return readQuickReplies(group, text)
    default:
      return Object.hasOwn(structuredReaders, element.contentType) ? structuredReaders[element.contentType]?.(element, text) : undefined
  }
}

function textOf(text: string | undefined): Content | undefined {
  return text === undefined ? undefined : { kind: 'text', text }
}
function attachment(element: ContentElement, text: string | undefined): Content {
  const { mediaType = 'File', url, mime, filename, contentSizeBytes, text: ownText } = element.attachment ?? {}
  if (url === undefined) return unsupported('Attachment', element.raw)
  const caption = lines(text, ownText)
  if (mediaType === 'Link') return { kind: 'text', text: lines(caption, url) ?? url }
  return {
    kind: 'attachment',
    media: mediaKinds[mediaType] ?? 'file',
    source: { url, ...present({ mime, name: filename, size: contentSizeBytes }) },
    ...present({ caption }),
  }
}
function location({ location: place }: ContentElement): Content | undefined {
  const { latitude, longitude, text: title, address, url } = place ?? {}
  if (latitude !== undefined && longitude !== undefined) return { kind: 'location', latitude, longitude, ...present({ title, address, url }) }
  return textOf(lines(title, address, url))
}
/** Canned texts have places such as {{1}}, filled by name. */
function filledIn(paragraph: Paragraph): string | undefined {
  const values = new Map(paragraph?.parameters.map(({ name, text }) => [name, text]))
  return paragraph?.text?.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (place, name: string) => values.get(name) ?? place)
}
function unsupported(what: string, raw: unknown): Content {
  return { kind: 'unsupported', what, raw }
}
/** Genesys Cloud may give one text twice, as the message's own and as an element. */
function withoutRepeats(contents: readonly Content[]): Content[] {
  return contents.filter((content, index) => {
    const before = contents[index - 1]
    return !(content.kind === 'text' && before?.kind === 'text' && before.text === content.text)
  })
}
