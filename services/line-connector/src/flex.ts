import type { Action } from '@um/shared/contract'
import { answerOf, shorten } from '@um/shared/degrade'
import type { LineMessage } from './calls.ts'

/** https://developers.line.biz/en/reference/messaging-api/#flex-message : cards that look as we want, within 12 to a message, 30 KB each and 50 KB together. */
export interface Bubble {
  hero?: object
  body: readonly object[]
  footer?: readonly object[]
}
const maxBubbles = 12
const maxBytes = 50_000
const maxUri = 1000
const maxData = 300

/** What a press does; undefined when LINE cannot open the address. */
export function actionOf(action: Action, maxLabel: number): Record<string, string> | undefined {
  const { title, url } = action
  const label = shorten(title || (url ?? ''), maxLabel)
  if (url !== undefined) return url.length <= maxUri && /^(https?|line|tel):/.test(url) ? { type: 'uri', label, uri: url } : undefined
  const data = answerOf(action, answer => answer.length <= maxData)
  return { type: 'postback', label, data: data.slice(0, maxData), displayText: shorten(title, maxData) }
}
export function button(item: Action): object | undefined {
  const action = actionOf(item, 40)
  return action && { type: 'button', height: 'sm', action }
}
export function words(text: string, look: Record<string, string> = {}): object {
  return { type: 'text', text, wrap: true, ...look }
}

/** As few messages as the bubbles fit into, each of them swiped through. */
export function flexMessages(altText: string, bubbles: readonly Bubble[]): LineMessage[] {
  const groups: object[][] = []
  for (const { hero, body, footer } of bubbles) {
    const box = (contents: readonly object[]): object => ({ type: 'box', layout: 'vertical', spacing: 'sm', contents })
    const bubble = { type: 'bubble', ...(hero ? { hero } : {}), body: box(body), ...(footer?.length ? { footer: box(footer) } : {}) }
    const group = groups.at(-1)
    const fits = group !== undefined && group.length < maxBubbles && Buffer.byteLength(JSON.stringify([...group, bubble])) < maxBytes - 500
    if (fits) group.push(bubble)
    else groups.push([bubble])
  }
  return groups.map(group => ({
    type: 'flex',
    altText: shorten(altText, 1500),
    contents: group.length === 1 ? group[0] : { type: 'carousel', contents: group },
  }))
}
