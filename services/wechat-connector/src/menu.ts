import type { Action, ContentOf, PlatformCall, StructuredItem } from '@um/shared/contract'
import { describeStructured, lineOf, pointer } from '@um/shared/degrade'
import { send, texts } from './calls.ts'
import type { Out } from './definition.ts'

type Structured = ContentOf<'structured'>
type Choice = Action & { token: string; of: string }

/** An entry's id may hold letters and digits only, which a token does not. */
function entryIdOf(token: string): string {
  return Buffer.from(token).toString('hex')
}
/** Menus of other programs have ids of their own, which may be hexadecimal digits as well. */
export function tokenOf(entryId: string): string {
  const token = Buffer.from(entryId, 'hex').toString()
  return token.startsWith('um:') && entryIdOf(token) === entryId ? token : entryId
}

/** Each message costs one of few answers, so everything is said in one, but for the picture of a single card. */
export function offer(content: Structured, out: Out): PlatformCall[] {
  const { template, text, items } = content
  const pressable = items.flatMap(each => (each.actions?.length ? each.actions : [each]).map(action => ({ ...action, of: each.title })))
  const choices = pressable.filter((action): action is Choice => action.token !== undefined && action.url === undefined)
  const links = pressable.filter(({ url }) => url !== undefined)
  const below = links.map(({ title, url }) => `${title}: ${url}`)
  const [card] = template === 'cards' && items.length === 1 ? items : []
  const article = card?.imageUrl ? [news(card, choices.length > 0 ? [] : [text, ...below.slice(1)], links[0]?.url ?? card.imageUrl, out)] : []
  if (article.length > 0 && choices.length === 0) return article
  const { maxMenuEntries, maxMenuLabel } = out.tenant.settings
  const list = choices.map(choice => ({ id: entryIdOf(choice.token), content: labelOf(choice, choices) }))
  const plain = texts(out, describeStructured(content), 'plain', { numbered: true })
  const isMenu = list.length > 0 && list.length <= maxMenuEntries && list.every(entry => entry.content.length <= maxMenuLabel)
  if (!isMenu) return [...article, ...plain]
  const above = article.length > 0 ? [] : items.filter(({ description }) => template === 'cards' || description).map(lineOf)
  const head_content = [text, ...above].filter(Boolean).join('\n') || pointer
  const msgmenu = { head_content, list, tail_content: below.join('\n') }
  return [...article, send(out, 'menu', { msgtype: 'msgmenu', msgmenu }, { alternatives: { text: plain } })]
}
function news({ title, description: about, imageUrl: picurl }: StructuredItem, more: readonly (string | undefined)[], url: string, out: Out): PlatformCall {
  const description = [about, ...more].filter(Boolean).join('\n')
  const instead = texts(out, [title, description, url].filter(Boolean).join('\n'), 'article')
  return send(out, 'news', { msgtype: 'news', news: { articles: [{ title, description, url, picurl }] } }, { alternatives: { text: instead } })
}
/** Cards may have buttons of the same name. */
function labelOf({ title, of }: Choice, choices: readonly Choice[]): string {
  return choices.filter(other => other.title === title).length > 1 && title !== of ? `${title} – ${of}` : title
}
