import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Capabilities, Rendered } from './capability.ts'
import type { ContentOf, InboundEvent, LifecycleChange, MediaRef, Profile, ReasonCode, ReceiptState, ReceivedEvent } from './content.ts'
import type { HeaderFields } from './headers.ts'

/**
 * The facts of a connector, apart from its behaviour. Imported alone by the API and the web site, so `definition.ts` may import only
 * `@um/shared/contract` and zod.
 */
export interface Definition<S extends z.ZodObject = z.ZodObject, C extends Capabilities = Capabilities> {
  /** 'line': service (`line-connector`), queue, chart and image names derive from it */
  readonly id: string
  /** messaging: faces guests. cx: faces agents. */
  readonly role: 'messaging' | 'cx'
  /** shown to people: 'LINE', 'Genesys Cloud CX' */
  readonly label: string
  /** participant data `media`, as the guide lists it */
  readonly media: string
  /** public path, e.g. '/line'; absent when nothing outside calls this service */
  readonly ingress?: `/${string}`
  /** validation, web form, OpenAPI and masking; unknown keys are refused (`z.strictObject`) */
  readonly settings: S
  readonly capabilities: C
  /** largest webhook body that is read; default 1 MiB */
  readonly maxWebhookBytes?: number
  /** what an administrator brings to the platform's console, made for this deployment; offered by the API and the web site */
  readonly documents?: readonly PlatformDocument[]
  /**
   * Meta elements of this connector's page at its ingress path that the home page of the host carries, too: where a platform looks for the proof that a domain is the
   * tenant's. The web site asks for that page about once a minute; what it takes is a content of letters, digits, `_` and `-`, at most 256 of them.
   */
  readonly homePageTags?: readonly HomePageTag[]
}
export interface HomePageTag {
  /** of the meta element: lower-case letters, digits and `-` */
  readonly name: string
  /** a page at the root of the host that has the tag alone; `*` stands for the tag's content: 'acme_*.html' */
  readonly file?: `${string}*.html`
}
/** A file for the platform's console, e.g. the manifest of an app. Needs no tenant: it is there before the first one is. */
export interface PlatformDocument {
  /** 'manifest.json' */
  readonly name: string
  readonly title: string
  /** what to do with it */
  readonly help: string
  readonly mime: string
  /** Pure. `webhookUrl`: as in TenantView */
  content(webhookUrl: string): string
}
export type SettingsOf<D> = D extends Definition<infer S, infer _> ? z.infer<S> : never
export type CapabilitiesOf<D> = D extends Definition<infer _, infer C> ? C : never

export function defineConnector<S extends z.ZodObject, const C extends Capabilities>(facts: Definition<S, C>): Definition<S, C> {
  return facts
}

/** A request as it came in, its body untouched. */
export interface Webhook {
  method: string
  /** below the ingress path: '' for `/telegram`, '/x' for `/telegram/x` */
  path: string
  query: URLSearchParams
  headers: HeaderFields
  raw: Buffer
}
declare const verified: unique symbol
/** Minted by shared code once `verify` has passed: nothing else can reach `open` or `parse`. */
export type Verified = Webhook & { readonly [verified]: true }
export interface Reply {
  status: number
  headers?: Record<string, string>
  /** an object is sent as JSON, a Buffer as it is */
  body?: string | Buffer | object
}
/**
 * 401 unauthenticated or stale, 404 unknown, 400 malformed, 413 too large. `ignored`: answered with an empty 200 and only logged, for platforms that switch off an address
 * which refuses what nobody wants. `why` is for logs and the answer: no secrets.
 */
export interface Refusal {
  refused: 'unauthenticated' | 'stale' | 'unknown' | 'malformed' | 'tooLarge' | 'ignored'
  why: string
}

/** What pure functions may know of a tenant. `state`: what `register` returned (and stored) for it. */
export interface TenantView<V> {
  readonly id: string
  readonly name: string
  readonly settings: V
  readonly state: Readonly<Record<string, string>>
  readonly options: { readonly showSystemMessages: boolean; readonly prefixAgentName: boolean }
  /** public URL of this connector for this deployment, e.g. https://um.acme.com/telegram */
  readonly webhookUrl: string
}

export interface Recipient {
  guest: string
  /** what the guest's last event said is needed to answer (InboundEvent.address) */
  address: Readonly<Record<string, string>>
}

