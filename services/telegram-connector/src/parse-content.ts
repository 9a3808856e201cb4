import { type Content, type MediaKind, present } from '@um/shared/contract'
import { mediaKindOf, readAs } from '@um/shared/kit'
import type { z } from 'zod'
import { type BotName, withLinks, withoutBot } from './mentions.ts'
import { serviceText } from './parse-service.ts'
import { nameOf } from './people.ts'
import { Contact, Dice, type FileFacts, FileFacts as FileSchema, Location, type Message, Photo, Poll, Sticker, Venue, WebAppData } from './schema.ts'

/** Bots can download no more (https://core.telegram.org/bots/api#getfile). */
const maxDownloadBytes = 20 * 2 ** 20

/** What a message says; undefined when it says nothing to anybody (the bot itself was added). */
export function contentOf(message: Message, bot: BotName): Content | undefined {
  for (const [member, read] of readers) {
    const content = member in message ? read(message[member], message) : undefined
    if (content) return content
  }
  if (message.text !== undefined) return { kind: 'text', text: plain(message.text, message, bot) }
  const member = Object.keys(message).find(key => !frame.has(key)) ?? 'message'
  const service = serviceText(member, message[member], bot)
  if (service !== undefined) return service === '' ? undefined : { kind: 'system', text: service }
  return unsupported(member, [caption(message), ...textsIn(message[member])])
}

type Reader = (value: unknown, message: Message) => Content | undefined
function file(media: MediaKind, word: string, extension: string, mime: string): Reader {
  return readAs(FileSchema, (facts, message) => attachment(media, facts, message, `${word}-${message.message_id}.${extension}`, mime))
}

/** In this order: an animation comes with a document, a venue with a location, a live photo with a photo. */
const readers: readonly [string, Reader][] = [
  ['web_app_data', readAs(WebAppData, ({ data, button_text }) => ({ kind: 'choice', payload: data, template: 'form', ...present({ label: button_text }) }))],
  ['photo', readAs(Photo, (sizes, message) => attachment('image', largest(sizes), message, `photo-${message.message_id}.jpg`, 'image/jpeg'))],
  ['animation', file('video', 'animation', 'mp4', 'video/mp4')],
  ['video', file('video', 'video', 'mp4', 'video/mp4')],
  ['video_note', file('video', 'video-note', 'mp4', 'video/mp4')],
  ['audio', file('audio', 'audio', 'mp3', 'audio/mpeg')],
  ['voice', file('audio', 'voice', 'ogg', 'audio/ogg')],
  ['document', readAs(FileSchema, (facts, message) => attachment(mediaKindOf(facts.mime_type), facts, message, `file-${message.message_id}`))],
  ['sticker', readAs(Sticker, sticker)],
  ['venue', readAs(Venue, ({ location: { latitude, longitude }, title, address }) => ({ kind: 'location', latitude, longitude, title, address }))],
  ['location', readAs(Location, ({ latitude, longitude }) => ({ kind: 'location', latitude, longitude }))],
  ['contact', readAs(Contact, contact)],
  ['dice', readAs(Dice, ({ emoji, value }) => ({ kind: 'text', text: `${emoji} ${value}` }))],
  ['poll', readAs(Poll, ({ question, options }) => ({ kind: 'text', text: [question, ...options.map(option => `• ${option.text}`)].join('\n') }))],
]

function plain(text: string, message: Message, bot: BotName): string {
  const written = withLinks(text, message.entities)
  return message.chat.type === 'group' || message.chat.type === 'supergroup' ? withoutBot(written, bot) : written
}
function caption(message: Message): string | undefined {
  return message.caption === undefined ? undefined : withLinks(message.caption, message.caption_entities)
}

function largest(sizes: z.infer<typeof Photo>): FileFacts {
  return sizes.reduce((best, size) => (size.width * size.height > best.width * best.height ? size : best))
}
function attachment(media: MediaKind, facts: FileFacts, message: Message, madeUpName: string, usualMime?: string): Content {
  const name = facts.file_name ?? madeUpName
  const size = facts.file_size
  if (size !== undefined && size > maxDownloadBytes) {
    return { ...unsupported(media, [caption(message), `${name} (${(size / 1e6).toFixed(1)} MB)`]), reason: 'too large for bots' }
  }
  const source = { platformId: facts.file_id, name, ...present({ mime: facts.mime_type ?? usualMime, size }) }
  return { kind: 'attachment', media, source, ...present({ caption: caption(message), durationSeconds: facts.duration }) }
}
/** Only static stickers are pictures that others can show; of the moving ones the emoji must do. */
function sticker(facts: z.infer<typeof Sticker>, message: Message): Content {
  const { file_id, file_unique_id, file_size, set_name, emoji, is_animated, is_video } = facts
  const source = { platformId: file_id, mime: 'image/webp', name: `sticker-${message.message_id}.webp`, ...present({ size: file_size }) }
  return {
    kind: 'sticker',
    stickerId: file_unique_id ?? file_id,
    ...present({ packageId: set_name, emoji, source: is_animated || is_video ? undefined : source }),
  }
}
function contact(facts: z.infer<typeof Contact>): Content {
  const emails = [...(facts.vcard?.matchAll(/^EMAIL[^:\r\n]*:(.+?)\r?$/gm) ?? [])].map(match => match[1] ?? '')
  return {
    kind: 'contact',
    name: nameOf(facts) ?? '',
    phones: [facts.phone_number],
    ...present({ vcard: facts.vcard, emails: emails.length > 0 ? emails : undefined }),
  }
}

/** The reader of the update adds the original. */
export function unsupported(what: string, readable: readonly (string | undefined)[] = []): Extract<Content, { kind: 'unsupported' }> {
  const text = readable.filter(Boolean).join('\n')
  return { kind: 'unsupported', what, ...present({ text: text || undefined }) }
}
/** The words in an object of unknown form (a checklist's tasks, the blocks of a rich message). */
function textsIn(value: unknown, depth = 0): string[] {
  if (value === null || typeof value !== 'object' || depth > 8) return []
  return Object.entries(value).flatMap(([key, member]) =>
    typeof member === 'string' && ['title', 'text', 'description', 'question', 'caption'].includes(key) ? [member] : textsIn(member, depth + 1),
  )
}

/** Members that every message may have, beside the one that makes it what it is. */
const frame = new Set(
  `message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count sender_business_bot sender_tag date edit_date business_connection_id chat
  forward_origin is_topic_message is_automatic_forward reply_to_message external_reply quote reply_to_story reply_to_checklist_task_id via_bot has_protected_content
  is_from_offline is_paid_post media_group_id author_signature paid_star_count entities link_preview_options suggested_post_info effect_id caption caption_entities
  show_caption_above_media has_media_spoiler reply_markup`.split(/\s+/),
)
