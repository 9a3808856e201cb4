import { type Content, type MediaKind, present } from '@um/shared/contract'
import { entryOf, readAs } from '@um/shared/kit'
import type { Settings } from './definition.ts'
import { LocationMessage, MediaMessage, type Message, StickerMessage, TextMessage } from './schema.ts'

type Reader = (message: Message, settings: Settings) => Content | undefined

/** What a message says; undefined when its kind is new, or its form. LINE's own emojis are in the text as words in brackets. */
export function contentOf(message: Message, settings: Settings): Content | undefined {
  return entryOf(readers, message.type)?.(message, settings)
}
const readers: Record<string, Reader> = {
  text: readAs(TextMessage, ({ text }) => ({ kind: 'text', text })),
  image: media('image'),
  video: media('video'),
  audio: media('audio'),
  file: media('file'),
  location: readAs(LocationMessage, place => ({ kind: 'location', ...present(place) })),
  sticker: readAs(StickerMessage, ({ packageId, stickerId, text, keywords }, { stickerImageUrl }) => {
    const url = stickerImageUrl?.replaceAll('{packageId}', packageId).replaceAll('{stickerId}', stickerId)
    const words = text ?? (keywords.length > 0 ? `[${keywords.slice(0, 5).join(', ')}]` : undefined)
    return { kind: 'sticker', stickerId, packageId, ...present({ emoji: words, source: url === undefined ? undefined : { url, mime: 'image/png' } }) }
  }),
}

/** Media lies at LINE under the message's id, or with somebody else whom LINE names. The kind goes along for `download`. */
function media(kind: MediaKind): Reader {
  return readAs(MediaMessage, ({ id, contentProvider, duration, fileName, fileSize }) => {
    const told = present({ name: fileName, size: fileSize })
    const url = contentProvider?.type === 'external' ? contentProvider.originalContentUrl : undefined
    return {
      kind: 'attachment',
      media: kind,
      source: { ...told, ...(url === undefined ? { platformId: `${kind}:${id}` } : { url }) },
      ...present({ durationSeconds: duration === undefined ? undefined : duration / 1000 }),
    }
  })
}