/** The message that is being sent. Part n of a message that was split or degraded has its own `id` (`<message id>-n`, n from 1; part 0 has the message's own). */
export interface Outgoing<V> {
  /** stable over retries: use it as the platform's idempotency key */
  readonly id: string
  readonly at: Date
  readonly to: Recipient
  readonly tenant: TenantView<V>
  /** the guest's profile and participant data (`media`, `locale` ...), for CX platforms */
  readonly profile: Profile
  /** the platform id that the message had where it came from */
  readonly originId?: string
  readonly author: 'guest' | 'agent' | 'bot' | 'ivr' | 'system'
  /** for platforms that show who writes; the prefix that a tenant may want is in the text already */
  readonly agentName?: string
}
export interface OutgoingReceipt {
  /** the platform id, on this platform, of the message that the receipt is about */
  of: string
  state: ReceiptState
  code?: ReasonCode
  why?: string
}

/** One HTTP call to the platform, described rather than performed. */
export interface PlatformCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** which of `bases()`; default 'api' */
  base?: string
  /** appended to the base URL, begins with '/' */
  path: string
  /** instead of base and path: an address that the platform has just named for this call; `path` then only names the call in metrics and logs */
  url?: string
  /** which of the tenant's accounts makes the call; default: the one of the recipient (`accountOf`) */
  account?: string
  /** media that the platform must have first: `prepare` brings it there and completes the call */
  upload?: MediaRef
  query?: Record<string, string>
  headers?: Record<string, string>
  json?: unknown
  form?: Record<string, string>
  /** multipart/form-data: the fields, then the file, streamed from its source */
  multipart?: { fields: Record<string, string>; file: { field: string; media: MediaRef } }
  /** the bytes themselves as the body, once; for effects, since renderers have nothing open */
  bytes?: OpenMedia
  /** may be repeated after a time-out: the platform recognises the repeat */
  idempotent?: boolean
  /** calls to make instead when `classify` answers `{ kind: 'alternative', name }` */
  alternatives?: Record<string, PlatformCall[]>
  /** shows the options of an offer as numbered lines: a number is an answer from now on */
  numbered?: true
  /** the answer's id is not the message's id (a preparing or tidying call) */
  auxiliary?: boolean
  /** no Authorization from `authorize` (token end points) */
  anonymous?: boolean
  timeoutSeconds?: number
}
export interface PlatformAnswer {
  status: number
  headers: HeaderFields
  /** parsed when it is JSON (ids beyond 2^53 stay exact: they become strings), else text */
  body: unknown
}

/** `certain`: the platform surely did not deliver it. `undefined` from `classify` means success, "already done" included. */
export type Failure =
  | { kind: 'retryable'; why: string; certain: boolean; afterSeconds?: number }
  /** not an attempt; `scope`: who must wait */
  | { kind: 'rateLimited'; why: string; afterSeconds: number; scope: 'tenant' | 'guest' }
  /** blocked, left, opted out; `optOut` also marks the guest */
  | { kind: 'recipient'; why: string; code?: ReasonCode; optOut?: boolean }
  /** refused for good; with the code `subscription` the Subscriptions topic is told, while other messages go on (a quota, a missing contract) */
  | { kind: 'content'; why: string; code?: ReasonCode }
  /** the tenant must act; the tenant is paused and the Subscriptions topic is told */
  | { kind: 'subscription'; why: string }
  /** the token of `authorize` is refused: it is dropped and the call repeated once, then it counts as `subscription` */
  | { kind: 'unauthorized'; why: string }
  /** send `call.alternatives[name]` instead; without such an alternative it counts as `content` */
  | { kind: 'alternative'; name: string; why: string }
  /** the conversation has a new address: remembered, then the call is rendered and sent again once */
  | { kind: 'moved'; to: string; why: string }

/** What a sent call's answer says. `address` is remembered for the conversation (see InboundEvent.address). */
export interface SentFacts {
  id?: string
  address?: Record<string, string>
}

/** A budget that a call draws from; shared by all replicas. `key` names what is limited (a token, a chat). */
export interface BudgetRule {
  key: string
  limit: number
  perSeconds: number
  /** whom a 429 of this scope blocks; default 'tenant' */
  scope?: 'tenant' | 'guest'
}

export interface Store {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string, ttlSeconds?: number): Promise<void>
  delete(key: string): Promise<void>
}
/** Keys with a due time, kept in the service's Redis: conversations to poll, objects to purge. */
export interface Agenda {
  put(key: string, due: Date): Promise<void>
  remove(key: string): Promise<void>
  due(now: Date, limit: number): Promise<string[]>
}

