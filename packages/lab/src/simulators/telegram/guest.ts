import { ApiError } from '@um/shared/errors'
import type { StoredMedia } from '../../kit/media-store.ts'
import type { GuestAction, GuestActionResult, NewPhone } from '../../protocol.ts'
import { detectEntities } from './entities.ts'
import type { TelegramEvents } from './events.ts'
import type { FileKind } from './files.ts'
import { mediaContent } from './media-content.ts'
import type { Message, MessageContent, User } from './types.ts'
import { publish } from './updates.ts'
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

/** Guests and what they do on their phones. */
export class Guests {
  private readonly world: World
  private readonly events: TelegramEvents

  constructor(world: World, events: TelegramEvents) {
    this.world = world
    this.events = events
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
    const guest: Guest = { user, avatars: wanted.avatar === undefined ? [] : [this.upload(wanted.avatar).id] }
    this.world.guests.set(id, guest)
    return guest
  }

  private perform(chat: ChatState, action: GuestAction): StoredMessage[] {
    switch (action.do) {
      case 'text':
        return [this.write(chat, textContent(action.text), action.replyTo)]
      case 'start':
        return [this.write(chat, textContent(action.payload ? `/start ${action.payload}` : '/start'))]
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
        return [this.write(chat, { location: { latitude: action.latitude, longitude: action.longitude } })]
      case 'venue': {
        const location = { latitude: action.latitude, longitude: action.longitude }
        return [this.write(chat, { location, venue: { location, title: action.title, address: action.address } })]
      }
      case 'contact':
        return [this.write(chat, contactContent(chat, action))]
      case 'press':
        return this.press(chat, action)
      case 'edit':
        return [this.edit(chat, action)]
      case 'react':
        return [this.react(chat, action)]
      case 'block':
      case 'unblock':
        this.block(chat, action.do === 'block')
        return []
    }
  }

  private upload(id: string): StoredMedia {
    const stored = this.world.context.media.get(id)
    if (stored === undefined) throw new ApiError('invalid', 'The upload is not known (any more).', { fields: [{ pointer: '/upload', detail: 'is not known' }] })
    return stored
  }

  private file(chat: ChatState, kind: Exclude<FileKind, 'thumbnail'>, upload: string, durationSeconds?: number, emoji?: string): MessageContent {
    return mediaContent(this.world.files, chat.bot.id, kind, { stored: this.upload(upload) }, { durationSeconds, emoji })
  }
  private writeFile(
    chat: ChatState,
    kind: Exclude<FileKind, 'thumbnail'>,
    action: { upload: string; caption?: string | undefined; durationSeconds?: number | undefined },
  ): StoredMessage {
    return this.write(chat, { ...this.file(chat, kind, action.upload, action.durationSeconds), ...captionContent(action.caption) })
  }
  private writePhoto(chat: ChatState, action: { upload: string; caption?: string | undefined }): StoredMessage {
    const stored = this.upload(action.upload)
    if (stored.width === undefined) {
      throw new ApiError('invalid', 'Only JPEG, PNG, GIF and WebP can be sent as a photo.', { fields: [{ pointer: '/upload', detail: 'is not an image' }] })
    }
    return this.writeFile(chat, 'photo', action)
  }
  private writeAlbum(chat: ChatState, action: { uploads: string[]; caption?: string | undefined }): StoredMessage[] {
    const media_group_id = `1388${String(chat.bot.nextMessageId).padStart(13, '0')}`
    return action.uploads.map((upload, index) => {
      const kind = this.upload(upload).mime.startsWith('video/') ? 'video' : 'photo'
      return this.write(chat, { media_group_id, ...this.file(chat, kind, upload), ...(index === 0 ? captionContent(action.caption) : {}) })
    })
  }
  /** Without an upload: a sticker of an animated set, which has no file that anyone could fetch as an image. */
  private writeSticker(chat: ChatState, action: { emoji: string; upload?: string | undefined }): StoredMessage {
    if (action.upload !== undefined) return this.write(chat, this.file(chat, 'sticker', action.upload, undefined, action.emoji))
    const stored = this.world.context.media.put({ bytes: Buffer.from(`sticker ${action.emoji}`), mime: 'application/x-tgsticker', name: 'sticker.tgs' })
    const { sticker } = mediaContent(this.world.files, chat.bot.id, 'sticker', { stored }, { emoji: action.emoji })
    if (sticker === undefined) throw new ApiError('bug', 'A sticker could not be made.')
    return this.write(chat, { sticker: { ...sticker, is_animated: true, set_name: 'LabAnimals' } })
  }

