import { ApiError } from '@um/shared/errors'
import type { StoredMedia } from '../../kit/media-store.ts'
import { detectEntities } from './entities.ts'
import type { TelegramEvents } from './events.ts'
import type { Message, MessageContent, UpdateKind, UpdatePayloads } from './types.ts'
import { publish } from './updates.ts'
import { type ChatState, type StoredMessage, type World, wireChat } from './world.ts'

/** What all actions of guests come down to: something on the phone, and an update for the bot. */
export class GuestWriter {
  readonly world: World
  private readonly events: TelegramEvents

  constructor(world: World, events: TelegramEvents) {
    this.world = world
    this.events = events
  }

  /** A message of the guest. */
  write(chat: ChatState, content: MessageContent, replyTo?: string): StoredMessage {
    if (chat.blocked) throw new ApiError('conflict', 'The guest has blocked the bot; unblock it first.')
    const now = this.world.now()
    const replied = replyTo === undefined ? undefined : this.messageOf(chat, replyTo)
    chat.started = true
    const message: Message = {
      message_id: chat.bot.nextMessageId,
      from: chat.guest.user,
      chat: wireChat(chat.guest),
      date: Math.floor(now / 1000),
      ...(replied === undefined ? {} : { reply_to_message: replied }),
      ...content,
    }
    chat.bot.nextMessageId += 1
    const stored: StoredMessage = { entry: String(message.message_id), from: 'guest', at: now, message, state: 'queued' }
    this.world.count('messagesWritten')
    this.add(chat, stored, 'message', message)
    return stored
  }

  /** A new entry on the phone, and the update that tells of it. */
  add<K extends UpdateKind>(chat: ChatState, stored: StoredMessage, kind: K, payload: UpdatePayloads[K]): void {
    this.world.store(chat, stored)
    const updateId = this.tell(chat, kind, payload, stored)
    if (updateId !== undefined) stored.updateId = updateId
    this.events.phone(chat)
  }

  /** An update; `stored` shows how its delivery fares. */
  tell<K extends UpdateKind>(chat: ChatState, kind: K, payload: UpdatePayloads[K], stored?: StoredMessage): number | undefined {
    const updateId = publish(this.world, chat.bot, kind, payload, chat.guest.user.id, state => {
      if (stored === undefined) return
      Object.assign(stored, state)
      this.events.entry(chat, stored)
    })
    if (stored !== undefined) this.events.entry(chat, stored)
    return updateId
  }

  /** Something about the phone itself has changed. */
  changed(chat: ChatState, stored?: StoredMessage): void {
    if (stored === undefined) this.events.phone(chat)
    else this.events.entry(chat, stored)
  }

  entryOf(chat: ChatState, entry: string): StoredMessage {
    const stored = chat.byMessageId.get(Number(entry))
    if (stored === undefined) throw new ApiError('notFound', 'This message is not on the phone (any more).')
    return stored
  }
  messageOf(chat: ChatState, entry: string): Message {
    const { message } = this.entryOf(chat, entry)
    if (message === undefined) throw new ApiError('notFound', 'This message is not on the phone (any more).')
    return message
  }
  upload(id: string): StoredMedia {
    const stored = this.world.context.media.get(id)
    if (stored === undefined) throw new ApiError('invalid', 'The upload is not known (any more).', { fields: [{ pointer: '/upload', detail: 'is not known' }] })
    return stored
  }
}

export function textContent(text: string): MessageContent {
  const entities = detectEntities(text)
  return { text, ...(entities.length === 0 ? {} : { entities }) }
}
