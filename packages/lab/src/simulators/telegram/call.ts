import { mediaView } from '../../kit/media-store.ts'
import { badRequest, forbidden, tooManyRequests } from './errors.ts'
import type { TelegramEvents } from './events.ts'
import { readMarkup } from './markup.ts'
import type { Params } from './params.ts'
import type { Message, MessageContent, ReplyMarkup } from './types.ts'
import { type Bot, type ChatState, type StoredMessage, type World, wireChat } from './world.ts'

/** One call of a method, authenticated. */
export interface Call {
  readonly world: World
  readonly bot: Bot
  /** as the caller spelled it */
  readonly method: string
  readonly params: Params
  readonly events: TelegramEvents
}
/** Returns `result`; throws BotApiError. */
export type Method = (call: Call) => unknown

/** The chat that the call names, if this bot may write there. */
export function writableChat(call: Call): ChatState {
  const chat = namedChat(call)
  if (chat.blocked) throw forbidden('bot was blocked by the user')
  return chat
}

export function namedChat(call: Call): ChatState {
  const { world, bot } = call
  const named = call.params.text('chat_id')
  if (named === '') throw badRequest('chat_id is empty')
  if (!/^-?\d{1,16}$/.test(named)) throw badRequest('chat not found')
  const guest = Number(named)
  const chat = world.chatOf(bot, guest)
  if (chat === undefined) throw badRequest('chat not found')
  if (!chat.started) throw forbidden("bot can't initiate conversation with a user")
  return chat
}

/** Counts a message against the bot's and the chat's rates. */
export function obeyRates(call: Call, chat: ChatState, messages = 1): void {
  const now = call.world.now()
  for (let taken = 0; taken < messages; taken += 1) {
    const waitMs = Math.max(call.bot.bucket.take(now), chat.bucket.take(now))
    if (waitMs > 0) {
      call.world.count('rateLimited')
      throw tooManyRequests(Math.max(1, Math.ceil(waitMs / 1000)))
    }
  }
}

/** The message that this one answers, as far as the chat remembers. */
export function repliedMessage(call: Call, chat: ChatState): Message | undefined {
  const value = call.params.json('reply_parameters', 'reply parameters')
  const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  const id = Number(given?.message_id ?? call.params.text('reply_to_message_id'))
  if (!id) return undefined
  const replied = chat.byMessageId.get(id)
  if (replied?.message !== undefined && replied.deletedAt === undefined) {
    const { reply_to_message: _nested, ...message } = replied.message
    return message
  }
  if (given?.allow_sending_without_reply === true || call.params.flag('allow_sending_without_reply')) return undefined
  throw badRequest('message to be replied not found')
}

/** Sends: stores the message on the guest's phone and returns it in the platform's form. */
export function send(call: Call, chat: ChatState, content: MessageContent, markup: ReplyMarkup | undefined = readMarkup(call.params)): Message {
  const { world, bot, events } = call
  const now = world.now()
  const replied = repliedMessage(call, chat)
  const message: Message = {
    message_id: bot.nextMessageId,
    from: bot.user,
    chat: wireChat(chat.guest),
    date: Math.floor(now / 1000),
    ...(replied === undefined ? {} : { reply_to_message: replied }),
    ...content,
    ...(markup?.kind === 'inline' && markup.markup.inline_keyboard.length > 0 ? { reply_markup: markup.markup } : {}),
    ...(call.params.flag('protect_content') ? { has_protected_content: true } : {}),
  }
  bot.nextMessageId += 1
  applyKeyboard(chat, markup)
  chat.action = undefined
  const stored: StoredMessage = { entry: String(message.message_id), from: 'business', at: now, message, state: 'shown' }
  world.store(chat, stored)
  const text = (message.text ?? message.caption ?? '').slice(0, 200)
  const record = { at: now, bot: bot.id, chat: chat.guest.user.id, method: call.method, messageId: message.message_id, text }
  world.sent.push(record)
  world.tally.count(`${chat.guest.user.id} ${call.method} ${message.media_group_id ?? ''} ${text}`)
  world.count('messagesReceived')
  for (const listener of world.sentListeners) listener(record, message)
  events.entry(chat, stored)
  events.phone(chat)
  return message
}

function applyKeyboard(chat: ChatState, markup: ReplyMarkup | undefined): void {
  if (markup?.kind === 'keyboard' || markup?.kind === 'force') chat.keyboard = markup
  if (markup?.kind === 'remove') chat.keyboard = undefined
}

/** A send that was refused stands on the phone too, so that people see what the fleet tried. */
export function noteRefusal(call: Call, status: number, why: string): void {
  const { world, bot, params } = call
  const chat = world.chatOf(bot, Number(params.text('chat_id')))
  if (chat === undefined) return
  chat.eventSequence += 1
  const text = params.text('text') || params.text('caption')
  const file = [...params.files.values()][0]
  const shown = file === undefined ? undefined : world.context.media.put(file)
  const stored: StoredMessage = {
    entry: `refused-${chat.eventSequence}`,
    from: 'business',
    at: world.now(),
    body: text !== '' ? { kind: 'text', text } : shown === undefined ? { kind: 'other', what: call.method } : { kind: 'file', media: mediaView(shown) },
    state: 'refused',
    status,
    why,
  }
  world.store(chat, stored)
  call.events.entry(chat, stored)
  call.events.phone(chat)
}
