import type { ContentOf, StructuredItem } from '@um/shared/contract'
import { askedInText, headingOf, inGroups, pointer, pressesOf } from '@um/shared/degrade'
import type { LineMessage } from './calls.ts'
import { actionOf, type Bubble, button, flexMessages, words } from './flex.ts'

type Structured = ContentOf<'structured'>
/** Templates have narrow limits, and flex has hardly any. https://developers.line.biz/en/reference/messaging-api/#template-messages */
const limits = { quickReplies: 13, label: 20, buttons: 4, buttonsText: 160, confirmText: 240, rows: 10 } as const
const longText = 1000

export function structuredMessages(content: Structured): LineMessage[] {
  const { template, text = '' } = content
  const items = content.items.map(item => ({ ...item, title: item.title || (item.at ?? item.url ?? '') }))
  switch (template) {
    case 'cards':
      return [...(text ? [{ type: 'text', text }] : []), ...flexMessages(items.map(({ title }) => title).join('\n'), items.map(bubbleOf))]
    case 'form': {
      const { lines, links } = askedInText({ ...content, items })
      return links.length > 0 ? choices(lines.join('\n'), links) : [{ type: 'text', text: lines.join('\n') }]
    }
    case 'buttons':
      return choices(text, items)
    default:
      return quickReplies(text, items) ?? choices(text, items)
  }
}

/** They vanish with the next message, and stand on phones only. */
function quickReplies(text: string, items: readonly StructuredItem[]): LineMessage[] | undefined {
  const actions = plainActions(items)
  if (!actions || actions.length > limits.quickReplies) return undefined
  return [{ type: 'text', text: text || pointer, quickReply: { items: actions.map(action => ({ type: 'action', action })) } }]
}
function choices(text: string, items: readonly StructuredItem[]): LineMessage[] {
  const actions = plainActions(items)
  const say = text || pointer
  const altText = [text, ...items.map(({ title }) => title)].filter(Boolean).join('\n')
  if (actions?.length === 2 && say.length <= limits.confirmText) return [templateMessage(altText, { type: 'confirm', text: say, actions })]
  if (actions && actions.length <= limits.buttons && say.length <= limits.buttonsText)
    return [templateMessage(altText, { type: 'buttons', text: say, actions })]
  return list(text, altText, items)
}
/** undefined when more is to be shown than a short label. */
function plainActions(items: readonly StructuredItem[]): object[] | undefined {
  const isPlain = items.every(({ title, description, section, imageUrl }) => title.length <= limits.label && !description && !section && !imageUrl)
  const actions = items.map(item => actionOf(item, limits.label)).filter(action => action !== undefined)
  return isPlain && actions.length === items.length ? actions : undefined
}
function templateMessage(altText: string, template: object): LineMessage {
  return { type: 'template', altText: altText.slice(0, 1500), template }
}

/** Ten rows to a bubble, headings and descriptions among them. */
function list(text: string, altText: string, items: readonly StructuredItem[]): LineMessage[] {
  const before = text.length > longText ? [{ type: 'text', text }] : []
  const bubbles = inGroups(items, limits.rows).map((rows, index): Bubble => {
    return { body: [...(index === 0 && text && before.length === 0 ? [words(text)] : []), ...rows.flatMap((item, row) => rowOf(item, rows[row - 1]))] }
  })
  return [...before, ...flexMessages(altText, bubbles)]
}
function rowOf(item: StructuredItem, before: StructuredItem | undefined): object[] {
  const { title, description, imageUrl } = item
  const heading = headingOf(item, before)
  const press = button(item)
  return [
    ...(heading ? [words(heading, { weight: 'bold' })] : []),
    ...(imageUrl ? [{ type: 'image', url: imageUrl, size: 'sm', align: 'start' }] : []),
    ...(title.length > 40 || press === undefined ? [words([title, press ? '' : item.url].filter(Boolean).join(': '))] : []),
    ...(press ? [press] : []),
    ...(description ? [words(description, { size: 'sm', color: '#666666' })] : []),
  ]
}

function bubbleOf(item: StructuredItem): Bubble {
  const { title, description, imageUrl } = item
  const links = pressesOf(item)
  return {
    ...(imageUrl ? { hero: { type: 'image', url: imageUrl, size: 'full', aspectRatio: '20:13', aspectMode: 'cover' } } : {}),
    body: [
      words(title, { weight: 'bold', size: 'lg' }),
      ...(description ? [words(description)] : []),
      ...links.flatMap(link => (button(link) ? [] : [words(`${link.title}: ${link.url}`)])),
    ],
    footer: links.flatMap(link => button(link) ?? []),
  }
}
