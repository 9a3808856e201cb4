import { type FetchFailure, fetchMedia } from '../../kit/fetch-media.ts'
import { imageFacts } from '../../kit/image.ts'
import { plainMime, type StoredMedia } from '../../kit/media-store.ts'
import type { Call } from './call.ts'
import { BotApiError, badRequest } from './errors.ts'
import type { FileKind, FileRecord } from './files.ts'

/** A file that a call names: by an id that was seen before, by an address, or as an upload. */
export interface InputMedia {
  stored: StoredMedia
  /** how it came */
  by: 'id' | 'url' | 'upload'
  /** when it came by id */
  record?: FileRecord
}

const mebibyte = 1024 * 1024
const limits = { photoUpload: 10 * mebibyte, photoUrl: 5 * mebibyte, upload: 50 * mebibyte, url: 20 * mebibyte }
const maxPhotoEdges = 10_000
const maxPhotoRatio = 20
const fetchTimeoutMs = 20_000

/** What the platform takes by address; everything else must be uploaded. */
const mimesByUrl: Readonly<Record<FileKind, RegExp>> = {
  photo: /^image\/(jpeg|png|webp|gif)$/,
  thumbnail: /^image\/jpeg$/,
  video: /^video\/mp4$/,
  animation: /^(image\/gif|video\/mp4)$/,
  audio: /^audio\/(mpeg|mp3|mp4|m4a|x-m4a|ogg)$/,
  voice: /^(audio\/(ogg|mpeg|mp4)|application\/ogg|video\/ogg)$/,
  document: /^(image\/gif|application\/pdf|application\/zip|application\/x-zip-compressed)$/,
  sticker: /^image\/webp$/,
}
const names: Readonly<Record<FileKind, string>> = {
  photo: 'photo',
  thumbnail: 'thumbnail',
  video: 'video',
  animation: 'animation',
  audio: 'audio',
  voice: 'voice',
  document: 'document',
  sticker: 'sticker',
}
const mimesByExtension: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  zip: 'application/zip',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  opus: 'audio/ogg',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  gif: 'image/gif',
}

/** `value`: what stands in the field; `field`: where an upload would be. */
export async function readInputMedia(call: Call, kind: FileKind, value: string, field: string): Promise<InputMedia> {
  const part = value.startsWith('attach://') ? value.slice('attach://'.length) : field
  const file = call.params.files.get(part)
  if (file !== undefined && (value === '' || value.startsWith('attach://'))) return uploaded(call, kind, file)
  if (value === '') throw badRequest(`there is no ${names[kind]} in the request`)
  if (/^https?:\/\//i.test(value)) return fetched(call, kind, value)
  const record = call.world.files.find(call.bot.id, value)
  if (record === undefined) throw badRequest('wrong file identifier/HTTP URL specified')
  const stored = call.world.files.stored(record)
  if (stored === undefined) throw badRequest('wrong file_id or the file is temporarily unavailable')
  return { stored, by: 'id', record }
}

function uploaded(call: Call, kind: FileKind, file: { bytes: Buffer; name: string; mime: string }): InputMedia {
  if (file.bytes.length === 0) throw badRequest('file must be non-empty')
  if (kind === 'photo') {
    if (file.bytes.length > limits.photoUpload) {
      throw badRequest(`file of size ${file.bytes.length} bytes is too big for a photo; the maximum size is ${limits.photoUpload} bytes`)
    }
    checkPhoto(file.bytes)
  }
  if (file.bytes.length > limits.upload) throw new BotApiError(413, 'Request Entity Too Large')
  const mime = plainMime(file.mime)
  return { stored: call.world.context.media.put({ ...file, mime: mime === 'application/octet-stream' ? guessed(file.name) : mime }), by: 'upload' }
}

async function fetched(call: Call, kind: FileKind, url: string): Promise<InputMedia> {
  const maxBytes = kind === 'photo' ? limits.photoUrl : limits.url
  const answer = await fetchMedia(url, { maxBytes, timeoutMs: fetchTimeoutMs })
  if ('failed' in answer) throw urlError(answer)
  const declared = plainMime(answer.mime)
  const mime = imageFacts(answer.bytes)?.mime ?? (declared === 'application/octet-stream' ? guessed(answer.name) : declared)
  if (!mimesByUrl[kind].test(mime)) throw badRequest('wrong type of the web page content')
  if (kind === 'photo') checkPhoto(answer.bytes)
  call.world.count('mediaFetched')
  return { stored: call.world.context.media.put({ bytes: answer.bytes, mime, name: answer.name }), by: 'url' }
}

function urlError({ failed }: FetchFailure): BotApiError {
  return badRequest(failed === 'address' ? 'wrong HTTP URL specified' : 'failed to get HTTP URL content')
}

function checkPhoto(bytes: Buffer): void {
  const image = imageFacts(bytes)
  if (image === undefined) throw badRequest('IMAGE_PROCESS_FAILED')
  const { width, height } = image
  const isOdd = width + height > maxPhotoEdges || Math.max(width, height) > maxPhotoRatio * Math.min(width, height)
  if (isOdd) throw badRequest('PHOTO_INVALID_DIMENSIONS')
}

function guessed(name: string): string {
  return mimesByExtension[/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream'
}
