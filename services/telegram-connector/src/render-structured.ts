import type { Action, ContentOf, StructuredItem } from '@um/shared/contract'
import { isPerson } from './chats.ts'
import type { Out, Plan } from './plan.ts'
import { present } from './present.ts'

type Structured = ContentOf<'structured'>
type Button = { text: string; url?: string; callback_data?: string; web_app?: { url: string } }

const maxText = 4096
const maxCaption = 1024
const maxCallbackBytes = 64
/** Telegram wants a text above the buttons. */
const pointer = '⬇️'

export function structuredPlans(content: Structured, out: Out): Plan[] {
  const { template, text, items } = content
  switch (template) {
    case 'cards':
      return [...(text ? [{ ...textPlan(text), auxiliary: true } as const] : []), ...items.flatMap(cardPlans)]
    case 'listPicker':
      return withKeyboard([text, ...listLines(items)], columns(items.map(button), 1), items)
    case 'timePicker':
      return withKeyboard([text], slotRows(items), items)
    case 'form':
      return formPlans(content, out)
    case 'quickReplies':
      return withKeyboard([text], packed(items.map(button)), items)
    case 'buttons':
      return withKeyboard([text], columns(items.map(button), 1), items)
  }
}

/** A link, or a choice whose payload comes back; one that is too long for that is known by its token. */
function button({ title, payload, url, token }: Action): Button {
  if (url !== undefined) return { text: title || url, url }
  const data = payload || title
  return { text: title || data, callback_data: Buffer.byteLength(data) <= maxCallbackBytes ? data : (token ?? data) }
}

/** As many messages as the lines need, the buttons under the last. */
function withKeyboard(lines: readonly (string | undefined)[], rows: Button[][], items: readonly Action[]): Plan[] {
  const texts = filled(lines.flatMap(line => (line ? [line] : [])))
  const last = texts.pop() ?? pointer
  const before = texts.map((text): Plan => ({ ...textPlan(text), auxiliary: true }))
  if (rows.length === 0) return [...before, textPlan(last)]
  const numbered = filled([last, ...items.map(numberedLine)]).map(textPlan)
  return [...before, { method: 'sendMessage', fields: { text: last, reply_markup: { inline_keyboard: rows } }, instead: { numbered } }]
}
function textPlan(text: string): Plan {
  return { method: 'sendMessage', fields: { text } }
}
function numberedLine({ title, url }: Action, index: number): string {
  return [`${index + 1}. ${title}`, url].filter(Boolean).join(' ')
}
/** Lines joined to texts that fit into one message each. */
function filled(lines: readonly string[]): string[] {
  const texts: string[] = []
  for (const line of lines) {
    const joined = [...texts.slice(-1), line].join('\n')
    if (texts.length > 0 && joined.length <= maxText) texts[texts.length - 1] = joined
    else texts.push(line)
  }
  return texts
}

/** Buttons show titles only: headings and descriptions stand in the text. */
function listLines(items: readonly StructuredItem[]): string[] {
  if (items.every(item => item.description === undefined && item.section === undefined)) return []
  return items.flatMap(({ title, description, section }, index) => {
    const heading = section !== undefined && section !== items[index - 1]?.section ? [`\n${section}`] : []
    return [...heading, `• ${[title, description].filter(Boolean).join(' – ')}`]
  })
}

function cardPlans(item: StructuredItem): Plan[] {
  const { title, description, imageUrl, actions = [] } = item
  const own = item.url !== undefined || item.payload !== undefined ? [item] : []
  const rows = columns((actions.length > 0 ? actions : own).map(button), 1)
  const text = [title, description].filter(Boolean).join('\n')
  const words = withKeyboard([text], rows, actions.length > 0 ? actions : own)
  if (imageUrl === undefined) return words
  const picture = (fields: Plan['fields'], instead: Plan[]): Plan => {
    const upload: Plan = { method: 'sendPhoto', fields, file: { field: 'photo', media: { url: imageUrl } }, instead: { link: instead } }
    return { method: 'sendPhoto', fields: { ...fields, photo: imageUrl }, instead: { upload: [upload], link: instead } }
  }
  if (text.length > maxCaption) return [{ ...picture({}, [textPlan(imageUrl)]), auxiliary: true }, ...words]
  const numbered = words.flatMap(plan => plan.instead?.numbered ?? [])
  const whole = picture({ caption: text, ...(rows.length > 0 ? { reply_markup: { inline_keyboard: rows } } : {}) }, words)
  return [{ ...whole, instead: { ...whole.instead, ...(numbered.length > 0 ? { numbered } : {}) } }]
}

/** The slots of a day stand side by side. */
function slotRows(items: readonly StructuredItem[]): Button[][] {
  const days = Map.groupBy(items, item => item.at?.slice(0, 10) ?? '')
  return [...days.values()].flatMap(slots =>
    columns(
      slots.map(slot => button({ ...slot, title: slot.title || (slot.at ?? '') })),
      3,
    ),
  )
}

/** A form with an address opens inside Telegram (in the bot's own chats only); questions without one are asked in the text, and the guest is made to answer. */
function formPlans({ text, items }: Structured, { to }: Out): Plan[] {
  const ownChat = isPerson(to.guest) && !to.address.business
  const opened = items.filter(item => item.url !== undefined)
  const asked = items.filter(item => item.url === undefined)
  const lines = [text, ...asked.map(({ title, description }) => `• ${[title, description].filter(Boolean).join(' – ')}`)]
  const rows = columns(
    opened.map(item => (ownChat && item.url?.startsWith('https:') ? { text: item.title, web_app: { url: item.url } } : button(item))),
    1,
  )
  const plans = withKeyboard(lines, rows, opened)
  if (rows.length > 0 || asked.length === 0 || !ownChat) return plans
  return plans.map(plan =>
    plan.auxiliary
      ? plan
      : {
          ...plan,
          fields: { ...plan.fields, reply_markup: present({ force_reply: true, input_field_placeholder: asked.at(-1)?.title.slice(0, 64) || undefined }) },
        },
  )
}

function columns(buttons: readonly Button[], width: number): Button[][] {
  return Array.from({ length: Math.ceil(buttons.length / width) }, (_, row) => buttons.slice(row * width, (row + 1) * width))
}
/** Short answers share a row. */
function packed(buttons: readonly Button[]): Button[][] {
  const rows: Button[][] = []
  for (const button of buttons) {
    const row = rows.at(-1)
    if (row !== undefined && row.length < 3 && [...row, button].every(({ text }) => text.length <= 14)) row.push(button)
    else rows.push([button])
  }
  return rows
}
