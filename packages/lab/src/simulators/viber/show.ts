import { fetchMedia } from '../../kit/fetch-media.ts'
import { type MediaStore, mediaView } from '../../kit/media-store.ts'
import type { Body, Button, CardView } from '../../protocol.ts'
import { type Message, rowsOf, type ViberButton } from './validate.ts'

/** How a message looks on the phone. Buttons are named by their place. */
export interface Shown {
  body: Body
  /** of its cards */
  pressed: ViberButton[]
  /** for the audit */
  text: string
}
const maxBytes = { picture: 3e6, video: 27_262_976, file: 52_428_800 } as const

export async function show({ body }: Message & { body: object }, media: MediaStore): Promise<Shown> {
  switch (body.type) {
    case 'text':
      return { body: { kind: 'text', text: body.text }, pressed: [], text: body.text }
    case 'picture':
    case 'video':
    case 'file':
      return { body: await mediaBody(body, media), pressed: [], text: body.type === 'picture' ? body.text : body.media }
    case 'contact':
      return { body: { kind: 'contact', name: body.contact.name, phones: [body.contact.phone_number] }, pressed: [], text: body.contact.name }
    case 'location': {
      const { lat, lon } = body.location
      return { body: { kind: 'location', latitude: lat, longitude: lon }, pressed: [], text: `${lat}, ${lon}` }
    }
    case 'url':
      return { body: { kind: 'text', text: body.media }, pressed: [], text: body.media }
    case 'sticker':
      return { body: { kind: 'sticker', emoji: '🐱', pack: 'Viber' }, pressed: [], text: String(body.sticker_id) }
    case 'rich_media': {
      const pressed = body.rich_media.flat()
      const cards = await Promise.all(body.rich_media.map(card => cardOf(card, pressed, media)))
      return { body: { kind: 'cards', cards }, pressed, text: body.alt_text ?? '' }
    }
  }
}
export function keyboardOf(buttons: readonly ViberButton[]): Button[][] {
  return rowsOf(buttons.map((button, index) => ({ Columns: button.Columns, shown: buttonOf(button, index) }))).map(row => row.map(({ shown }) => shown))
}

/** Viber takes any address; it is the phone that cannot show it when it leads nowhere, or is too large. */
async function mediaBody(message: { type: 'picture' | 'video' | 'file'; media: string; text?: string; file_name?: string }, media: MediaStore): Promise<Body> {
  const fetched = await fetchMedia(message.media, { maxBytes: maxBytes[message.type], timeoutMs: 10_000 })
  if ('failed' in fetched) return { kind: 'other', what: message.type, text: `${message.type} that cannot be loaded (${fetched.why})` }
  const { text: caption = '', file_name: name = fetched.name } = message
  const view = mediaView(media.put({ ...fetched, name }))
  return { kind: message.type === 'picture' ? 'photo' : message.type, media: view, ...(caption === '' ? {} : { caption }) }
}
async function cardOf(card: readonly ViberButton[], all: readonly ViberButton[], media: MediaStore): Promise<CardView> {
  const url = card.find(({ Image }) => Image !== undefined)?.Image
  const fetched = url === undefined ? undefined : await fetchMedia(url, { maxBytes: maxBytes.picture, timeoutMs: 10_000 })
  const image = fetched === undefined || 'failed' in fetched ? {} : { image: mediaView(media.put(fetched)) }
  const [title = '', ...others] = card.flatMap(({ ActionType, Text }) => (ActionType === 'none' && Text ? plain(Text).split('\n') : []))
  const buttons = card.filter(({ ActionType }) => ActionType !== 'none').map(button => buttonOf(button, all.indexOf(button)))
  return { title, ...(others.length > 0 ? { description: others.join('\n') } : {}), ...image, buttons }
}
function buttonOf(button: ViberButton, index: number): Button {
  const { ActionType, ActionBody } = button
  const shown = { id: String(index), title: titleOf(button) }
  switch (ActionType) {
    case 'open-url':
      return { ...shown, action: 'url', url: ActionBody }
    case 'location-picker':
      return { ...shown, action: 'location' }
    case 'share-phone':
      return { ...shown, action: 'contact' }
    default:
      return { ...shown, action: ActionType }
  }
}
export function titleOf({ Text, ActionBody }: ViberButton): string {
  return Text === undefined || Text === '' ? ActionBody : plain(Text)
}
function plain(html: string): string {
  return html
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/<\/?(b|i|u|font)(\s[^>]*)?>/gi, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
