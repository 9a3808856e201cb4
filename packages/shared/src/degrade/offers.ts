import { createHash } from 'node:crypto'
import type { Action, Content, StructuredItem, Template } from '../contract/index.ts'

/** One option that a guest can choose, in the order in which they are shown. */
export interface Option {
  token: string
  payload: string
  label: string
}
/** What was offered with one message, remembered so that the answer finds its way back. */
export interface Offer {
  /** platform id, where the message came from; absent for messages that nobody waits for an answer to */
  of?: string
  template: Template
  /** shown as a numbered menu: a number is an answer */
  menu: boolean
  options: Option[]
}

/** Gives every pressable item its token; tokens depend on the message and the place only, so that a retry offers the same. */
export function withTokens(
  content: Extract<Content, { kind: 'structured' }>,
  messageId: string,
): { content: Extract<Content, { kind: 'structured' }>; options: Option[] } {
  const options: Option[] = []
  const give = <A extends Action>(action: A): A => {
    if (action.url !== undefined) return action
    const payload = action.payload ?? action.title
    const token = `um:${createHash('sha256').update(`${messageId}#${options.length}`).digest('base64url').slice(0, 10)}`
    options.push({ token, payload, label: action.title })
    return { ...action, payload, token }
  }
  const items = content.items.map((item): StructuredItem => {
    if (item.actions !== undefined && item.actions.length > 0) return { ...item, actions: item.actions.map(give) }
    return content.template === 'cards' && item.payload === undefined
      ? item
      : give(item.at === undefined || item.payload !== undefined ? item : { ...item, payload: item.at })
  })
  return { content: { ...content, items }, options }
}

/** What can be pressed on a card: its own payload or address is its button, when it has no others. */
export function pressesOf(card: StructuredItem): readonly Action[] {
  if (card.actions !== undefined && card.actions.length > 0) return card.actions
  return card.payload !== undefined || card.url !== undefined ? [card] : []
}

/** For platforms whose buttons write their label as if the guest had: does the label name one option only, as `findAnswer` reads it, and nothing else? */
export function hasClearLabel(action: Action, offered: readonly Action[]): boolean {
  const label = action.title.trim()
  if (label === '' || /^(um:|\p{N}+$|https?:)/iu.test(label)) return false
  return offered.filter(other => other.url === undefined && same(other.title, label)).length === 1
}

/** Finds the option that a platform's button press means; newest offers first. */
export function findChoice(offers: readonly Offer[], payload: string, label: string | undefined): { offer: Offer; option: Option } | undefined {
  for (const match of [
    (option: Option) => option.token === payload,
    (option: Option) => option.payload === payload,
    (option: Option) => same(option.label, label ?? payload),
  ]) {
    for (const offer of offers) {
      const option = offer.options.find(match)
      if (option) return { offer, option }
    }
  }
  return undefined
}

/** A plain text that answers the newest offer: its menu number, or else an option's exact label. */
export function findAnswer(newest: Offer | undefined, text: string): Option | undefined {
  if (newest === undefined) return undefined
  const number = /^\s*[([]?(\d{1,3})[.)\]]?\s*$/u.exec(text.normalize('NFKC'))?.[1]
  const numbered = newest.menu && number !== undefined ? newest.options[Number(number) - 1] : undefined
  return numbered ?? newest.options.find(option => same(option.label, text))
}
function same(a: string, b: string): boolean {
  return a.trim().normalize('NFKC').toLocaleLowerCase() === b.trim().normalize('NFKC').toLocaleLowerCase()
}
