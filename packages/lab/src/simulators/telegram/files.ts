import { BoundedMap } from '../../kit/bounded-map.ts'
import { greyJpeg } from '../../kit/image.ts'
import type { MediaStore, StoredMedia } from '../../kit/media-store.ts'
import { randomToken } from '../../kit/random.ts'
import type { FileFacts, PhotoSize } from './types.ts'

export type FileKind = 'photo' | 'thumbnail' | 'video' | 'animation' | 'audio' | 'voice' | 'document' | 'sticker'

export interface FileRecord {
  fileId: string
  uniqueId: string
  bot: number
  kind: FileKind
  mediaId: string
  size: number
  /** below `/file/bot<token>/` */
  path: string
}

/** First characters as the platform has them, so that a file id shows what it is. */
const prefixes: Readonly<Record<FileKind, string>> = {
  photo: 'AgA',
  thumbnail: 'AAM',
  video: 'BAA',
  animation: 'CgA',
  audio: 'CQA',
  voice: 'AwA',
  document: 'BQA',
  sticker: 'CAA',
}
const folders: Readonly<Record<FileKind, string>> = {
  photo: 'photos',
  thumbnail: 'thumbnails',
  video: 'videos',
  animation: 'animations',
  audio: 'music',
  voice: 'voice',
  document: 'documents',
  sticker: 'stickers',
}
const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'video/mp4': 'mp4',
  'audio/ogg': 'oga',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'application/pdf': 'pdf',
}
const thumbnailEdge = 90

/** File ids of all bots. An id is valid for its own bot only; the unique id is the same for every bot that sees the file. */
export class FileTable {
  private readonly records: BoundedMap<string, FileRecord>
  private readonly paths: BoundedMap<string, FileRecord>
  private readonly media: MediaStore
  private sequence = 0

  constructor(media: MediaStore, capacity: number) {
    this.media = media
    this.records = new BoundedMap(capacity)
    this.paths = new BoundedMap(capacity)
  }

  register(bot: number, stored: StoredMedia, kind: FileKind): FileRecord {
    this.sequence += 1
    const extension = extensions[stored.mime] ?? /\.([A-Za-z0-9]{1,8})$/.exec(stored.name)?.[1] ?? 'bin'
    const record: FileRecord = {
      fileId: `${prefixes[kind]}${randomToken(36)}`,
      uniqueId: `AQAD${stored.id}`,
      bot,
      kind,
      mediaId: stored.id,
      size: stored.bytes.length,
      path: `${folders[kind]}/file_${this.sequence}.${extension}`,
    }
    this.records.set(record.fileId, record)
    this.paths.set(`${bot}/${record.path}`, record)
    return record
  }

  /** The sizes of a photo, smallest first; the last one is the picture itself. */
  registerPhoto(bot: number, stored: StoredMedia): PhotoSize[] {
    const width = stored.width ?? thumbnailEdge
    const height = stored.height ?? thumbnailEdge
    const picture = { ...facts(this.register(bot, stored, 'photo')), width, height }
    const scale = thumbnailEdge / Math.max(width, height)
    if (scale >= 1) return [picture]
    const small = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
    const thumbnail = this.media.put({ bytes: greyJpeg(small.width, small.height), mime: 'image/jpeg', name: 'thumbnail.jpg' })
    return [{ ...facts(this.register(bot, thumbnail, 'thumbnail')), ...small }, picture]
  }

  find(bot: number, fileId: string): FileRecord | undefined {
    const record = this.records.get(fileId)
    return record?.bot === bot ? record : undefined
  }
  findPath(bot: number, path: string): FileRecord | undefined {
    return this.paths.get(`${bot}/${path}`)
  }
  stored(record: FileRecord): StoredMedia | undefined {
    return this.media.get(record.mediaId)
  }
  /** For views: the file behind an id, whatever bot it belongs to. */
  storedById(fileId: string): StoredMedia | undefined {
    const record = this.records.get(fileId)
    return record === undefined ? undefined : this.stored(record)
  }
  clear(): void {
    this.records.clear()
    this.paths.clear()
  }
}

export function facts(record: FileRecord): FileFacts {
  return { file_id: record.fileId, file_unique_id: record.uniqueId, file_size: record.size }
}
