import type { ContentOf, PlatformCall, StructuredItem } from '@um/shared/contract'
import { describeStructured, hasClearLabel, headingOf, lineOf, pointer, splitText } from '@um/shared/degrade'
import { type Button, button, inRows, label, textBlock } from './buttons.ts'
import { fitsOneBody, maxText, send, withKeyboard } from './calls.ts'
import { cardCalls } from './cards.ts'
import type { Out } from './definition.ts'

const maxRows = 24

export function structuredCalls(content: ContentOf<'structured'>, out: Out): PlatformCall[] {
  const { template, text = '', items } = content
  if (template === 'cards') return cardCalls(content, out)
  const asked = template === 'form' ? items.filter(({ url }) => url === undefined) : []
  const offered = items.filter(item => !asked.includes(item)).map(item => ({ ...item, title: item.title || (item.at ?? '') }))
  const lines = asked.map(item => `• ${lineOf(item)}`)
  const messages = splitText([text, ...lines].filter(Boolean).join('\n') || pointer, maxText).map(each => ({ type: 'text', text: each }))
  if (offered.length === 0) return messages.map(message => send(out, message))
  const buttons = template === 'listPicker' ? listRows(offered) : packed(offered)
  const { inputField } = out.tenant.settings
  const field = inputField === 'regular' ? {} : { InputFieldState: inputField }
  const keyboard = { Type: 'keyboard', DefaultHeight: false, BgColor: '#FFFFFF', ...field, Buttons: buttons }
  const last = messages.at(-1)
  const under = last && fitsOneBody({ ...last, keyboard }) ? last : { type: 'text', text: pointer }
  const before = messages.filter(message => message !== under)
  const offer = send(out, withKeyboard(under, keyboard), { plain: { text: describeStructured(content), numbered: true } })
  return [...before.map(message => send(out, message)), offer]
}

/** Short labels share a row. */
function packed(items: readonly StructuredItem[]): Button[] {
  const longest = Math.max(...items.map(({ title }) => title.length))
  const buttons = items.map(item => button(item, hasClearLabel(item, items)))
  return inRows(buttons, longest <= 9 ? 3 : longest <= 18 ? 2 : 1)
}

/** One row each; headings only where there is room for all of them. */
function listRows(items: readonly StructuredItem[]): Button[] {
  const rows = items.map(item => ({ ...button(item, hasClearLabel(item, items)), Text: label(lineOf(item)) }))
  const headed = items.flatMap((item, index) => {
    const heading = headingOf(item, items[index - 1])
    return [...(heading ? [textBlock(`<b>${label(heading, 200)}</b>`, { TextHAlign: 'left' })] : []), ...rows.slice(index, index + 1)]
  })
  return headed.length <= maxRows ? headed : rows
}