/** Thrown by `ctx.http.call` when the platform said no, or nothing. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed'
  readonly failure: Failure
  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(failure.why, options)
    this.failure = failure
  }
}

/** What shared code hands to every effect; a connector can reach nothing else. */
export interface Context<V> {
  readonly tenant: TenantView<V>
  /** base URL, authorization, outbound proxy, time-out, budget, redaction, `classify`. Throws CallFailed. */
  readonly http: { call<T>(call: PlatformCall, answer: z.ZodType<T>): Promise<T> }
  /** private to this connector and tenant, in the service's Redis */
  readonly store: Store
  /** Like `store`, sealed with the fleet's key: tokens that the platform gives only once. In Redis `store:<tenant>:sealed:*`, which backups take along. */
  readonly vault: Store
  agenda(name: string): Agenda
  /** Runs `work` on one replica at a time; the others wait for its end, at most `ttlSeconds`, and get the lock in turn. */
  once<T>(key: string, ttlSeconds: number, work: () => Promise<T>): Promise<T>
  readonly media: {
    /**
     * Opens the media's bytes (through `download` when it is the platform's own). The caller consumes or destroys the stream.
     * `authorized`: with the headers and the query of `authorize`, which stay with the first origin; only for addresses that are known to be the platform's.
     * `accept`: what was opened, before anybody gets it, for platforms that say no with 200. What it throws counts as the platform's refusal: `unauthorized`
     * drops the token and opens once more.
     */
    open(media: MediaRef, how?: HowToOpen): Promise<OpenMedia>
    /** Copies bytes to the tenant's storage and gives the public reference. `sourceId` makes repeats return the first copy. Throws when there is no storage. */
    keep(media: OpenMedia, guest: string, sourceId: string): Promise<MediaRef & { url: string }>
  }
  /** Saves facts that `state` shows (merged). */
  saveState(facts: Record<string, string>): Promise<void>
  /**
   * The credentials work (again), e.g. an app was installed: cached authorizations are dropped, what waited goes on, and a tenant that is not registered yet is tried at
   * once: so never from `check` or `register`. Absent account: all of the tenant's.
   */
  resume(account?: string): Promise<void>
  readonly log: {
    debug(fields: object, message: string): void
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
  }
  now(): Date
}
export interface HowToOpen {
  authorized?: boolean
  account?: string
  accept?(opened: OpenMedia): Promise<OpenMedia>
}
export interface OpenMedia {
  body: Readable
  mime?: string
  name?: string
  size?: number
}

/** A recurring task; one replica at a time runs it for each enabled tenant. Idempotent. */
export interface Job<V> {
  name: string
  /** 0 or less: not for this tenant */
  everySeconds(settings: V): number
  run(ctx: Context<V>, emit: (events: InboundEvent[]) => Promise<void>): Promise<void>
}
/**
 * A page for people below the ingress path (OAuth call-back, registration). It is public: whoever it lets do something has to prove it. Requests of one
 * address are limited by shared code. `path`: '' is the ingress path itself; a last part `*` stands for any one, which `hook.path` tells. `desks`: the contexts of the enabled tenants.
 * `resting`: the disabled ones. Nobody acts for them, but what is theirs (an account, in their state) is not given to another.
 */
export interface Page<V = unknown> {
  method: 'GET' | 'POST'
  path: '' | `/${string}`
  handle(hook: Webhook, desks: readonly Context<V>[], resting?: readonly TenantView<V>[]): Promise<Reply>
}

/**
 * The behaviour. Everything from `bases` to `budgets` is pure and synchronous: no clock, no network, no Redis. The effects below them are optional,
 * asynchronous and idempotent.
 */
export interface Implementation<D extends Definition, V = SettingsOf<D>> {
  /** base URLs by name; 'api' is the default one. May hold a token: URLs are redacted everywhere. */
  bases(settings: V): { api: string } & Record<string, string>
  /** Where webhooks come in besides the ingress path itself, e.g. '/events'. */
  readonly paths?: readonly `/${string}`[]
  /** The keys by which `locate` finds this tenant (its secret, its integration id). Kept hashed in memory. Tenants may share one: the first whose `verify` passes takes the request. */
  keys?(tenant: TenantView<V>): string[]
  /** The key that this request carries. Absent: the path's suffix names the tenant id. */
  locate?(hook: Webhook): string | Refusal
  /**
   * Which of the tenant's accounts at the platform serves this guest: a workspace in which the app is installed. Authorizations are kept, and pauses made, per
   * account, so that one that is gone stops only its own guests. Absent: the tenant has one account.
   */
  accountOf?(to: Recipient): string | undefined
  /** answer when `locate` finds nobody; default unauthenticated (401) */
  readonly unlocated?: 'unauthenticated' | 'unknown' | 'ignored'
  /** a handshake's answer; by its type it cannot emit events */
  handshake?(hook: Webhook, tenant: TenantView<V>): Reply | undefined
  verify(hook: Webhook, tenant: TenantView<V>, now: Date): Refusal | undefined
  /** decrypt or gunzip; becomes `raw` */
  open?(hook: Verified, tenant: TenantView<V>): Buffer | Refusal
  /** Platform payload to events, in order. A Refusal when the body is not what the platform sends (400). */
  parse(hook: Verified, tenant: TenantView<V>): InboundEvent[] | Refusal
  /** default: 200 and an empty body. Some platforms take a message from the answer; it comes again whenever the webhook does. */
  acknowledge?(events: InboundEvent[], hook: Verified, tenant: TenantView<V>): Reply
  /** calls to make at once when an event comes in, outside the delivery path; their failure never hurts the message */
  respond?(event: ReceivedEvent, tenant: TenantView<V>): PlatformCall[]

