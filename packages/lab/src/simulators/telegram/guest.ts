import { ApiError } from '@um/shared/errors'
import type { GuestAction, GuestActionResult, NewPhone } from '../../protocol.ts'
import { detectEntities } from './entities.ts'
import type { TelegramEvents } from './events.ts'
import type { FileKind } from './files.ts'
import { press } from './guest-press.ts'
import { GuestWriter, textContent } from './guest-writer.ts'
import { mediaContent } from './media-content.ts'
import type { MessageContent, User } from './types.ts'
import { entryView } from './view.ts'
import { type Bot, type ChatState, type Guest, type StoredMessage, type World, wireChat } from './world.ts'

export const guestActions: GuestAction['do'][] = [
  'text',
  'start',
  'photo',
  'video',
  'voice',
  'audio',
  'file',
  'album',
  'sticker',
  'location',
  'venue',
  'contact',
  'press',
  'edit',
  'react',
  'block',
  'unblock',
]

const firstNames = ['Lena', 'Ole', 'Haru', 'Mira', 'Ivo', 'Noor', 'Teo', 'Ayla', 'Jun', 'Sanne', 'Luca', 'Dara']

type SendKind = Exclude<FileKind, 'thumbnail'>

/** Guests and what they do on their phones. */
export class Guests {
  private readonly world: World
  private readonly events: TelegramEvents
  private readonly writer: GuestWriter

  constructor(world: World, events: TelegramEvents) {
    this.world = world
    this.events = events
    this.writer = new GuestWriter(world, events)
  }

  /** Opens the chat of a guest with a bot; the guest is made when the id is new. */
  open(bot: Bot, wanted: NonNullable<NewPhone['guest']>): { chat: ChatState; created: boolean } {
    const id = wanted.id === undefined ? this.world.newGuestId() : readGuestId(wanted.id)
    const guest = this.world.guests.get(id) ?? this.make(id, wanted)
    const known = this.world.chatOf(bot, id)
    const chat = known ?? this.world.openChat(bot, guest)
    if (known === undefined) this.events.phone(chat)
    return { chat, created: known === undefined }
  }

  act(chat: ChatState, action: GuestAction): GuestActionResult {
    return { entries: this.perform(chat, action).map(stored => entryView(this.world, chat, stored)) }
  }

  private make(id: number, wanted: NonNullable<NewPhone['guest']>): Guest {
    const [first = 'Guest', ...last] = (wanted.name ?? firstNames[id % firstNames.length] ?? 'Guest').split(' ')
    const user: User = {
      id,
      is_bot: false,
      first_name: first,
      ...(last.length === 0 ? {} : { last_name: last.join(' ') }),
      ...(wanted.username === undefined ? {} : { username: wanted.username }),
      language_code: wanted.language ?? 'en',
    }
    const guest: Guest = { user, avatars: wanted.avatar === undefined ? [] : [this.writer.upload(wanted.avatar).id] }
    this.world.guests.set(id, guest)
    return guest
  }

  private perform(chat: ChatState, action: GuestAction): StoredMessage[] {
    switch (action.do) {
      case 'text':
        return [this.writer.write(chat, textContent(action.text), action.replyTo)]
      case 'start':
        return [this.writer.write(chat, textContent(action.payload ? `/start ${action.payload}` : '/start'))]
      case 'photo':
        return [this.writePhoto(chat, action)]
      case 'video':
      case 'voice':
      case 'audio':
        return [this.writeFile(chat, action.do, action)]
      case 'file':
        return [this.writeFile(chat, 'document', action)]
      case 'album':
        return this.writeAlbum(chat, action)
      case 'sticker':
        return [this.writeSticker(chat, action)]
      case 'location':
        return [this.writer.write(chat, { location: { latitude: action.latitude, longitude: action.longitude } })]
      case 'venue': {
        const location = { latitude: action.latitude, longitude: action.longitude }
        return [this.writer.write(chat, { location, venue: { location, title: action.title, address: action.address } })]
      }
      case 'contact':
        return [this.writer.write(chat, contactContent(chat, action))]
      case 'press':
        return press(this.writer, chat, action)
      case 'edit':
        return [this.edit(chat, action)]
      case 'react':
        return [this.react(chat, action)]
      case 'block':
      case 'unblock':
        this.block(chat, action.do === 'block')
        return []
      case 'delete':
      case 'read':
      case 'typing':
        throw new ApiError('invalid', 'Bots never hear of this.', { fields: [{ pointer: '/do', detail: 'is not possible on Telegram' }] })
    }
  }

