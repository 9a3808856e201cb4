import type { StoredMedia } from '../../kit/media-store.ts'
import { type FileKind, type FileRecord, type FileTable, facts } from './files.ts'
import type { MessageContent } from './types.ts'

export interface MediaFacts {
  durationSeconds?: number | undefined
  width?: number | undefined
  height?: number | undefined
  title?: string | undefined
  performer?: string | undefined
  emoji?: string | undefined
}
/** `record`: it has an id for this bot already, which it keeps. */
export interface MediaSource {
  stored: StoredMedia
  record?: FileRecord | undefined
}

/** The members of a message that name a file, as a bot sees them. */
export function mediaContent(files: FileTable, bot: number, kind: Exclude<FileKind, 'thumbnail'>, source: MediaSource, given: MediaFacts = {}): MessageContent {
  const { stored } = source
  const file = () => facts(source.record?.kind === kind ? source.record : files.register(bot, stored, kind))
  const named = { file_name: stored.name, mime_type: stored.mime }
  const size = { width: given.width ?? stored.width ?? 320, height: given.height ?? stored.height ?? 240 }
  const duration = given.durationSeconds ?? stored.durationSeconds ?? 0
  switch (kind) {
    case 'photo':
      return { photo: files.registerPhoto(bot, stored) }
    case 'video':
      return { video: { ...file(), ...named, ...size, duration } }
    case 'animation': {
      const animation = { ...file(), ...named }
      return { animation: { ...animation, ...size, duration }, document: animation }
    }
    case 'audio':
      return {
        audio: {
          ...file(),
          ...named,
          duration,
          ...(given.title === undefined ? {} : { title: given.title }),
          ...(given.performer === undefined ? {} : { performer: given.performer }),
        },
      }
    case 'voice':
      return { voice: { ...file(), mime_type: stored.mime, duration } }
    case 'document':
      return { document: { ...file(), ...named } }
    case 'sticker':
      return {
        sticker: {
          ...file(),
          type: 'regular',
          width: stored.width ?? 512,
          height: stored.height ?? 512,
          is_animated: false,
          is_video: false,
          ...(given.emoji === undefined ? {} : { emoji: given.emoji }),
        },
      }
  }
}
