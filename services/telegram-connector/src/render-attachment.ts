import { type ContentOf, type MediaKind, type MediaRef, present } from '@um/shared/contract'
import type { Plan } from './plan.ts'

/** How a file is sent: `urlBytes` is the most that Telegram fetches from a URL by itself. https://core.telegram.org/bots/api#sending-files */
interface Way {
  method: string
  field: string
  urlBytes: number
}
const photo = { method: 'sendPhoto', field: 'photo', urlBytes: 5e6 } satisfies Way
const video = { method: 'sendVideo', field: 'video', urlBytes: 20e6 } satisfies Way
const animation = { method: 'sendAnimation', field: 'animation', urlBytes: 20e6 } satisfies Way
const audio = { method: 'sendAudio', field: 'audio', urlBytes: 20e6 } satisfies Way
const voice = { method: 'sendVoice', field: 'voice', urlBytes: 1e6 } satisfies Way
const document = { method: 'sendDocument', field: 'document', urlBytes: 20e6 } satisfies Way

/** What is not listed goes as a document; `''` stands for a type that nobody knows. */
const ways: Record<MediaKind, ReadonlyMap<string, Way>> = {
  image: new Map<string, Way>([...['', 'image/jpeg', 'image/png', 'image/webp'].map(mime => [mime, photo] as const), ['image/gif', animation]]),
  video: new Map<string, Way>([
    ['', video],
    ['video/mp4', video],
    ['image/gif', animation],
  ]),
  audio: new Map<string, Way>([
    ...['', 'audio/mpeg', 'audio/mp3', 'audio/mp4', 'audio/m4a', 'audio/x-m4a'].map(mime => [mime, audio] as const),
    ['audio/ogg', voice],
    ['audio/opus', voice],
  ]),
  file: new Map(),
}
const maxPhotoBytes = 10e6
/** The only documents that Telegram promises to take from a URL. */
const urlDocuments = ['image/gif', 'application/pdf', 'application/zip']

export function attachmentPlans({ media, source, caption, durationSeconds }: ContentOf<'attachment'>): Plan[] {
  const mime = mimeOf(source)
  const listed = ways[media].get(mime) ?? document
  const way = listed === photo && (source.size ?? 0) > maxPhotoBytes ? document : listed
  const fields = present({ caption, ...extrasOf(way, source, durationSeconds) })
  if (!('url' in source)) return [{ method: way.method, fields: { ...fields, [way.field]: source.platformId } }]

  const link: Plan = { method: 'sendMessage', fields: { text: [caption, source.url].filter(Boolean).join('\n') } }
  const asDocument: Plan = { method: document.method, fields: present({ caption }), file: { field: document.field, media: source }, instead: { link: [link] } }
  const instead = way === document ? { link: [link] } : { document: [asDocument], link: [link] }
  const upload: Plan = { method: way.method, fields, file: { field: way.field, media: source }, instead }
  const mustUpload = (source.size ?? 0) > way.urlBytes || (way === document && !urlDocuments.includes(mime))
  return [mustUpload ? upload : { method: way.method, fields: { ...fields, [way.field]: source.url }, instead: { upload: [upload], ...instead } }]
}

function extrasOf(way: Way, source: MediaRef, durationSeconds: number | undefined): object {
  const duration = durationSeconds === undefined ? undefined : Math.round(durationSeconds)
  if (way === video) return { supports_streaming: true, duration }
  if (way === audio) return { title: source.name?.replace(/\.\w{1,5}$/, ''), duration }
  return way === photo || way === document ? {} : { duration }
}

const mimes = new Map(
  Object.entries({
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    png: 'image/png',
    webp: 'image/webp',
    gif: 'image/gif',
    mp4: 'video/mp4',
    mp3: 'audio/mpeg',
    m4a: 'audio/mp4',
    ogg: 'audio/ogg',
    oga: 'audio/ogg',
    opus: 'audio/opus',
    pdf: 'application/pdf',
    zip: 'application/zip',
  }),
)
/** The type that is told, else that of the name's or the URL's ending; '' when neither says anything. */
export function mimeOf(source: MediaRef): string {
  const told = source.mime?.split(';')[0]?.trim().toLowerCase()
  if (told && told !== 'application/octet-stream') return told
  const names = [source.name, 'url' in source && URL.canParse(source.url) ? new URL(source.url).pathname : undefined]
  for (const name of names) {
    const mime = mimes.get(/\.(\w+)$/.exec(name ?? '')?.[1]?.toLowerCase() ?? '')
    if (mime) return mime
  }
  return ''
}
