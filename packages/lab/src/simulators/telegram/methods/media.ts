import { type Call, type Method, obeyRates, send, writableChat } from '../call.ts'
import { formatted, readFormatted } from '../entities.ts'
import { badRequest } from '../errors.ts'
import type { FileKind } from '../files.ts'
import { isObject, readMarkup } from '../markup.ts'
import { mediaContent } from '../media-content.ts'
import { type InputMedia, readInputMedia } from '../media-input.ts'
import type { MessageContent } from '../types.ts'
import { captionContent } from './text.ts'

type SendKind = Exclude<FileKind, 'thumbnail'>
const maxVoiceByUrlBytes = 1024 * 1024

function sendOne(kind: SendKind): Method {
  return async call => {
    const caption = kind === 'sticker' ? {} : captionContent(readFormatted(call.params, 'caption', 'caption_entities'))
    const markup = readMarkup(call.params)
    const chat = writableChat(call)
    obeyRates(call, chat)
    const input = await readInputMedia(call, kind, call.params.text(kind), kind)
    return send(call, chat, { ...content(call, kind, input), ...caption }, markup)
  }
}

function content(call: Call, kind: SendKind, input: InputMedia): MessageContent {
  const { params, world, bot } = call
  return mediaContent(world.files, bot.id, shownAs(kind, input), input, {
    durationSeconds: params.number('duration'),
    width: params.number('width'),
    height: params.number('height'),
    title: params.text('title') || undefined,
    performer: params.text('performer') || undefined,
    emoji: params.text('emoji') || undefined,
  })
}

/** A voice message that is not OGG, or by address more than 1 MiB, arrives as a file. */
function shownAs(kind: SendKind, { stored, by }: InputMedia): SendKind {
  if (kind !== 'voice') return kind
  if (!/ogg/.test(stored.mime)) return /^audio\/(mpeg|mp4)$/.test(stored.mime) ? 'audio' : 'document'
  return by === 'url' && stored.bytes.length > maxVoiceByUrlBytes ? 'document' : kind
}

const albumKinds: readonly string[] = ['photo', 'video', 'audio', 'document']

/** https://core.telegram.org/bots/api#sendmediagroup */
async function sendMediaGroup(call: Call): Promise<unknown> {
  const { params, world, bot } = call
  const media = params.json('media', 'media')
  if (!Array.isArray(media)) throw badRequest("can't parse media: expected an Array of InputMedia")
  if (media.length === 0) throw badRequest('there are no messages to send')
  if (media.length > 10) throw badRequest('there are too much messages to send as an album')
  // the server itself lets a single one pass, but its documentation asks for two at least, and so does the Lab
  if (media.length < 2) throw badRequest('there are too few messages to send as an album')
  const items = media.map(readItem)
  const kinds = new Set(items.map(item => (item.kind === 'video' ? 'photo' : item.kind)))
  if (kinds.size > 1) throw badRequest("can't use the media of the specified type in the album")
  const chat = writableChat(call)
  obeyRates(call, chat, items.length)
  const inputs: InputMedia[] = []
  for (const item of items) inputs.push(await readInputMedia(call, item.kind, item.media, ''))
  const media_group_id = `1388${String(bot.nextMessageId).padStart(13, '0')}`
  return inputs.map((input, index) => {
    const item = items[index]
    if (item === undefined) throw badRequest('media not found')
    return send(call, chat, { media_group_id, ...mediaContent(world.files, bot.id, item.kind, input), ...item.caption }, undefined)
  })
}

function readItem(value: unknown): { kind: SendKind; media: string; caption: MessageContent } {
  if (!isObject(value)) throw badRequest("can't parse InputMedia: expected an Object")
  const { type, media, caption, parse_mode, caption_entities } = value
  if (typeof type !== 'string' || !albumKinds.includes(type)) throw badRequest(`type "${String(type)}" is unsupported`)
  if (typeof media !== 'string' || media === '') throw badRequest('media not found')
  const text = formatted(typeof caption === 'string' ? caption : '', typeof parse_mode === 'string' ? parse_mode : '', caption_entities)
  return { kind: type as SendKind, media, caption: captionContent(text) }
}

export const mediaMethods: Readonly<Record<string, Method>> = {
  sendPhoto: sendOne('photo'),
  sendVideo: sendOne('video'),
  sendAudio: sendOne('audio'),
  sendVoice: sendOne('voice'),
  sendAnimation: sendOne('animation'),
  sendDocument: sendOne('document'),
  sendSticker: sendOne('sticker'),
  sendMediaGroup,
}
