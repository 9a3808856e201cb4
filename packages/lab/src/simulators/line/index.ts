import type { RequestListener } from 'node:http'
import type { LabContext } from '../../kit/context.ts'
import { ApiServer, Messenger } from '../../kit/messenger/index.ts'
import { randomToken } from '../../kit/random.ts'
import type { Ownership } from '../../kit/simulator.ts'
import type { GuestAction } from '../../protocol.ts'
import { type Channel, generousLimits, hexId, type LineLimits, newChannel, type Person } from './account.ts'
import { type ApiParts, operationOf, operations, refuse } from './api.ts'
import { lineFaults } from './fault-kinds.ts'
import { type Chat, Guests, guestActions } from './guest.ts'
import { Sending } from './sending.ts'
import { TokenDesk } from './tokens.ts'
import { type LineAccount, type LineEvent, webhookJob } from './webhook.ts'

export { generousLimits, type LineLimits, realLimits } from './account.ts'

export interface LineOptions {
  port?: number
  limits?: LineLimits
  /** factor of the lives of access tokens */
  tokenScale?: number
  /** default false, so that a fleet without TLS can be tried */
  requireHttps?: boolean
  /** LINE waits two seconds */
  webhookTimeoutMs?: number
}
export interface NewChannel {
  botUserId?: string
  channelId?: string
  channelSecret?: string
  name?: string
  username?: string
  longLivedToken?: string
  switcherSecret?: string
  /** messages a month */
  quota?: number
}

/** The simulated LINE: official accounts with a Messaging API channel, and their guests. */
export class Line extends Messenger<Channel, Person> {
  readonly tokens: TokenDesk
  private readonly guests: Guests
  private readonly sending: Sending
  private readonly limits: LineLimits
  private readonly requireHttps: boolean

  static async start(context: LabContext, owners: Ownership, options: LineOptions = {}): Promise<Line> {
    const line = new Line(context, owners, options)
    await line.open(options.port)
    return line
  }

  private constructor(context: LabContext, owners: Ownership, options: LineOptions) {
    const facts = { id: 'line', label: 'LINE', actions: guestActions, faults: lineFaults, operations }
    super(facts, context, owners, { webhookTimeoutMs: options.webhookTimeoutMs ?? 2000 })
    this.limits = options.limits ?? generousLimits
    this.requireHttps = options.requireHttps ?? false
    this.tokens = new TokenDesk({ channels: () => this.channels().map(({ data }) => data), now: () => this.now(), scale: options.tokenScale ?? 1 })
    const tell = (chat: Chat, event: LineEvent, entry?: Parameters<Messenger<Channel, Person>['tell']>[2]) =>
      this.tell(
        chat,
        webhookJob(chat.account, event, () => this.now()),
        entry,
      )
    this.guests = new Guests({ book: this.book, context, tell })
    this.sending = new Sending({
      context,
      guests: this.guests,
      limits: this.limits,
      requireHttps: this.requireHttps,
      find: (account, guest) => this.book.find(account, guest),
      chats: account => [...this.book.chats.values()].filter(chat => chat.account === account),
      shown: (chat, operation, { body, buttons, actions, text }, id) =>
        this.shown(chat, operation, { body, ...(buttons === undefined ? {} : { buttons }), refs: [id], data: { actions }, text }),
      refused: (chat, { body }, why) => void this.refused(chat, body, 200, why),
      happened: (chat, what, text) => void this.book.add(chat, { from: 'system', body: { kind: 'event', what, text }, state: 'shown' }),
      typing: (chat, milliseconds) => this.book.setTyping(chat, milliseconds),
      tell,
    })
  }

  protected listener(): RequestListener {
    const { context, poster, sending, tokens, limits, requireHttps } = this
    const parts: ApiParts = {
      context,
      poster,
      sending,
      tokens,
      limits,
      requireHttps,
      accounts: () => this.channels(),
      setWebhook: (account, url) => this.enter(account, url),
    }
    return new ApiServer({
      simulator: this.id,
      context,
      faults: this.faults,
      route: request => operationOf(parts, request),
      refuse,
      maxBytes: 2 * 1024 * 1024,
      count: counter => this.count(counter),
    }).handle
  }
  protected perform(chat: Chat, action: GuestAction) {
    return this.guests.perform(chat, action)
  }
  protected newGuest() {
    const digits = () => String(Math.floor(this.context.random() * 1e8)).padStart(8, '0')
    return { id: () => hexId('U'), data: () => ({ phone: `+8190${digits()}` }) }
  }

  /** Makes an official account with its channel, as the LINE Developers console does. */
  addChannel(wanted: NewChannel = {}): { botUserId: string; channelId: string; channelSecret: string; token: string } {
    const botUserId = wanted.botUserId ?? hexId('U')
    const longLivedToken = wanted.longLivedToken ?? randomToken(64)
    const channelSecret = wanted.channelSecret ?? hexId('')
    const channelId = wanted.channelId ?? `20${String(Math.floor(this.context.random() * 1e8)).padStart(8, '0')}`
    const { switcherSecret, quota } = wanted
    const more = { ...(switcherSecret === undefined ? {} : { switcherSecret }), ...(quota === undefined ? {} : { quota }) }
    this.book.account(botUserId, { name: wanted.name ?? 'Acme Care', username: wanted.username ?? 'acme' }, () =>
      newChannel({ channelId, channelSecret, longLivedToken, ...more }),
    )
    return { botUserId, channelId, channelSecret, token: longLivedToken }
  }
  channel(botUserId: string): Channel {
    return this.book.accountOf(botUserId).data
  }
  /** Issues another long-lived token, as the console does: the old one is refused from now on, and so are all that were issued over the API. */
  reissueToken(botUserId: string, token: string | undefined = randomToken(64)): string | undefined {
    const channel = this.channel(botUserId)
    channel.longLivedToken = token
    channel.tokens.clear()
    return token
  }
  /** The switch "Use webhook". */
  useWebhook(botUserId: string, active: boolean): void {
    const account = this.book.accountOf(botUserId)
    account.data.webhookActive = active
    this.enter(account, account.webhookUrl)
  }
  phoneNumber(botUserId: string, guest: string): string | undefined {
    return this.book.find(botUserId, guest)?.guest.data.phone
  }
  /** Something that concerns the account and no guest, e.g. `botSuspended`. */
  announce(botUserId: string, guest: string, event: { type: string; [member: string]: unknown }): void {
    const chat = this.book.find(botUserId, guest)
    if (chat === undefined) throw new Error('nobody has a phone here')
    const { source: _source, ...made } = this.guests.event(chat, event, false)
    this.tell(
      chat,
      webhookJob(chat.account, made as LineEvent, () => this.now()),
    )
  }

  private channels(): LineAccount[] {
    return [...this.book.accounts.values()]
  }
  /** LINE knows the address although it does not use it. */
  private enter(account: LineAccount, url: string): void {
    this.book.setWebhook(account, url)
    if (!account.data.webhookActive) account.queues.pause()
  }
}
