import type { RequestListener } from 'node:http'
import { ApiError } from '@um/shared/errors'
import type {
  Account,
  Audit,
  FaultKind,
  GuestAction,
  GuestActionInput,
  GuestActionResult,
  List,
  NewPhone,
  Phone,
  PhoneTimeline,
  PlatformInfo,
} from '../../protocol.ts'
import { GuestAction as GuestActionSchema } from '../../protocol.ts'
import type { LabContext } from '../context.ts'
import { FaultBoard } from '../faults/board.ts'
import { Listener } from '../listener.ts'
import { Poster } from '../poster.ts'
import { Ring } from '../ring.ts'
import type { GuestSide, Ownership, Simulator } from '../simulator.ts'
import { Tally } from '../tally.ts'
import { type ChatState, type Entry, PhoneBook } from './phone-book.ts'
import { deliver, type WebhookJob } from './webhook.ts'

/** One message that the business sent, kept compactly for assertions. */
export interface SentRecord {
  at: number
  account: string
  guest: string
  /** the platform's word for it */
  operation: string
  id: string
  text: string
}

export interface MessengerFacts {
  id: string
  label: string
  actions: GuestAction['do'][]
  faults: readonly FaultKind[]
  /** names of requests and webhooks, for `where.operation` of faults */
  operations: readonly string[]
}
export interface MessengerOptions {
  port?: number
  webhookTimeoutMs?: number
}

/**
 * What all simulated messengers share: a port with faults, phones, webhooks with repeats, counters, audit. A platform adds its API (`listener`), what guests do
 * (`perform`), and the webhooks that tell of it (`tell`). `A` and `G`: what only this platform knows of an account and of a guest.
 */
export abstract class Messenger<A, G> implements Simulator, GuestSide {
  readonly id: string
  readonly label: string
  readonly platform: PlatformInfo
  readonly faults: FaultBoard
  readonly book: PhoneBook<A, G>
  protected readonly context: LabContext
  protected readonly poster: Poster
  private readonly counts: Record<string, number> = {}
  private readonly received: Ring<SentRecord>
  /** ids of what the business sent: a repeat is a message that the guest sees twice */
  protected readonly tally: Tally
  private port: Listener | undefined

  protected constructor(facts: MessengerFacts, context: LabContext, owners: Ownership, options: MessengerOptions) {
    this.id = facts.id
    this.label = facts.label
    this.context = context
    this.platform = { id: facts.id, label: facts.label, simulator: facts.id, actions: facts.actions }
    this.faults = new FaultBoard({
      simulator: facts.id,
      label: facts.label,
      kinds: facts.faults,
      operations: facts.operations,
      changed: () => context.faultsChanged(),
      now: () => context.now(),
    })
    this.faults.onDown = isDown => (isDown ? this.opened().down() : this.opened().raise())
    this.book = new PhoneBook(facts.id, context, owners)
    this.poster = new Poster({ timeoutMs: options.webhookTimeoutMs ?? 10_000, maxSockets: 200 })
    this.received = new Ring(context.limits.audit)
    this.tally = new Tally(context.limits.ids)
  }

  /** The platform's API. */
  protected abstract listener(): RequestListener
  /** Carries out what a guest does; returns the entries that it made or changed. */
  protected abstract perform(chat: ChatState<A, G>, action: GuestAction): Entry[] | Promise<Entry[]>
  protected abstract newGuest(): { id: () => string; data: (id: string) => G }

  /** To be awaited before anything else. */
  protected async open(port: number | undefined): Promise<void> {
    this.port = await Listener.open(this.listener(), this.context.host, port ?? 0)
  }

  get url(): string {
    return `http://${this.context.publicHost}:${this.opened().port}`
  }
  get isUp(): boolean {
    return this.opened().isUp
  }
  now(): number {
    return this.context.now().getTime()
  }
  count(counter: string): void {
    this.counts[counter] = (this.counts[counter] ?? 0) + 1
  }
  counters(): Record<string, number> {
    return { ...this.counts, repeats: this.tally.repeats, pending: this.book.pending }
  }
  audit(): Audit {
    return { simulator: this.id, counters: this.counters(), repeated: this.tally.repeated() }
  }
  reset(): void {
    this.book.reset()
    this.received.clear()
    this.tally.clear()
    for (const name of Object.keys(this.counts)) delete this.counts[name]
  }
  async close(): Promise<void> {
    this.faults.close()
    this.book.close()
    await this.port?.down()
    this.poster.close()
  }

