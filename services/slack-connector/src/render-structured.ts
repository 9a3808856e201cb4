import { type Action, type ContentOf, type PlatformCall, present, type StructuredItem } from '@um/shared/contract'
import { answerOf, describeStructured, inGroups, pointer, pressesOf, shorten } from '@um/shared/degrade'
import { type Block, type Out, post } from './calls.ts'
import { encode } from './mrkdwn.ts'
import { choicePrefix } from './parse-content.ts'

type Structured = ContentOf<'structured'>

/** https://docs.slack.dev/reference/block-kit . Labels are cut; the value that comes back is whole, or the item's token. */
const maxLabel = 75
const maxOptionValue = 75
const maxButtonValue = 2000
const maxButtons = 25
const maxOptions = 100
const maxSection = 3000
/** three blocks each of the 50 in a message, and Slack refuses more than some 13,000 characters in all of them */
const cardsPerMessage = 8

export function structuredCalls(content: Structured, out: Out): PlatformCall[] {
  return content.template === 'cards' ? cardCalls(content, out) : [post(out, fallback(content), { blocks: offerBlocks(content), numbered: true })]
}

/** What devices without blocks show, and what is sent when Slack does not like the blocks. */
function fallback(content: Structured): string {
  return encode(describeStructured(content))
}
function section(text: string, more: Block = {}): Block {
  return { type: 'section', text: { type: 'mrkdwn', text: shorten(encode(text), maxSection) }, ...more }
}

function offerBlocks({ template, text, items }: Structured): Block[] {
  const choices = items.filter(({ url }) => url === undefined)
  const links = items.filter(({ url }) => url !== undefined)
  const inList = template === 'listPicker' || template === 'timePicker' || items.length > maxButtons
  const elements = inList ? [...(choices.length > 0 ? [select(choices)] : []), ...links.map(button)] : items.map(button)
  return [
    section(text || pointer),
    ...inGroups(elements, maxButtons).map((row, index): Block => ({ type: 'actions', block_id: `um.q.${index}`, elements: row })),
  ]
}

function button(action: Action, index: number): Block {
  const text = label(action.title || action.payload || action.url || pointer)
  if (action.url !== undefined) return { type: 'button', action_id: `um.link.${index + 1}`, text, url: action.url }
  return { type: 'button', action_id: `${choicePrefix}${index + 1}`, text, value: payloadFor(action, maxButtonValue) }
}
function select(items: readonly StructuredItem[]): Block {
  const option = (item: StructuredItem): Block => ({
    text: label(item.title || item.at || pointer),
    value: payloadFor(item, maxOptionValue),
    ...present({ description: item.description ? label(item.description) : undefined }),
  })
  const sections = [...Map.groupBy(items.slice(0, maxOptions), item => item.section ?? '')]
  const isSectioned = sections.some(([heading]) => heading !== '')
  const offered = isSectioned
    ? { option_groups: sections.map(([heading, members]) => ({ label: label(heading || pointer), options: members.map(option) })) }
    : { options: items.slice(0, maxOptions).map(option) }
  return { type: 'static_select', action_id: `${choicePrefix}select`, placeholder: label('…'), ...offered }
}
function label(text: string): Block {
  return { type: 'plain_text', text: shorten(text, maxLabel), emoji: true }
}
function payloadFor(action: Action, max: number): string {
  return answerOf(action, value => value.length <= max).slice(0, max)
}

/** Some messages of cards; the first one is the message. */
function cardCalls({ text, items, ...content }: Structured, out: Out): PlatformCall[] {
  const messages = inGroups(items, cardsPerMessage)
  return messages.map((cards, index) => {
    const shown = { ...content, ...(index === 0 && text ? { text } : {}), items: cards }
    const blocks = cards.flatMap((card, place) => [...(place > 0 ? [{ type: 'divider' }] : []), ...cardBlocks(card, place)])
    const all = [...(shown.text ? [section(shown.text)] : []), ...blocks]
    // each message counts from one: only a single one can be answered by number
    return post(out, fallback(shown), { blocks: all, numbered: messages.length === 1, ...(index > 0 ? { auxiliary: true } : {}) })
  })
}
function cardBlocks(card: StructuredItem, place: number): Block[] {
  const { title, description, imageUrl } = card
  const accessory = imageUrl?.startsWith('https:') ? { accessory: { type: 'image', image_url: imageUrl, alt_text: title || 'image' } } : {}
  const words: Block = {
    type: 'section',
    text: { type: 'mrkdwn', text: shorten([`*${encode(title || pointer)}*`, encode(description ?? '')].filter(Boolean).join('\n'), 1500) },
  }
  const presses = pressesOf(card).slice(0, maxButtons)
  const buttons = presses.map((action, index) => button(action, place * 100 + index))
  return [{ ...words, ...accessory }, ...(buttons.length > 0 ? [{ type: 'actions', block_id: `um.q.${place}`, elements: buttons }] : [])]
}