  private file(chat: ChatState, kind: SendKind, upload: string, durationSeconds?: number, emoji?: string): MessageContent {
    return mediaContent(this.world.files, chat.bot.id, kind, { stored: this.writer.upload(upload) }, { durationSeconds, emoji })
  }
  private writeFile(
    chat: ChatState,
    kind: SendKind,
    action: { upload: string; caption?: string | undefined; durationSeconds?: number | undefined },
  ): StoredMessage {
    return this.writer.write(chat, { ...this.file(chat, kind, action.upload, action.durationSeconds), ...captionContent(action.caption) })
  }
  private writePhoto(chat: ChatState, action: { upload: string; caption?: string | undefined }): StoredMessage {
    const stored = this.writer.upload(action.upload)
    if (stored.width === undefined) {
      throw new ApiError('invalid', 'Only JPEG, PNG, GIF and WebP can be sent as a photo.', { fields: [{ pointer: '/upload', detail: 'is not an image' }] })
    }
    return this.writeFile(chat, 'photo', action)
  }
  private writeAlbum(chat: ChatState, action: { uploads: string[]; caption?: string | undefined }): StoredMessage[] {
    const media_group_id = `1388${String(chat.bot.nextMessageId).padStart(13, '0')}`
    return action.uploads.map((upload, index) => {
      const kind = this.writer.upload(upload).mime.startsWith('video/') ? 'video' : 'photo'
      return this.writer.write(chat, { media_group_id, ...this.file(chat, kind, upload), ...(index === 0 ? captionContent(action.caption) : {}) })
    })
  }
  /** Without an upload: a sticker of an animated set, which has no file that anyone could fetch as an image. */
  private writeSticker(chat: ChatState, action: { emoji: string; upload?: string | undefined }): StoredMessage {
    if (action.upload !== undefined) return this.writer.write(chat, this.file(chat, 'sticker', action.upload, undefined, action.emoji))
    const stored = this.world.context.media.put({ bytes: Buffer.from(`sticker ${action.emoji}`), mime: 'application/x-tgsticker', name: 'sticker.tgs' })
    const { sticker } = mediaContent(this.world.files, chat.bot.id, 'sticker', { stored }, { emoji: action.emoji })
    if (sticker === undefined) throw new ApiError('bug', 'A sticker could not be made.')
    return this.writer.write(chat, { sticker: { ...sticker, is_animated: true, set_name: 'LabAnimals' } })
  }

  private edit(chat: ChatState, action: { entry: string; text: string }): StoredMessage {
    const stored = this.writer.entryOf(chat, action.entry)
    if (stored.from !== 'guest' || stored.message?.text === undefined) throw new ApiError('conflict', "Only the guest's own texts can be edited.")
    const now = this.world.now()
    const { entities: _old, ...message } = stored.message
    stored.message = { ...message, ...textContent(action.text), edit_date: Math.floor(now / 1000) }
    stored.editedAt = now
    this.world.count('guestEdits')
    this.writer.tell(chat, 'edited_message', stored.message, stored)
    return stored
  }

  private react(chat: ChatState, action: { entry: string; emoji: string; on: boolean }): StoredMessage {
    const stored = this.writer.entryOf(chat, action.entry)
    const { message_id } = this.writer.messageOf(chat, action.entry)
    const before = stored.reactions ?? []
    const others = before.filter(reaction => reaction.by !== 'guest')
    stored.reactions = action.on ? [...others, { emoji: action.emoji, by: 'guest' }] : others
    this.writer.tell(chat, 'message_reaction', {
      chat: wireChat(chat.guest),
      message_id,
      user: chat.guest.user,
      date: Math.floor(this.world.now() / 1000),
      old_reaction: before.filter(reaction => reaction.by === 'guest').map(({ emoji }) => ({ type: 'emoji', emoji })),
      new_reaction: action.on ? [{ type: 'emoji', emoji: action.emoji }] : [],
    })
    this.writer.changed(chat, stored)
    return stored
  }

  private block(chat: ChatState, blocked: boolean): void {
    if (chat.blocked === blocked) return
    chat.blocked = blocked
    const bot = chat.bot.user
    const banned = { user: bot, status: 'kicked', until_date: 0 }
    const member = { user: bot, status: 'member' }
    this.writer.tell(chat, 'my_chat_member', {
      chat: wireChat(chat.guest),
      from: chat.guest.user,
      date: Math.floor(this.world.now() / 1000),
      old_chat_member: blocked ? member : banned,
      new_chat_member: blocked ? banned : member,
    })
    this.writer.changed(chat)
  }
}

function readGuestId(id: string): number {
  if (!/^[1-9]\d{0,15}$/.test(id))
    throw new ApiError('invalid', 'A Telegram user id is a number.', { fields: [{ pointer: '/guest/id', detail: 'is not a number' }] })
  return Number(id)
}
function captionContent(caption: string | undefined): MessageContent {
  return caption === undefined || caption === '' ? {} : { caption, caption_entities: detectEntities(caption) }
}
function contactContent(chat: ChatState, action: { phone: string; firstName: string; lastName?: string | undefined }): MessageContent {
  return {
    contact: {
      phone_number: action.phone,
      first_name: action.firstName,
      ...(action.lastName === undefined ? {} : { last_name: action.lastName }),
      ...(action.firstName === chat.guest.user.first_name ? { user_id: chat.guest.user.id } : {}),
    },
  }
}
