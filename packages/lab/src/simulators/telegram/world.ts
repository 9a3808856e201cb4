import { BoundedMap } from '../../kit/bounded-map.ts'
import type { LabContext } from '../../kit/context.ts'
import type { FaultBoard } from '../../kit/faults/board.ts'
import { KeyedQueues } from '../../kit/keyed-queues.ts'
import type { Poster } from '../../kit/poster.ts'
import { randomToken } from '../../kit/random.ts'
import { TokenBucket } from '../../kit/rate-limit.ts'
import { Ring } from '../../kit/ring.ts'
import { Tally } from '../../kit/tally.ts'
import type { Body, PhoneEntry } from '../../protocol.ts'
import { FileTable } from './files.ts'
import type { Chat, Message, ReplyMarkup, User } from './types.ts'

export interface TelegramLimits {
  perBotPerSecond: number
  perChatPerSecond: number
  perChatBurst: number
}
/** Far above what the platform allows, so that load tests measure the fleet. */
export const generousLimits: TelegramLimits = { perBotPerSecond: 10_000, perChatPerSecond: 200, perChatBurst: 400 }
/** What https://core.telegram.org/bots/faq says. */
export const realLimits: TelegramLimits = { perBotPerSecond: 30, perChatPerSecond: 1, perChatBurst: 3 }

export interface Webhook {
  url: string
  secret: string
  maxConnections: number
  ipAddress: string | undefined
  /** undefined: the default kinds */
  allowed: readonly string[] | undefined
  lastError: { message: string; at: number } | undefined
  first410At: number | undefined
}
export const noWebhook: Webhook = {
  url: '',
  secret: '',
  maxConnections: 40,
  ipAddress: undefined,
  allowed: undefined,
  lastError: undefined,
  first410At: undefined,
}

export interface Bot {
  readonly id: number
  token: string
  user: User
  webhook: Webhook
  readonly queues: KeyedQueues
  readonly bucket: TokenBucket
  readonly callbackQueries: BoundedMap<string, { at: number; answered: boolean; text: string }>
  nextUpdateId: number
  nextMessageId: number
}

export interface Guest {
  user: User
  /** media ids of the profile pictures, newest first */
  avatars: string[]
}

/** A message on a phone: the platform's own form, and what the phone shows beside it. */
export interface StoredMessage {
  entry: string
  from: PhoneEntry['from']
  at: number
  /** absent on entries that are no message (refused sends, events) */
  message?: Message
  body?: Body
  state: PhoneEntry['state']
  attempts?: number
  status?: number
  why?: string
  updateId?: number
  /** further ids by which the fleet may know it */
  refs?: string[]
  editedAt?: number
  deletedAt?: number
  reactions?: { emoji: string; by: 'guest' | 'business' }[]
}

/** A private chat of one guest with one bot. */
export interface ChatState {
  readonly bot: Bot
  readonly guest: Guest
  readonly createdAt: number
  lastAt: number
  started: boolean
  blocked: boolean
  readonly messages: Ring<StoredMessage>
  readonly byMessageId: Map<number, StoredMessage>
  readonly bucket: TokenBucket
  keyboard: Extract<ReplyMarkup, { kind: 'keyboard' | 'force' }> | undefined
  action: { what: string; until: number } | undefined
  eventSequence: number
}

/** One message that a bot sent, kept compactly for assertions. */
export interface SentRecord {
  at: number
  bot: number
  chat: number
  method: string
  messageId: number
  /** text or caption, at most 200 characters */
  text: string
}

export interface WorldOptions {
  limits: TelegramLimits
  /** a well-formed token that nobody has registered makes a bot; false: it is refused */
  acceptUnknownTokens: boolean
  requireHttps: boolean
}

/** Everything that the simulated Telegram knows. */
export class World {
  readonly context: LabContext
  readonly options: WorldOptions
  readonly faults: FaultBoard
  readonly poster: Poster
  readonly bots = new Map<number, Bot>()
  readonly guests = new Map<number, Guest>()
  readonly chats: BoundedMap<string, ChatState>
  readonly files: FileTable
  readonly sent: Ring<SentRecord>
  readonly tally: Tally
  readonly counters: Record<string, number> = {}
  readonly sentListeners = new Set<(record: SentRecord, message: Message) => void>()
  private nextGuestId = 5_550_000_001

