import { ApiError } from '@um/shared/errors'
import { newest } from '../../kit/bounded-map.ts'
import type { LabContext } from '../../kit/context.ts'
import { FaultBoard } from '../../kit/faults/board.ts'
import { Listener } from '../../kit/listener.ts'
import { Poster } from '../../kit/poster.ts'
import type { GuestSide, Ownership, Simulator } from '../../kit/simulator.ts'
import type { Account, Audit, GuestAction, GuestActionInput, GuestActionResult, List, NewPhone, Phone, PhoneTimeline, PlatformInfo } from '../../protocol.ts'
import { GuestAction as GuestActionSchema } from '../../protocol.ts'
import { TelegramEvents } from './events.ts'
import { telegramFaults } from './fault-kinds.ts'
import { Guests, guestActions } from './guest.ts'
import { operations, TelegramServer } from './server.ts'
import type { Message } from './types.ts'
import { accountView, entryView, phoneId, phoneView, platform } from './view.ts'
import { type Bot, type ChatState, generousLimits, newBotToken, type SentRecord, type TelegramLimits, World } from './world.ts'

export { generousLimits, realLimits, type SentRecord, type TelegramLimits } from './world.ts'

export interface TelegramOptions {
  port?: number
  limits?: TelegramLimits
  /** a well-formed token that nobody registered makes a bot (default); false: it is refused with 401 */
  acceptUnknownTokens?: boolean
  /** default false, so that a fleet without TLS can be tried */
  requireHttps?: boolean
  webhookTimeoutMs?: number
}

/** The simulated Telegram. */
export class Telegram implements Simulator, GuestSide {
  readonly id = platform
  readonly label = 'Telegram'
  readonly platform: PlatformInfo = { id: platform, label: 'Telegram', simulator: platform, actions: guestActions }
  readonly faults: FaultBoard
  private readonly world: World
  private readonly events: TelegramEvents
  private readonly guests: Guests
  private readonly poster: Poster
  private readonly context: LabContext
  private listener: Listener | undefined

  static async start(context: LabContext, owners: Ownership, options: TelegramOptions = {}): Promise<Telegram> {
    const telegram = new Telegram(context, owners, options)
    telegram.listener = await Listener.open(new TelegramServer(telegram.world, telegram.events).handle, context.host, options.port ?? 0)
    return telegram
  }

  private constructor(context: LabContext, owners: Ownership, options: TelegramOptions) {
    this.context = context
    this.faults = new FaultBoard({
      simulator: platform,
      label: 'Telegram',
      kinds: telegramFaults,
      operations,
      changed: () => context.faultsChanged(),
      now: () => context.now(),
    })
    this.faults.onDown = isDown => (isDown ? this.open().down() : this.open().raise())
    this.poster = new Poster({ timeoutMs: options.webhookTimeoutMs ?? 60_000, maxSockets: 200 })
    this.world = new World(context, this.faults, this.poster, {
      limits: options.limits ?? generousLimits,
      acceptUnknownTokens: options.acceptUnknownTokens ?? true,
      requireHttps: options.requireHttps ?? false,
    })
    this.events = new TelegramEvents(this.world, owners)
    this.guests = new Guests(this.world, this.events)
  }

  /** For a tenant's `apiUrl`. */
  get url(): string {
    return `http://${this.context.publicHost}:${this.open().port}`
  }
  get isUp(): boolean {
    return this.open().isUp
  }
  counters(): Record<string, number> {
    let pending = 0
    for (const bot of this.world.bots.values()) pending += bot.queues.size
    return { ...this.world.counters, repeats: this.world.tally.repeats, pending }
  }
  audit(): Audit {
    return { simulator: platform, counters: this.counters(), repeated: this.world.tally.repeated() }
  }
  reset(): void {
    this.world.reset()
  }
  async close(): Promise<void> {
    this.faults.close()
    for (const bot of this.world.bots.values()) bot.queues.close()
    await this.listener?.down()
    this.poster.close()
  }

