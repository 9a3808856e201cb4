import type { RequestListener } from 'node:http'
import type { LabContext } from '../../kit/context.ts'
import { ApiServer, type Entry, Messenger } from '../../kit/messenger/index.ts'
import type { Ownership } from '../../kit/simulator.ts'
import type { GuestAction } from '../../protocol.ts'
import { type Bot, type Chat, generousLimits, guestId, newBot, newToken, type Person, type ViberAccount, type ViberLimits } from './account.ts'
import { type ApiParts, accountOf, operationOf, operations, receiverOf, refuse } from './api.ts'
import { viberFaults } from './fault-kinds.ts'
import { Guests, guestActions } from './guest.ts'
import { Sending } from './sending.ts'
import { answerOf } from './status.ts'
import { type Callback, webhookJob } from './webhook.ts'

export { generousLimits, realLimits, type ViberLimits } from './account.ts'

export interface ViberOptions {
  port?: number
  limits?: ViberLimits
  /** default false, so that a fleet without TLS can be tried */
  requireHttps?: boolean
  webhookTimeoutMs?: number
}

/** The simulated Viber: bot accounts and their guests. */
export class Viber extends Messenger<Bot, Person> {
  private readonly guests: Guests
  private readonly sending: Sending
  private readonly options: ViberOptions

  static async start(context: LabContext, owners: Ownership, options: ViberOptions = {}): Promise<Viber> {
    const viber = new Viber(context, owners, options)
    await viber.open(options.port)
    return viber
  }

  private constructor(context: LabContext, owners: Ownership, options: ViberOptions) {
    const facts = { id: 'viber', label: 'Viber', actions: guestActions, faults: viberFaults, operations }
    super(facts, context, owners, { webhookTimeoutMs: options.webhookTimeoutMs ?? 5000 })
    this.options = options
    const tell = (chat: Chat, callback: Callback, entry?: Entry) => {
      const welcomed = callback.event === 'conversation_started' ? (text: string) => void this.sending.welcome(chat, text) : undefined
      this.tell(chat, webhookJob(chat.account, callback, welcomed), entry)
    }
    this.guests = new Guests({ book: this.book, context, url: () => this.url, tell, keyboard: chat => this.sending.keyboard(chat) })
    this.sending = new Sending({
      context,
      guests: this.guests,
      limits: options.limits ?? generousLimits,
      find: (account, guest) => this.book.find(account, guest),
      shown: (chat, operation, { body, pressed, text }, token) => this.shown(chat, operation, { body, refs: [token], data: { pressed }, text }),
      refused: (chat, { body }, why) => void this.refused(chat, { kind: 'text', text: body?.type === 'text' ? body.text : `[${body?.type}]` }, 200, why),
      changed: chat => this.book.changed(chat),
    })
  }

  protected listener(): RequestListener {
    const { context, poster, sending, options } = this
    const parts: ApiParts = {
      ...{ context, poster, sending, limits: options.limits ?? generousLimits, requireHttps: options.requireHttps ?? false },
      accounts: () => this.bots(),
      setWebhook: (account, url) => this.book.setWebhook(account, url),
    }
    return new ApiServer({
      ...{ simulator: this.id, context, faults: this.faults, maxBytes: 2 * 1024 * 1024 },
      route: request => operationOf(parts, request),
      refuse: (hit, request) => {
        if (hit.kind !== 'failsLater') return refuse(hit)
        return answerOf('ok', { message_token: sending.failLater(accountOf(parts, request), receiverOf(request) ?? '') })
      },
      count: counter => this.count(counter),
    }).handle
  }
  protected perform(chat: Chat, action: GuestAction) {
    return this.guests.perform(chat, action)
  }
  protected newGuest() {
    return { id: guestId, data: () => ({ country: 'BG', os: 'android 14', device: 'SM-S911B', apiVersion: 10 }) }
  }

  /** Makes a bot account, as the admin panel does. */
  addBot(wanted: { uri?: string; name?: string; token?: string } = {}): { uri: string; token: string } {
    const { uri = `acme${newToken().slice(0, 8)}`, name = 'Acme Care', token = newToken() } = wanted
    this.book.account(uri, { name, username: uri }, () => newBot(token))
    return { uri, token }
  }
  bot(uri: string): Bot {
    return this.book.accountOf(uri).data
  }
  /** Something that the business hears of a guest and that no guest does, e.g. `client_status`. */
  announce(uri: string, guest: string, event: string, facts: object): void {
    const chat = this.book.find(uri, guest)
    if (chat === undefined) throw new Error('nobody has a phone here')
    this.guests.happened(chat, event, facts)
  }

  private bots(): ViberAccount[] {
    return [...this.book.accounts.values()]
  }
}