  accounts(): Account[] {
    return this.book.accountViews()
  }
  phones(limit: number): List<Phone> {
    return this.book.phones(limit)
  }
  timeline(phone: string, limit: number): PhoneTimeline {
    return this.book.timeline(this.book.ofPhone(phone), limit)
  }
  openPhone(account: string, guest: NonNullable<NewPhone['guest']>): { phone: Phone; created: boolean } {
    const { chat, created } = this.book.open(this.book.accountOf(account), guest, this.newGuest())
    return { phone: this.book.phoneView(chat), created }
  }
  removePhone(phone: string): void {
    this.book.remove(this.book.ofPhone(phone))
  }
  async act(phone: string, action: GuestAction): Promise<GuestActionResult> {
    const chat = this.book.ofPhone(phone)
    if (chat.blocked && action.do !== 'unblock') throw new ApiError('conflict', 'The guest has blocked the account; unblock it first.')
    const entries = await this.perform(chat, action)
    return { entries: entries.map(entry => this.book.entryView(chat, entry)) }
  }

  /** For tests: a guest of an account, opened when new. */
  guest(account: string, id: string, name?: string): { phone: string; do(action: GuestActionInput): Promise<GuestActionResult>; timeline(): PhoneTimeline } {
    const { phone } = this.openPhone(account, { id, ...(name === undefined ? {} : { name }) })
    return {
      phone: phone.id,
      do: action => this.act(phone.id, GuestActionSchema.parse(action)),
      timeline: () => this.timeline(phone.id, this.context.limits.entries),
    }
  }
  /** All messages that the business sent, oldest first (bounded by `limits.audit`). */
  sent(wanted: { account?: string; guest?: string } = {}): SentRecord[] {
    return this.received
      .all()
      .filter(({ account, guest }) => (wanted.account === undefined || account === wanted.account) && (wanted.guest === undefined || guest === wanted.guest))
  }

  /** The business wrote: shown on the phone, remembered for the audit. Undefined chat: the guest has no phone here. */
  protected shown(chat: ChatState<A, G>, operation: string, facts: Omit<Parameters<PhoneBook<A, G>['add']>[1], 'from' | 'state'> & { text: string }): Entry {
    const { text, ...entry } = facts
    const added = this.book.add(chat, { ...entry, from: 'business', state: 'shown' })
    this.received.push({
      at: added.at,
      account: chat.account.id,
      guest: chat.guest.id,
      operation,
      id: added.refs[0] ?? added.id,
      text: text.slice(0, 200),
    })
    this.tally.count(added.refs[0] ?? added.id)
    this.count('messagesShown')
    return added
  }
  /** The platform refused a message of the business for good: the phone shows what never came. */
  protected refused(chat: ChatState<A, G>, body: Entry['body'], status: number, why: string): Entry {
    return this.book.add(chat, { from: 'business', state: 'refused', body, status, why })
  }

  /** Tells the business of something that `entry` shows; the entry shows how its delivery fares. */
  protected tell(chat: ChatState<A, G>, job: Omit<WebhookJob, 'told' | 'account' | 'guest'>, entry?: Entry): void {
    const { account } = chat
    if (account.queues.size >= this.context.limits.pending) {
      this.count('webhooksDropped')
      if (entry !== undefined) Object.assign(entry, { state: 'lost', why: 'too many webhooks wait' })
      return
    }
    const told: WebhookJob['told'] = state => {
      if (state.why !== '') account.lastError = { message: state.why, at: this.now() }
      this.book.accountChanged(account)
      if (entry === undefined) return
      Object.assign(entry, state)
      this.book.entryChanged(chat, entry)
    }
    deliver(this.webhookParts(), account.queues, chat.guest.id, { ...bound(job), account: account.id, guest: chat.guest.id, told })
  }
  protected webhookParts() {
    return {
      simulator: this.id,
      poster: this.poster,
      faults: this.faults,
      exchanges: this.context.exchanges,
      timeScale: this.context.timeScale,
      now: () => this.context.now(),
      count: (counter: string) => this.count(counter),
    }
  }

  private opened(): Listener {
    if (this.port === undefined) throw new Error('the simulator has not started')
    return this.port
  }
}

/** A job may be a class instance: its methods live on the prototype, where spreading does not look. */
function bound<J extends Omit<WebhookJob, 'told' | 'account' | 'guest'>>(job: J): Omit<WebhookJob, 'told' | 'account' | 'guest'> {
  const { repeated, isAccepted, accepted } = job
  return {
    operation: job.operation,
    body: job.body,
    url: body => job.url(body),
    headers: body => job.headers(body),
    again: newId => job.again(newId),
    forged: () => job.forged(),
    retryInMs: (attempts, outcome) => job.retryInMs(attempts, outcome),
    ...(repeated === undefined ? {} : { repeated: (body, attempt) => repeated.call(job, body, attempt) }),
    ...(isAccepted === undefined ? {} : { isAccepted: outcome => isAccepted.call(job, outcome) }),
    ...(accepted === undefined ? {} : { accepted: outcome => accepted.call(job, outcome) }),
  }
}
