import { fetchMedia } from '../../kit/fetch-media.ts'
import { type MediaStore, mediaView } from '../../kit/media-store.ts'
import type { Body, Button, CardView } from '../../protocol.ts'
import { type Action, flexActions, type LineMessage } from './validate.ts'

/** How a message looks on the phone, and what its buttons do, by their id. */
export interface Shown {
  body: Body
  buttons?: Button[][]
  actions: Action[]
  /** for the audit */
  text: string
}

const maxBytes = { image: 10e6, video: 200e6, audio: 200e6 } as const

export async function show(message: LineMessage, media: MediaStore): Promise<Shown> {
  const actions: Action[] = []
  const button = (action: Action): Button => {
    actions.push(action)
    const title = action.label ?? action.uri ?? action.type
    const id = String(actions.length - 1)
    if (action.type === 'uri') return { id, title, action: 'url', url: action.uri ?? '' }
    if (action.type === 'clipboard') return { id, title, action: 'copy', copies: action.clipboardText ?? '' }
    return { id, title, action: action.type === 'location' ? 'location' : action.type.startsWith('camera') ? 'none' : 'reply' }
  }
  const shown = await bodyOf(message, media, button)
  const quick = message.quickReply?.items.map(({ action }) => button(action as Action)) ?? []
  return { ...withQuick(shown, quick), actions, text: textOf(message) }
}
function withQuick(shown: { body: Body; buttons?: Button[][] }, quick: Button[]): { body: Body; buttons?: Button[][] } {
  if (quick.length === 0) return shown
  if (shown.body.kind === 'text') return { body: { kind: 'quickReplies', text: shown.body.text, buttons: quick } }
  return { ...shown, buttons: [...(shown.buttons ?? []), quick] }
}
function textOf(message: LineMessage): string {
  switch (message.type) {
    case 'text':
    case 'textV2':
      return message.text
    case 'template':
    case 'flex':
      return message.altText
    case 'location':
      return message.title
    case 'sticker':
      return `${message.packageId}/${message.stickerId}`
    default:
      return message.originalContentUrl
  }
}

type MakeButton = (action: Action) => Button
async function bodyOf(message: LineMessage, media: MediaStore, button: MakeButton): Promise<{ body: Body; buttons?: Button[][] }> {
  switch (message.type) {
    case 'text':
    case 'textV2':
      return { body: { kind: 'text', text: message.text } }
    case 'sticker':
      return { body: { kind: 'sticker', pack: message.packageId, emoji: '🐻' } }
    case 'location':
      return { body: { kind: 'location', latitude: message.latitude, longitude: message.longitude, title: message.title, address: message.address } }
    case 'image':
    case 'video':
    case 'audio':
      return { body: await mediaBody(message, media) }
    case 'template':
      return template(message.template, media, button)
    case 'flex':
      return flex(message.contents, media, button)
  }
}

/** LINE takes any address; it is the phone that cannot show it when it leads nowhere, or is too large. */
async function mediaBody(message: Extract<LineMessage, { type: 'image' | 'video' | 'audio' }>, media: MediaStore): Promise<Body> {
  const fetched = await fetchMedia(message.originalContentUrl, { maxBytes: maxBytes[message.type], timeoutMs: 10_000 })
  if ('failed' in fetched) return { kind: 'other', what: message.type, text: `${message.type} that cannot be loaded (${fetched.why})` }
  const durationSeconds = message.type === 'audio' ? { durationSeconds: Math.round(Number(message.duration) / 1000) } : {}
  const stored = mediaView(media.put({ ...fetched, ...durationSeconds }))
  return { kind: message.type === 'image' ? 'photo' : message.type, media: stored }
}
async function pictureOf(url: string | undefined, media: MediaStore): Promise<{ image?: CardView['image'] & object }> {
  if (url === undefined) return {}
  const fetched = await fetchMedia(url, { maxBytes: maxBytes.image, timeoutMs: 10_000 })
  return 'failed' in fetched ? {} : { image: mediaView(media.put(fetched)) }
}

type Template = Extract<LineMessage, { type: 'template' }>['template']
async function template(value: Template, media: MediaStore, button: MakeButton): Promise<{ body: Body; buttons?: Button[][] }> {
  switch (value.type) {
    case 'confirm':
      return { body: { kind: 'text', text: value.text }, buttons: [value.actions.map(action => button(action as Action))] }
    case 'buttons': {
      const buttons = value.actions.map(action => button(action as Action))
      if (value.title === undefined && value.thumbnailImageUrl === undefined)
        return { body: { kind: 'text', text: value.text }, buttons: buttons.map(each => [each]) }
      const picture = await pictureOf(value.thumbnailImageUrl, media)
      return {
        body: {
          kind: 'cards',
          cards: [{ title: value.title ?? value.text, ...(value.title === undefined ? {} : { description: value.text }), ...picture, buttons }],
        },
      }
    }
    case 'carousel':
      return {
        body: {
          kind: 'cards',
          cards: await Promise.all(
            value.columns.map(async column => ({
              title: column.title ?? column.text,
              ...(column.title === undefined ? {} : { description: column.text }),
              buttons: column.actions.map(action => button(action as Action)),
              ...(await pictureOf(column.thumbnailImageUrl, media)),
            })),
          ),
        },
      }
    case 'image_carousel':
      return {
        body: {
          kind: 'cards',
          cards: await Promise.all(
            value.columns.map(async column => ({ title: '', buttons: [button(column.action as Action)], ...(await pictureOf(column.imageUrl, media)) })),
          ),
        },
      }
  }
}

/** The Lab draws of flex what a reader needs: words, the picture at the top, buttons. */
async function flex(contents: unknown, media: MediaStore, button: MakeButton): Promise<{ body: Body }> {
  const bubbles = isRecord(contents) && contents.type === 'carousel' && Array.isArray(contents.contents) ? contents.contents : [contents]
  const cards = bubbles.map(async (bubble: unknown): Promise<CardView> => {
    const [title = '', ...others] = textsIn(bubble)
    const buttons = flexActions(bubble).map(button)
    const hero = isRecord(bubble) && isRecord(bubble.hero) && typeof bubble.hero.url === 'string' ? bubble.hero.url : undefined
    return { title, ...(others.length > 0 ? { description: others.join('\n') } : {}), ...(await pictureOf(hero, media)), buttons }
  })
  return { body: { kind: 'cards', cards: await Promise.all(cards) } }
}
function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (!isRecord(value)) return []
  const own = value.type === 'text' && typeof value.text === 'string' ? [value.text] : []
  return [...own, ...['header', 'body', 'contents', 'footer'].flatMap(name => textsIn(value[name]))]
}
