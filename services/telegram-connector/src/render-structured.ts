import { type Action, type ContentOf, present, type StructuredItem } from '@um/shared/contract'
import { answerOf, askedInText, headingOf, inGroups, lineOf, pointer, pressesOf } from '@um/shared/degrade'
import { isPerson } from './chats.ts'
import type { Out, Plan } from './plan.ts'

type Structured = ContentOf<'structured'>
type Button = { text: string; url?: string; callback_data?: string; web_app?: { url: string } }

const maxText = 4096
const maxCaption = 1024
const maxCallbackBytes = 64

export function structuredPlans(content: Structured, out: Out): Plan[] {
  const { template, text, items } = content
  switch (template) {
    case 'cards':
      return [...(text ? [{ ...textPlan(text), auxiliary: true } as const] : []), ...items.flatMap(cardPlans)]
    case 'listPicker':
      return withKeyboard([text, ...listLines(items)], inGroups(items.map(button), 1), items)
    case 'timePicker':
      return withKeyboard([text], slotRows(items), items)
    case 'form':
      return formPlans(content, out)
    case 'quickReplies':
      return withKeyboard([text], packed(items.map(button)), items)
    case 'buttons':
      return withKeyboard([text], inGroups(items.map(button), 1), items)
  }
}

/** A link, or a choice whose payload comes back; one that is too long for that is known by its token. */
function button(action: Action): Button {
  const { title, payload, url } = action
  if (url !== undefined) return { text: title || url, url }
  return { text: title || (payload ?? ''), callback_data: answerOf(action, data => Buffer.byteLength(data) <= maxCallbackBytes) }
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
  return items.flatMap((item, index) => {
    const heading = headingOf(item, items[index - 1])
    return [...(heading === undefined ? [] : [`\n${heading}`]), `• ${lineOf(item)}`]
  })
}

function cardPlans(item: StructuredItem): Plan[] {
  const { title, description, imageUrl } = item
  const presses = pressesOf(item)
  const rows = inGroups(presses.map(button), 1)
  const text = [title, description].filter(Boolean).join('\n')
  const words = withKeyboard([text], rows, presses)
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
    inGroups(
      slots.map(slot => button({ ...slot, title: slot.title || (slot.at ?? '') })),
      3,
    ),
  )
}

/** A form with an address opens inside Telegram (in the bot's own chats only); questions without one are asked in the text, and the guest is made to answer. */
function formPlans(content: Structured, { to }: Out): Plan[] {
  const ownChat = isPerson(to.guest) && !to.address.business
  const { lines, links: opened } = askedInText(content)
  const asked = content.items.filter(item => item.url === undefined)
  const rows = inGroups(
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
