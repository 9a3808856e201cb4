import { randomInt } from 'node:crypto'
import type { RequestListener } from 'node:http'
import type { LabContext } from '../../kit/context.ts'
import { ApiServer, type Entry, Messenger } from '../../kit/messenger/index.ts'
import { randomToken } from '../../kit/random.ts'
import type { Ownership } from '../../kit/simulator.ts'
import type { GuestAction } from '../../protocol.ts'
import { type Chat, type NewAccount, newAccount, type OfficialAccount, openId, type Person } from './account.ts'
import { type ApiParts, operationOf, operations, refuse } from './api.ts'
import { sign } from './crypto.ts'
import { wechatFaults } from './fault-kinds.ts'
import { Guests, guestActions } from './guest.ts'
import { type Push, webhookJob } from './push.ts'
import { Sending } from './sending.ts'
import { TokenDesk } from './tokens.ts'

export { generousAnswers, realAnswers } from './account.ts'

export interface WechatOptions {
  port?: number
  /** factor of the lives of access tokens */
  tokenScale?: number
  /** WeChat waits five seconds */
  webhookTimeoutMs?: number
}

/** The simulated WeChat: official accounts and their followers. */
export class Wechat extends Messenger<OfficialAccount, Person> {
  private readonly tokens: TokenDesk
  private readonly guests: Guests
  private readonly sending: Sending

  static async start(context: LabContext, owners: Ownership, options: WechatOptions = {}): Promise<Wechat> {
    const wechat = new Wechat(context, owners, options)
    await wechat.open(options.port)
    return wechat
  }

  private constructor(context: LabContext, owners: Ownership, options: WechatOptions) {
    const facts = { id: 'wechat', label: 'WeChat', actions: guestActions, faults: wechatFaults, operations }
    super(facts, context, owners, { webhookTimeoutMs: options.webhookTimeoutMs ?? 5000 })
    const accounts = () => [...this.book.accounts.values()]
    this.tokens = new TokenDesk({ accounts, now: () => this.now(), scale: options.tokenScale ?? 1 })
    this.guests = new Guests({ book: this.book, context, url: () => this.url, tell: (chat, push, entry) => this.push(chat, push, entry) })
    this.sending = new Sending({
      context,
      find: (account, guest) => this.book.find(account, guest),
      shown: (chat, operation, { body, buttons, data, text }, id) =>
        this.shown(chat, operation, { body, ...(buttons === undefined ? {} : { buttons }), refs: [id], data, text }),
      refused: (chat, body, why) => void this.refused(chat, body, 200, why),
      typing: (chat, milliseconds) => this.book.setTyping(chat, milliseconds),
    })
  }

  protected listener(): RequestListener {
    const { context, sending, tokens } = this
    const accounts = () => [...this.book.accounts.values()]
    const parts: ApiParts = { context, sending, tokens, accounts, find: (account, guest) => this.book.find(account, guest), url: () => this.url }
    return new ApiServer({
      simulator: this.id,
      context,
      faults: this.faults,
      route: request => operationOf(parts, request),
      refuse,
      count: counter => this.count(counter),
    }).handle
  }
  protected perform(chat: Chat, action: GuestAction): Entry[] {
    return this.guests.perform(chat, action)
  }
  protected newGuest() {
    return { id: openId, data: (): Person => ({ unionId: openId(), subscribedAt: this.now(), scene: '', exchangedAt: 0 }) }
  }

  /** Makes an official account, named by its original ID. */
  addAccount(wanted: NewAccount & { originalId?: string; name?: string } = {}): { originalId: string } & OfficialAccount {
    const {
      originalId = `gh_${randomInt(16 ** 6)
        .toString(16)
        .padStart(12, '0')}`,
      name = 'Acme Care',
      ...more
    } = wanted
    const { data } = this.book.account(originalId, { name, username: 'acme' }, () => newAccount(more))
    return Object.assign(data, { originalId })
  }
  account(originalId: string): OfficialAccount {
    return this.book.accountOf(originalId).data
  }
  /** The page Server configuration of the console: the address is taken once it answers as one that knows the token. */
  async saveServerUrl(originalId: string, url: string): Promise<void> {
    const account = this.book.accountOf(originalId)
    const [timestamp, nonce, echostr] = [String(Math.floor(this.now() / 1000)), String(randomInt(1e9)), String(randomInt(2 ** 40))]
    const query = new URLSearchParams({ signature: sign(account.data.token, timestamp, nonce), timestamp, nonce, echostr })
    const answer = await fetch(`${url}?${query}`, { signal: AbortSignal.timeout(5000) })
    const text = await answer.text()
    if (!answer.ok || text !== echostr) throw new Error(`the server did not answer the handshake (${answer.status})`)
    this.book.setWebhook(account, url)
  }
  /** Ends all access tokens, as another program does that asks for one. */
  endTokens(originalId: string): void {
    const { data } = this.book.accountOf(originalId)
    data.predecessors.length = 0
    for (const kind of ['stable', 'classic'] as const) if (data[kind] !== undefined) data[kind] = { ...data[kind], token: randomToken(100) }
  }
  /** Something else that WeChat tells of a guest. */
  announce(originalId: string, guest: string, event: Omit<Push, 'MsgType'> & { Event: string }): void {
    const chat = this.book.find(originalId, guest)
    if (chat === undefined) throw new Error('this guest has no phone here')
    this.push(chat, { MsgType: 'event', ...event })
  }

  private push(chat: Chat, push: Push, entry?: Entry): void {
    const replied = (reply: { text?: string } | 'broken'): void => {
      if (reply === 'broken') {
        this.book.add(chat, {
          from: 'system',
          body: { kind: 'event', what: 'broken', text: 'The service of this account is out of order, please try again later' },
          state: 'shown',
        })
      } else if (reply.text !== undefined) {
        this.shown(chat, 'passive', { body: { kind: 'text', text: reply.text }, text: reply.text })
      }
    }
    this.tell(chat, webhookJob(chat.account, chat.guest.id, push, { now: () => this.now(), replied }), entry)
  }
}
