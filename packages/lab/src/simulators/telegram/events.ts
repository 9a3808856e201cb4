import type { EventHub } from '../../kit/event-hub.ts'
import type { Ownership } from '../../kit/simulator.ts'
import { accountView, entryView, phoneId, phoneView } from './view.ts'
import { type Bot, type ChatState, chatKey, type StoredMessage, type World } from './world.ts'

/** Tells the live stream what changed on phones and accounts. */
export class TelegramEvents {
  private readonly world: World
  private readonly hub: EventHub
  readonly owners: Ownership

  constructor(world: World, owners: Ownership) {
    this.world = world
    this.hub = world.context.events
    this.owners = owners
  }

  phone(chat: ChatState): void {
    const id = phoneId(chat.bot.id, chat.guest.user.id)
    this.hub.touch(`phone:${id}`, () =>
      this.world.chats.has(chatKey(chat.bot.id, chat.guest.user.id)) ? { type: 'phone', phone: phoneView(this.world, chat, this.owners) } : undefined,
    )
  }
  entry(chat: ChatState, stored: StoredMessage): void {
    const id = phoneId(chat.bot.id, chat.guest.user.id)
    this.hub.touch(`entry:${id}:${stored.entry}`, () => ({ type: 'phoneEntry', entry: entryView(this.world, chat, stored) }))
  }
  account(bot: Bot): void {
    this.hub.touch(`account:telegram:${bot.id}`, () => ({ type: 'account', account: accountView(bot, this.owners) }))
  }
  removed(bot: number, guest: number): void {
    const id = phoneId(bot, guest)
    this.hub.touch(`phone:${id}`, () => ({ type: 'phoneRemoved', phone: id }))
  }
}