  /** Registers a bot, as BotFather does; without a token one is made up. Returns its token. */
  addBot(wanted: { token?: string; name?: string; username?: string } = {}): { id: number; token: string } {
    const token = wanted.token ?? newBotToken(7_000_000_000 + Math.floor(this.context.random() * 999_999_999))
    const id = Number(token.split(':')[0])
    const bot = this.world.bots.get(id) ?? this.world.makeBot(token, '', '')
    bot.token = token
    bot.user = { ...bot.user, first_name: wanted.name ?? 'Acme Care', username: wanted.username ?? `acme_${id}_bot` }
    this.events.account(bot)
    return { id, token }
  }
  /** Replaces the token as BotFather's /revoke does: the old one is refused from now on. */
  revokeToken(bot: number): string {
    const known = this.botOf(String(bot))
    known.token = newBotToken(bot)
    return known.token
  }

  accounts(): Account[] {
    return [...this.world.bots.values()].map(bot => accountView(bot, this.events.owners))
  }
  phones(limit: number): List<Phone> {
    const { items, more } = newest(this.world.chats, limit)
    return { items: items.map(chat => phoneView(this.world, chat, this.events.owners)), more }
  }
  timeline(phone: string, limit: number): PhoneTimeline {
    const chat = this.chatOf(phone)
    return {
      phone: phoneView(this.world, chat, this.events.owners),
      entries: chat.messages.last(limit).map(stored => entryView(this.world, chat, stored)),
      truncated: chat.messages.total > Math.min(limit, chat.messages.size),
    }
  }
  openPhone(account: string, guest: NonNullable<NewPhone['guest']>): { phone: Phone; created: boolean } {
    const { chat, created } = this.guests.open(this.botOf(account), guest)
    return { phone: phoneView(this.world, chat, this.events.owners), created }
  }
  removePhone(phone: string): void {
    const chat = this.chatOf(phone)
    this.world.chats.delete(`${chat.bot.id}:${chat.guest.user.id}`)
    this.events.removed(chat.bot.id, chat.guest.user.id)
  }
  async act(phone: string, action: GuestAction): Promise<GuestActionResult> {
    return this.guests.act(this.chatOf(phone), action)
  }

  /** For tests: a guest of a bot, opened when new. */
  guest(bot: number, id: number, name?: string): { phone: string; do(action: GuestActionInput): GuestActionResult; timeline(): PhoneTimeline } {
    const { chat } = this.guests.open(this.botOf(String(bot)), { id: String(id), ...(name === undefined ? {} : { name }) })
    const phone = phoneId(bot, id)
    return {
      phone,
      do: action => this.guests.act(chat, GuestActionSchema.parse(action)),
      timeline: () => this.timeline(phone, this.context.limits.entries),
    }
  }
  /** All messages that bots sent, oldest first (bounded by `limits.audit`). */
  sent(wanted: { bot?: number; chat?: number } = {}): SentRecord[] {
    return this.world.sent
      .all()
      .filter(record => (wanted.bot === undefined || record.bot === wanted.bot) && (wanted.chat === undefined || record.chat === wanted.chat))
  }
  /** Calls back at each message that a bot sends; returns what ends it. */
  onSent(listener: (record: SentRecord, message: Message) => void): () => void {
    this.world.sentListeners.add(listener)
    return () => this.world.sentListeners.delete(listener)
  }
  /** Updates that wait for their webhook. */
  pendingUpdates(bot: number): number {
    return this.world.bots.get(bot)?.queues.size ?? 0
  }
  /** What the bot answered to a press; undefined: nothing yet. */
  callbackAnswers(bot: number): { id: string; answered: boolean; text: string }[] {
    return [...this.botOf(String(bot)).callbackQueries].map(([id, { answered, text }]) => ({ id, answered, text }))
  }

  private open(): Listener {
    if (this.listener === undefined) throw new Error('the simulator has not started')
    return this.listener
  }
  private botOf(account: string): Bot {
    const bot = this.world.bots.get(Number(account))
    if (bot === undefined) throw new ApiError('notFound', 'This bot is not known.')
    return bot
  }
  private chatOf(phone: string): ChatState {
    const chat = this.world.chats.get(phone.slice(platform.length + 1))
    if (chat === undefined) throw new ApiError('notFound', 'This phone is not known (any more).')
    return chat
  }
}
