import { type Action, type ContentOf, present, type StructuredItem } from '@um/shared/contract'
import { hasClearLabel, pointer, pressesOf, shorten } from '@um/shared/degrade'
import { type Attachment, template } from './calls.ts'

type Structured = ContentOf<'structured'>
const limits = { elements: 5, buttons: 5, title: 100, subtitle: 500, label: 35 } as const

/** Nothing: it can be shown as numbered lines only. */
export function structuredAttachment(content: Structured): Attachment | undefined {
  return content.template === 'form' ? request(content) : list(content)
}

/** Zalo's own form asks for name, telephone and address, with a picture above it; the guest's answer is `user_submit_info`. */
function request({ text, items }: Structured): Attachment | undefined {
  const picture = items.find(({ imageUrl }) => imageUrl)?.imageUrl
  if (picture === undefined || items.some(({ url }) => url !== undefined)) return undefined
  const titles = items.map(({ title }) => title).join(', ')
  const element = { title: shorten(text || titles, limits.title), subtitle: shorten(titles, limits.subtitle), image_url: picture }
  return template('request_user_info', { elements: [element] })
}

/** What can be looked at comes first, what can be chosen stands below all of it. Zalo has no headings between them. */
function list({ template: kind, text, items }: Structured): Attachment | undefined {
  const shown = kind === 'cards' ? items : items.filter(({ description, imageUrl }) => description || imageUrl)
  const head = text || shown.length === 0 ? [{ title: text || pointer }] : []
  const elements = [...head, ...shown]
  const actions = items.flatMap(item => (kind === 'cards' ? pressesOf(item) : [item]))
  const isWhole =
    elements.length <= limits.elements &&
    actions.length <= limits.buttons &&
    elements.every(({ title, description = '', section }: StructuredItem) => fits(title, limits.title) && description.length <= limits.subtitle && !section) &&
    actions.every(action => fits(action.title, limits.label) && (action.url !== undefined || hasClearLabel(action, actions)))
  return isWhole ? template('list', { elements: elements.map(elementOf), buttons: actions.map(buttonOf) }) : undefined
}
function fits({ length }: string, limit: number): boolean {
  return length > 0 && length <= limit
}
function elementOf({ title, description, imageUrl, url }: StructuredItem): object {
  return present({
    title,
    subtitle: description || undefined,
    image_url: imageUrl,
    default_action: url === undefined ? undefined : { type: 'oa.open.url', url },
  })
}
/** The payload is what the guest is seen to say: the label, by which the answer is recognised. */
function buttonOf({ title, url }: Action): object {
  return url === undefined ? { title, type: 'oa.query.show', payload: title } : { title, type: 'oa.open.url', payload: { url } }
}