  constructor(context: LabContext, faults: FaultBoard, poster: Poster, options: WorldOptions) {
    this.context = context
    this.faults = faults
    this.poster = poster
    this.options = options
    this.chats = new BoundedMap(context.limits.conversations)
    this.files = new FileTable(context.media, context.limits.audit)
    this.sent = new Ring(context.limits.audit)
    this.tally = new Tally(context.limits.ids)
  }

  now(): number {
    return this.context.now().getTime()
  }
  count(counter: string): void {
    this.counters[counter] = (this.counters[counter] ?? 0) + 1
  }

  makeBot(token: string, name: string, username: string): Bot {
    const id = Number(token.split(':')[0])
    const { limits } = this.options
    const bot: Bot = {
      id,
      token,
      user: { id, is_bot: true, first_name: name, username },
      webhook: { ...noWebhook },
      queues: new KeyedQueues(noWebhook.maxConnections),
      bucket: new TokenBucket(limits.perBotPerSecond, limits.perBotPerSecond),
      callbackQueries: new BoundedMap(10_000),
      nextUpdateId: 100_000_000 + Math.floor(this.context.random() * 800_000_000),
      nextMessageId: 1,
    }
    bot.queues.pause()
    this.bots.set(id, bot)
    return bot
  }

  /** The bot that this token opens. Well-formed tokens of unknown bots make one, unless that is switched off. */
  botOf(token: string): Bot | undefined {
    const known = this.bots.get(Number(token.split(':')[0]))
    if (known !== undefined) return known.token === token ? known : undefined
    return this.options.acceptUnknownTokens ? this.makeBot(token, `Bot ${token.split(':')[0]}`, `bot_${token.split(':')[0]}_bot`) : undefined
  }

  newGuestId(): number {
    while (this.guests.has(this.nextGuestId)) this.nextGuestId += 1
    return this.nextGuestId
  }

  chatOf(bot: Bot, guest: number): ChatState | undefined {
    return this.chats.get(chatKey(bot.id, guest))
  }
  openChat(bot: Bot, guest: Guest): ChatState {
    const key = chatKey(bot.id, guest.user.id)
    const existing = this.chats.get(key)
    if (existing !== undefined) return existing
    const { limits } = this.options
    const chat: ChatState = {
      bot,
      guest,
      createdAt: this.now(),
      lastAt: this.now(),
      started: false,
      blocked: false,
      messages: new Ring(this.context.limits.entries),
      byMessageId: new Map(),
      bucket: new TokenBucket(limits.perChatPerSecond, limits.perChatBurst),
      keyboard: undefined,
      action: undefined,
      eventSequence: 0,
    }
    this.chats.set(key, chat)
    return chat
  }

  /** Adds to the phone; what falls out of its history can no longer be edited or answered. */
  store(chat: ChatState, stored: StoredMessage): void {
    const fallen = chat.messages.push(stored)
    if (fallen?.message !== undefined) chat.byMessageId.delete(fallen.message.message_id)
    if (stored.message !== undefined) chat.byMessageId.set(stored.message.message_id, stored)
    chat.lastAt = stored.at
    this.chats.touch(chatKey(chat.bot.id, chat.guest.user.id))
  }

  reset(): void {
    this.chats.clear()
    this.guests.clear()
    this.sent.clear()
    this.tally.clear()
    this.files.clear()
    for (const bot of this.bots.values()) {
      bot.queues.clear()
      bot.callbackQueries.clear()
    }
    for (const name of Object.keys(this.counters)) delete this.counters[name]
  }
}

export function chatKey(bot: number, guest: number): string {
  return `${bot}:${guest}`
}
export function wireChat({ user }: Guest): Chat {
  return {
    id: user.id,
    type: 'private',
    first_name: user.first_name,
    ...(user.last_name === undefined ? {} : { last_name: user.last_name }),
    ...(user.username === undefined ? {} : { username: user.username }),
  }
}
export function newBotToken(id: number): string {
  return `${id}:${randomToken(26).padEnd(35, 'A').slice(0, 35)}`
}
