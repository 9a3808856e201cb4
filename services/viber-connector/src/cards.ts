import type { ContentOf, PlatformCall, StructuredItem } from '@um/shared/contract'
import { describeStructured, inGroups, pressesOf, shorten } from '@um/shared/degrade'
import { type Button, button, columns, inRows, label, textBlock } from './buttons.ts'
import { maxText, send } from './calls.ts'
import type { Out } from './definition.ts'

type Structured = ContentOf<'structured'>
/** https://developers.viber.com/docs/api/rest-bot-api/#rich-media-message--carousel-content-message : a grid of 6 x 7 at most, here with room for two rows of buttons */
const [maxCards, maxButtons, pictureRows, wordRows] = [6, 4, 3, 2]
const [richVersion, maxAltText] = [7, 1000]

/** Some messages of cards. Nothing but cards fits into such a message, so the text goes before it. */
export function cardCalls({ text, ...content }: Structured, out: Out): PlatformCall[] {
  const plain = shorten(describeStructured({ ...content, text: text ?? '' }), maxText)
  if (content.items.some(item => pressesOf(item).length > maxButtons)) return [{ ...send(out, { type: 'text', text: plain }), numbered: true }]
  const groups = inGroups(content.items, maxCards)
  const words = text ? [send(out, { type: 'text', text })] : []
  // each message counts from one: only a single one can be answered by number
  return [...words, ...groups.map(items => richMedia({ ...content, items }, out, groups.length === 1))]
}

/** The cards of a message have the same grid, and each fills it: the words take what picture and buttons leave. */
function richMedia(content: Structured, out: Out, isOnly: boolean): PlatformCall {
  const { items } = content
  const text = describeStructured(content)
  const rows = Math.max(...items.map(item => wordRows + pictureOf(item).length * pictureRows + rowsOf(item)))
  const grid = { Type: 'rich_media', ButtonsGroupColumns: columns, ButtonsGroupRows: rows, BgColor: '#FFFFFF' }
  const rich_media = { ...grid, Buttons: items.flatMap(item => cardOf(item, rows)) }
  const message = { type: 'rich_media', min_api_version: richVersion, alt_text: shorten(text, maxAltText), rich_media }
  return send(out, message, { plain: { text, ...(isOnly ? { numbered: true } : {}) } })
}
function cardOf(item: StructuredItem, rows: number): Button[] {
  const { title, description } = item
  const picture = pictureOf(item).map(url => textBlock('', { Rows: pictureRows, Image: url }))
  const words = [`<b>${label(title, 100)}</b>`, ...(description ? [label(description, 130)] : [])].join('<br>')
  const block = textBlock(words, { Rows: rows - picture.length * pictureRows - rowsOf(item), TextHAlign: 'left', TextVAlign: 'top' })
  // cards stay in the chat, and mostly have the same buttons: a press is known by its key
  const buttons = pressesOf(item).map(action => button(action, false))
  return [picture, block, inRows(buttons, perRow(item))].flat()
}
function pictureOf({ imageUrl = '' }: StructuredItem): string[] {
  return /^https?:/.test(imageUrl) ? [imageUrl] : []
}
function perRow(item: StructuredItem): number {
  return pressesOf(item).length > 2 ? 2 : 1
}
function rowsOf(item: StructuredItem): number {
  return Math.ceil(pressesOf(item).length / perRow(item))
}
