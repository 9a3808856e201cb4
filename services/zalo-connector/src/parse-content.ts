import { type Content, type MediaKind, present, readJson } from '@um/shared/contract'
import { entryOf } from '@um/shared/kit'
import { type Attachment, Card, type Message } from './schema.ts'

/** Names of events after `user_send_` (or `anonymous_send_`) whose text belongs to the attachment. */
const titled = new Set(['location', 'business_card'])

/** What a message says, in order; nothing: its form is new. */
export function contentsOf(kind: string, { text, attachments }: Message): Content[] {
  const shown = (attachments ?? []).map(attachment => contentOf(kind, attachment, text))
  const known = shown.filter(content => content !== undefined)
  if (known.length < shown.length || (shown.length === 0 && kind !== 'text')) return []
  return text === undefined || (titled.has(kind) && known.length > 0) ? known : [{ kind: 'text', text }, ...known]
}

const media: Readonly<Record<string, MediaKind>> = { image: 'image', photo: 'image', gif: 'image', audio: 'audio', video: 'video', file: 'file' }

function contentOf(kind: string, { type, payload }: Attachment, text: string | undefined): Content | undefined {
  const { url, title, description, id, coordinates } = payload
  if (kind === 'business_card' || type === 'business_card') return card(payload, text)
  if (type === 'location') return coordinates ? { kind: 'location', ...coordinates, ...present({ title: text }) } : undefined
  if (type === 'link') return url ? { kind: 'text', text: [...new Set([title, description, url])].filter(Boolean).join('\n') } : undefined
  if (type === 'sticker') return id || url ? { kind: 'sticker', stickerId: id ?? '', ...present({ source: url ? source(url) : undefined }) } : undefined
  const known = entryOf(media, type)
  if (known === undefined || url === undefined) return undefined
  // of files Zalo tells an extension or a MIME type
  const mime = type === 'gif' ? 'image/gif' : payload.type?.includes('/') ? payload.type : undefined
  return { kind: 'attachment', media: known, source: { ...source(url, mime), ...present({ name: payload.name, size: payload.size ?? undefined }) } }
}
/** Anybody can open Zalo's addresses, for a time. */
function source(url: string, mime?: string) {
  return { url, expires: true, ...present({ mime }) } as const
}

function card({ url, description }: Attachment['payload'], text: string | undefined): Content | undefined {
  const { phone } = Card.safeParse(readJson(Buffer.from(description ?? ''))).data ?? {}
  if (phone !== undefined) return { kind: 'contact', name: text ?? '', phones: [phone] }
  const words = [text, description, url].filter(Boolean).join('\n')
  return words === '' ? undefined : { kind: 'text', text: words }
}