  /**
   * The calls of one part, in order. A retry renders them again and skips those that are done by their place, so neither their number nor their order may depend on what
   * changes meanwhile: on an address that `sent` changes. Only calls at the very end may come and go by it.
   */
  readonly render: Renderers<D, V>
  /**
   * Just before a call to a guest goes out: what has to be looked up or brought to the platform first (`call.upload`). A CallFailed counts as the call's own
   * failure, and as certain. Asked again when a later attempt repeats the call.
   */
  prepare?(call: PlatformCall, to: Recipient, ctx: Context<V>): Promise<PlatformCall>
  /** a CX platform's receipts, or "mark as read"; absent: receipts are not sent here */
  renderReceipt?(receipt: OutgoingReceipt, out: Outgoing<V>): PlatformCall[]
  /** the states for which `renderReceipt` has a call; receipts of others are not made for this platform's messages at all. Default: all */
  readonly receiptStates?: readonly ReceiptState[]
  renderLifecycle?(change: LifecycleChange, out: Outgoing<V>): PlatformCall[]
  /** What the platform answered to a sent call. */
  sent(answer: unknown, call: PlatformCall): SentFacts
  classify(answer: PlatformAnswer, call: PlatformCall): Failure | undefined
  budgets?(call: PlatformCall, to: Recipient | undefined, tenant: TenantView<V>): BudgetRule[]

  /** Cached per account until `expiresAt` (without it: an hour), one at a time over all replicas. */
  authorize?(ctx: Context<V>, account?: string): Promise<Authorization>
  /** Do these credentials work? Throws CallFailed. */
  check?(ctx: Context<V>): Promise<void>
  /**
   * Hands the guest over to another account of the platform. Called when an IVR asks for it, never as a part of sending; it may take some seconds. `guest`: the platform's id, or
   * what the platform resolves (a phone number). `to`: the account; absent: the one of the settings. Throws CallFailed: `recipient` when the guest is not known, `content` when it
   * is not possible (switched off), whatever else `classify` says. Absent: the platform has no such thing.
   */
  switchUser?(guest: string, to: string | undefined, ctx: Context<V>): Promise<void>
  /** Registers the webhook, provisions the integration. Returns what `state` shall hold. */
  register?(ctx: Context<V>): Promise<Record<string, string>>
  /** "already gone" is success */
  unregister?(ctx: Context<V>): Promise<void>
  /** Asked once a day per guest, before the guest's message is passed on; a failure leaves the profile as it is. */
  profile?(guest: string, ctx: Context<V>): Promise<Profile>
  download?(media: MediaRef, ctx: Context<V>): Promise<OpenMedia>
  /** Completes an event with facts that only the platform's API knows (the agent's name, a media reference that anyone can open), or notes what it tells of the tenant. */
  enrich?(event: InboundEvent, ctx: Context<V>): Promise<InboundEvent>
  /** The platform reports later, by platform id, what became of our messages: ids are remembered for this long. 0 or absent: it does not. */
  readonly receiptWindowSeconds?: number
  /** A receipt 'read' is about the guest's earlier messages, too: the platform reports only the last one that was read. */
  readCoversEarlier?(settings: V): boolean
  /** What the platform's yes to a message says of it; default 'sent'. */
  readonly sentMeans?: 'sent' | 'delivered'
  /** After each successful send: what has to be remembered or scheduled. A failure is logged and does not hurt the message. */
  sentEffect?(facts: SentFacts, out: Outgoing<V>, ctx: Context<V>): Promise<void>
  readonly jobs?: readonly Job<V>[]
  readonly pages?: readonly Page<V>[]
}
export interface Authorization {
  headers?: Record<string, string>
  query?: Record<string, string>
  expiresAt?: Date
}
/** One function for each kind declared native or partial: a missing or a surplus one does not compile. */
export type Renderers<D extends Definition, V = SettingsOf<D>> = {
  readonly [K in Rendered<CapabilitiesOf<D>>]: (content: ContentOf<K>, out: Outgoing<V>) => PlatformCall[]
}
