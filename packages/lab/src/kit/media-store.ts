import type { MediaView } from '../protocol.ts'
import { imageFacts } from './image.ts'
import { randomToken } from './random.ts'

export interface StoredMedia {
  id: string
  bytes: Buffer
  mime: string
  name: string
  width?: number
  height?: number
  durationSeconds?: number
}

/** Files that guests, agents and the fleet sent, in memory; the oldest go when they are more than `capacityBytes`. */
export class MediaStore {
  private readonly files = new Map<string, StoredMedia>()
  private readonly capacityBytes: number
  private bytes = 0

  constructor(capacityBytes: number) {
    this.capacityBytes = capacityBytes
  }

  put(file: { bytes: Buffer; mime: string; name: string; durationSeconds?: number }): StoredMedia {
    const image = imageFacts(file.bytes)
    const stored: StoredMedia = {
      ...file,
      name: safeName(file.name),
      id: randomToken(12),
      mime: image?.mime ?? plainMime(file.mime),
      ...(image === undefined ? {} : { width: image.width, height: image.height }),
    }
    this.files.set(stored.id, stored)
    this.bytes += stored.bytes.length
    this.makeRoom(stored.id)
    return stored
  }
  get(id: string): StoredMedia | undefined {
    return this.files.get(id)
  }
  clear(): void {
    this.files.clear()
    this.bytes = 0
  }

  private makeRoom(newcomer: string): void {
    for (const [id, file] of this.files) {
      if (this.bytes <= this.capacityBytes || id === newcomer) return
      this.files.delete(id)
      this.bytes -= file.bytes.length
    }
  }
}

export function mediaView(media: StoredMedia): MediaView {
  return {
    url: `/lab/api/media/${media.id}/${encodeURIComponent(media.name)}`,
    mime: media.mime,
    name: media.name,
    size: media.bytes.length,
    ...(media.width === undefined ? {} : { width: media.width }),
    ...(media.height === undefined ? {} : { height: media.height }),
    ...(media.durationSeconds === undefined ? {} : { durationSeconds: media.durationSeconds }),
  }
}

/** `text/html; charset=utf-8` is `text/html`. */
export function plainMime(header: string | undefined): string {
  const mime = header?.split(';')[0]?.trim().toLowerCase() ?? ''
  return /^[\w.+-]+\/[\w.+-]+$/.test(mime) ? mime : 'application/octet-stream'
}

function safeName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
  const clean = name.replace(/[\u0000-\u001f\u007f/\\]/g, '_').slice(0, 200)
  return clean === '' || clean === '.' || clean === '..' ? 'file' : clean
}
