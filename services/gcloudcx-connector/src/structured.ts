import { type Action, type Content, present, type StructuredItem, type Template } from '@um/shared/contract'
import type { Card, CardAction, ContentElement, QuickReply } from './schema.ts'

/** `text`: the text of the message around the element. Nothing returned: there is nothing to choose from, and nothing to read either. */
export type StructuredReader = (element: ContentElement, text: string | undefined) => Content | undefined

export const structuredReaders: Readonly<Record<string, StructuredReader>> = {
  QuickReplyV2: ({ quickReplyV2 }, text) => structured('quickReplies', lines(text, quickReplyV2?.title), quickReplyItems(quickReplyV2?.actions ?? [])),
  Card: ({ card }, text) => structured('cards', text, cardItems(card === undefined ? [] : [card])),
  Carousel: ({ carousel }, text) => structured('cards', text, cardItems(carousel?.cards ?? [])),
  DatePicker: ({ datePicker }, text) => {
    const { title, subtitle, location, dateMinimum, dateMaximum, availableTimes = [] } = datePicker ?? {}
    const items = availableTimes.flatMap(slot => timeItems(slot.dateTime, slot.duration))
    const range = items.length > 0 ? undefined : [dateMinimum, dateMaximum].filter(Boolean).join(' – ')
    return structured('timePicker', lines(text, title, subtitle, location?.text, location?.address, range), items)
  },
  ListPicker: ({ listPicker }, text) => {
    const { sections = [], receivedMessage } = listPicker ?? {}
    const items = sections.flatMap(section =>
      section.items.flatMap(item =>
        titled(item.title ?? item.id, { payload: item.id, description: item.subtitle, imageUrl: item.imageUrl, section: section.title }),
      ),
    )
    return structured('listPicker', lines(text, receivedMessage?.title, receivedMessage?.subtitle), items)
  },
  Form: ({ form }, text) => {
    const { introduction, formPages = [] } = form ?? {}
    const items = formPages.flatMap(page => titled(page.title ?? page.subtitle, { description: page.title === undefined ? undefined : page.subtitle }))
    return structured('form', lines(text, introduction?.title, introduction?.subtitle), items)
  },
}

/** Quick replies of the first kind come one by one: neighbours are one question. */
export function readQuickReplies(elements: readonly ContentElement[], text: string | undefined): Content | undefined {
  const replies = elements.flatMap(element => element.quickReply ?? [])
  return structured('quickReplies', text, quickReplyItems(replies))
}

/** The given texts as lines: what is empty or said already is left out. */
export function lines(...texts: readonly (string | undefined)[]): string | undefined {
  const said = new Set(texts.map(text => text?.trim()).filter(text => text !== undefined && text !== ''))
  return said.size === 0 ? undefined : [...said].join('\n')
}

function structured(template: Template, text: string | undefined, items: StructuredItem[]): Content | undefined {
  if (items.length > 0) return { kind: 'structured', template, ...present({ text }), items }
  return text === undefined ? undefined : { kind: 'text', text }
}
function titled<T extends Omit<{ [K in keyof StructuredItem]: StructuredItem[K] | undefined }, 'title'>>(title: string | undefined, more: T): StructuredItem[] {
  return title === undefined || title === '' ? [] : [{ title, ...present<object>(more) }]
}
function quickReplyItems(replies: readonly QuickReply[]): StructuredItem[] {
  return replies.flatMap(({ text, payload, image }) => titled(text ?? payload, { payload: payload ?? text, imageUrl: image }))
}
/** The answer to a date picker is the chosen `dateTime` itself, letter by letter. */
function timeItems(dateTime: string | undefined, durationSeconds: number | undefined): StructuredItem[] {
  const at = new Date(dateTime ?? Number.NaN)
  if (dateTime === undefined || Number.isNaN(at.getTime())) return []
  const iso = at.toISOString()
  return titled(`${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`, { payload: dateTime, at: iso, durationSeconds })
}
function cardItems(cards: readonly Card[]): StructuredItem[] {
  return cards.flatMap(card => {
    const actions = [...card.actions.flatMap(cardAction), ...(card.video === undefined ? [] : [{ title: '▶', url: card.video }])]
    return titled(card.title ?? card.description, {
      description: card.title === undefined ? undefined : card.description,
      imageUrl: card.image,
      ...(card.defaultAction === undefined ? {} : target(card.defaultAction)),
      actions: actions.length === 0 ? undefined : actions,
    })
  })
}
function cardAction(action: CardAction): Action[] {
  const title = action.text ?? action.url ?? action.payload
  return title === undefined ? [] : [{ title, ...target(action) }]
}
function target({ type, text, payload, url }: CardAction): { url: string } | { payload: string } | object {
  if (url !== undefined && type !== 'Postback') return { url }
  return present({ payload: payload ?? text })
}