  private write(chat: ChatState, content: MessageContent, replyTo?: string): StoredMessage {
    const { world } = this
    if (chat.blocked) throw new ApiError('conflict', 'The guest has blocked the bot; unblock it first.')
    chat.started = true
    const now = world.now()
    const message: Message = {
      message_id: chat.bot.nextMessageId,
      from: chat.guest.user,
      chat: wireChat(chat.guest),
      date: Math.floor(now / 1000),
      ...(replyTo === undefined ? {} : { reply_to_message: this.known(chat, replyTo).message }),
      ...content,
    }
    chat.bot.nextMessageId += 1
    const stored: StoredMessage = { entry: String(message.message_id), from: 'guest', at: now, message, state: 'queued' }
    world.store(chat, stored)
    world.count('messagesWritten')
    const updateId = this.publishFor(chat, stored, 'message', message)
    if (updateId !== undefined) stored.updateId = updateId
    this.events.phone(chat)
    return stored
  }

  private publishFor(chat: ChatState, stored: StoredMessage, kind: 'message' | 'edited_message', message: Message): number | undefined {
    const updateId = publish(this.world, chat.bot, kind, message, chat.guest.user.id, state => {
      Object.assign(stored, state)
      this.events.entry(chat, stored)
    })
    this.events.entry(chat, stored)
    return updateId
  }

  private known(chat: ChatState, entry: string): StoredMessage & { message: Message } {
    const stored = chat.byMessageId.get(Number(entry))
    if (stored?.message === undefined) throw new ApiError('notFound', 'This message is not on the phone (any more).')
    return { ...stored, message: stored.message }
  }
  private held(chat: ChatState, entry: string): StoredMessage {
    const stored = chat.byMessageId.get(Number(entry))
    if (stored === undefined) throw new ApiError('notFound', 'This message is not on the phone (any more).')
    return stored
  }

  private press(chat: ChatState, action: { entry?: string | undefined; button: string }): StoredMessage[] {
    const [y = 0, x = 0] = action.button.split('.').map(Number)
    if (action.entry === undefined) return [this.pressKeyboard(chat, y, x)]
    const { message } = this.known(chat, action.entry)
    const button = message.reply_markup?.inline_keyboard[y]?.[x]
    if (button === undefined) throw new ApiError('notFound', 'This button is not there (any more).')
    if (button.callback_data === undefined) return []
    const { world } = this
    const id = String(2_384_000_000_000_000_000n + BigInt(Math.floor(world.context.random() * 1e15)))
    chat.bot.callbackQueries.set(id, { at: world.now(), answered: false, text: '' })
    chat.eventSequence += 1
    const stored: StoredMessage = {
      entry: `press-${chat.eventSequence}`,
      from: 'guest',
      at: world.now(),
      body: { kind: 'choice', title: button.text, payload: button.callback_data, of: action.entry },
      state: 'queued',
      refs: [id, `callback:${id}`],
    }
    world.store(chat, stored)
    world.count('presses')
    const query = { id, from: chat.guest.user, message, chat_instance: String(-chat.createdAt), data: button.callback_data }
    const updateId = publish(world, chat.bot, 'callback_query', query, chat.guest.user.id, state => {
      Object.assign(stored, state)
      this.events.entry(chat, stored)
    })
    if (updateId !== undefined) stored.updateId = updateId
    this.events.entry(chat, stored)
    this.events.phone(chat)
    return [stored]
  }

