import type { RequestListener } from 'node:http'
import type { LabContext } from '../../kit/context.ts'
import { ApiServer, type Entry, Messenger } from '../../kit/messenger/index.ts'
import type { Ownership } from '../../kit/simulator.ts'
import type { GuestAction } from '../../protocol.ts'
import { type Application, type Chat, generousLimits, newAccount, type Oa, type OfficialAccount, type Person, userId, type ZaloLimits } from './account.ts'
import { type ApiParts, operationOf, operations, refuse } from './api.ts'
import { Console } from './console.ts'
import { zaloFaults } from './fault-kinds.ts'
import { Guests, guestActions, ofAccount } from './guest.ts'
import { Sending } from './sending.ts'
import { TokenDesk } from './tokens.ts'
import { eventJob, type ZaloEvent } from './webhook.ts'

export { newApplication, realLimits, type ZaloLimits } from './account.ts'

export interface ZaloOptions {
  port?: number
  limits?: ZaloLimits
  /** factor of the lives of tokens */
  tokenScale?: number
  /** Zalo waits two seconds */
  webhookTimeoutMs?: number
}

/** The simulated Zalo: Official Accounts, each linked to an application, and their guests. */
export class Zalo extends Messenger<OfficialAccount, Person> {
  readonly console: Console
  readonly tokens: TokenDesk
  private readonly guests: Guests
  private readonly apiParts: ApiParts
  private readonly limits: ZaloLimits

  static async start(context: LabContext, owners: Ownership, options: ZaloOptions = {}): Promise<Zalo> {
    const zalo = new Zalo(context, owners, options)
    await zalo.open(options.port)
    return zalo
  }

  private constructor(context: LabContext, owners: Ownership, options: ZaloOptions) {
    const facts = { id: 'zalo', label: 'Zalo', actions: guestActions, faults: zaloFaults, operations }
    super(facts, context, owners, { webhookTimeoutMs: options.webhookTimeoutMs ?? 2000 })
    this.limits = options.limits ?? generousLimits
    const address = (media: string) => `${this.url}/cdn/${media}`
    const find = (account: Oa, guest: string) => this.book.find(account.id, guest)
    const tell = (chat: Chat, event: ZaloEvent, entry?: Entry) =>
      this.tell(
        chat,
        eventJob(chat.account, event, () => this.now()),
        entry,
      )
    this.tokens = new TokenDesk({ accounts: () => [...this.book.accounts.values()], now: () => this.now(), scale: options.tokenScale ?? 1 })
    const sending = new Sending({
      ...{ context, find },
      show: (chat, id, { body, buttons, presses }, text) =>
        void this.shown(chat, 'message', { body, ...(buttons === undefined ? {} : { buttons }), refs: [id], data: { presses }, text }),
      refuse: (chat, body, error) => void this.refused(chat, body, 200, error.message),
      announce: (chat, id, kind, text) => {
        const message = { msg_id: id, ...(text === '' ? {} : { text }) }
        tell(chat, { event_name: kind === 'text' ? 'oa_send_text' : 'oa_send_template', ...ofAccount(chat), message })
        tell(chat, { event_name: 'user_received_message', ...ofAccount(chat), message: { msg_id: id } })
      },
    })
    this.apiParts = { context, sending, tokens: this.tokens, find, address }
    this.guests = new Guests({ book: this.book, context, address, tell })
    this.console = new Console(this.poster)
  }

  protected listener(): RequestListener {
    const { context, faults, apiParts } = this
    const route = (request: Parameters<typeof operationOf>[1]) => operationOf(apiParts, request)
    return new ApiServer({ simulator: this.id, context, faults, route, refuse, count: counter => this.count(counter) }).handle
  }
  protected perform(chat: Chat, action: GuestAction) {
    return this.guests.perform(chat, action)
  }
  protected newGuest() {
    return { id: userId, data: (): Person => ({ follows: false, lastAt: undefined }) }
  }

  addAccount(wanted: { oaId: string; name: string; app: Application }): Oa {
    const { oaId, name, app } = wanted
    return this.book.account(oaId, { name, concurrency: 40 }, () => newAccount(app, this.limits))
  }
  /** Somebody writes to a guest in the account's own pages. */
  writeByHand(account: string, guest: string, text: string): void {
    const chat = this.book.find(account, guest)
    if (chat === undefined) return
    const id = `by-hand-${this.now()}`
    this.book.add(chat, { from: 'business', body: { kind: 'text', text }, state: 'shown', refs: [id], data: {} })
    this.tell(
      chat,
      eventJob(chat.account, { event_name: 'oa_send_text', ...ofAccount(chat), message: { msg_id: id, text } }, () => this.now()),
    )
  }
}
