import { type Content, type MediaKind, present } from '@um/shared/contract'
import { entryOf, readAs } from '@um/shared/kit'
import { ContactMessage, LocationMessage, MediaMessage, StickerMessage, TextMessage } from './schema.ts'

type Reader = (message: unknown, token: string) => Content | undefined

/** What a message says; undefined when its kind is new, or its form. */
export function contentOf(message: { type: string }, token: string): Content | undefined {
  return entryOf(readers, message.type)?.(message, token)
}

/** A button's key comes back as if the guest had written it; a label, where that is what the button sends, is recognised by shared code. */
const key = /^um:[\w-]{10}$/
const sound = /\.(mp3|m4a|aac|ogg|oga|opus|wav|flac|amr)$/i

const readers: Record<string, Reader> = {
  text: readAs(TextMessage, ({ text }): Content => (key.test(text) ? { kind: 'choice', payload: text } : { kind: 'text', text })),
  picture: attachment(() => 'image'),
  video: attachment(() => 'video'),
  file: attachment(name => (sound.test(name) ? 'audio' : 'file')),
  sticker: readAs(StickerMessage, ({ sticker_id: stickerId, media }, token: string) => {
    return { kind: 'sticker', stickerId, ...(media === undefined ? {} : { source: passing(media, `viber-${token}`) }) }
  }),
  contact: readAs(ContactMessage, ({ contact: { name = '', phone_number: phone } }) => ({ kind: 'contact', name, phones: phone === undefined ? [] : [phone] })),
  location: readAs(LocationMessage, ({ location: { lat, lon } }) => ({ kind: 'location', latitude: lat, longitude: lon })),
  url: readAs(MediaMessage, ({ media }) => ({ kind: 'text', text: media })),
}

function attachment(kindOf: (name: string) => MediaKind): Reader {
  return readAs(MediaMessage, ({ media, file_name, text: caption, size, duration }, token: string) => {
    const source = { ...passing(media, file_name ?? `viber-${token}`), ...present({ size }) }
    return { kind: 'attachment', media: kindOf(file_name ?? ''), source, ...present({ caption, durationSeconds: duration }) }
  })
}
/** Viber's own addresses work for an hour. */
function passing(url: string, name: string): { url: string; name: string; expires: true } {
  return { url, name, expires: true }
}