  /** The phone's own keyboard: a press sends the label as text, the guest's number, or the guest's position. */
  private pressKeyboard(chat: ChatState, y: number, x: number): StoredMessage {
    const { keyboard } = chat
    const button = keyboard?.kind === 'keyboard' ? keyboard.markup.keyboard[y]?.[x] : undefined
    if (button === undefined || keyboard?.kind !== 'keyboard') throw new ApiError('notFound', 'This button is not there (any more).')
    if (keyboard.markup.one_time_keyboard === true) chat.keyboard = undefined
    if (button.request_contact === true) {
      const { user } = chat.guest
      return this.write(chat, { contact: { phone_number: '+4312345678', first_name: user.first_name, user_id: user.id } })
    }
    if (button.request_location === true) return this.write(chat, { location: { latitude: 48.2082, longitude: 16.3738 } })
    return this.write(chat, textContent(button.text))
  }

  private edit(chat: ChatState, action: { entry: string; text: string }): StoredMessage {
    const stored = this.held(chat, action.entry)
    if (stored.from !== 'guest' || stored.message?.text === undefined) throw new ApiError('conflict', "Only the guest's own texts can be edited.")
    const now = this.world.now()
    const { entities: _old, ...message } = stored.message
    stored.message = { ...message, ...textContent(action.text), edit_date: Math.floor(now / 1000) }
    stored.editedAt = now
    this.world.count('guestEdits')
    this.publishFor(chat, stored, 'edited_message', stored.message)
    return stored
  }

  private react(chat: ChatState, action: { entry: string; emoji: string; on: boolean }): StoredMessage {
    const stored = this.held(chat, action.entry)
    if (stored.message === undefined) throw new ApiError('conflict', 'This cannot be reacted to.')
    const before = stored.reactions ?? []
    const others = before.filter(reaction => reaction.by !== 'guest')
    const mine = (on: boolean) => (on ? [{ type: 'emoji' as const, emoji: action.emoji }] : [])
    stored.reactions = action.on ? [...others, { emoji: action.emoji, by: 'guest' }] : others
    publish(
      this.world,
      chat.bot,
      'message_reaction',
      {
        chat: wireChat(chat.guest),
        message_id: stored.message.message_id,
        user: chat.guest.user,
        date: Math.floor(this.world.now() / 1000),
        old_reaction: before.filter(reaction => reaction.by === 'guest').map(({ emoji }) => ({ type: 'emoji', emoji })),
        new_reaction: mine(action.on),
      },
      chat.guest.user.id,
      () => undefined,
    )
    this.events.entry(chat, stored)
    return stored
  }

  private block(chat: ChatState, blocked: boolean): void {
    if (chat.blocked === blocked) return
    chat.blocked = blocked
    const bot = chat.bot.user
    const banned = { user: bot, status: 'kicked', until_date: 0 }
    const member = { user: bot, status: 'member' }
    publish(
      this.world,
      chat.bot,
      'my_chat_member',
      {
        chat: wireChat(chat.guest),
        from: chat.guest.user,
        date: Math.floor(this.world.now() / 1000),
        old_chat_member: blocked ? member : banned,
        new_chat_member: blocked ? banned : member,
      },
      chat.guest.user.id,
      () => undefined,
    )
    this.events.phone(chat)
  }
}

function readGuestId(id: string): number {
  if (!/^[1-9]\d{0,15}$/.test(id))
    throw new ApiError('invalid', 'A Telegram user id is a number.', { fields: [{ pointer: '/guest/id', detail: 'is not a number' }] })
  return Number(id)
}
function textContent(text: string): MessageContent {
  const entities = detectEntities(text)
  return { text, ...(entities.length === 0 ? {} : { entities }) }
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
