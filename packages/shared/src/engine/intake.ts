import { type Broker, exchanges, messageKey, Unroutable } from '../amqp/index.ts'
import {
  CallFailed,
  type Content,
  type Context,
  type InboundEvent,
  type MediaRef,
  type Profile,
  type ReceiptState,
  type ReceivedEvent,
} from '../contract/index.ts'
import { findAnswer, findChoice, mediaOf, type Offer, withMedia } from '../degrade/index.ts'
import type { Slots } from '../flow/index.ts'
import { type Hop, hasJourney, type Journal, plumbingAway, serviceOf } from '../journal/index.ts'
import type { Step } from '../lanes/index.ts'
import type { Logger } from '../log/index.ts'
import {
  type AnyEnvelope,
  conversationKey,
  type DataOf,
  derivedId,
  type EnvelopeOf,
  type EnvelopeType,
  envelope,
  laneOf,
  readContent,
  readEnvelope,
  writeContent,
} from '../model/index.ts'
import type { Attempts } from './attempts.ts'
import { bury } from './dead.ts'
import type { Guest, GuestBook, SentMessage } from './guests.ts'
import { NoStorage } from './media.ts'
import { type PlatformClient, transferPatienceMilliseconds } from './platform.ts'
import { isPlumbing } from './plumbing.ts'
import type { Connector, KnownTenant, TenantDirectory, View } from './tenants.ts'
import type { TenantTrouble } from './trouble.ts'
import { messageIdOf } from './webhooks.ts'

const profileMilliseconds = 24 * 3600 * 1000
const profileRetryMilliseconds = 10 * 60 * 1000
/** then the agent is told that there was an attachment which could not be had */
const maxMediaAttempts = 8
/** A platform may report what became of a message, or echo it, before its answer to our call has been taken in: for so long an unknown one is looked for. */
const earlyReceiptMilliseconds = 5000

interface Parts {
  service: string
  connector: Connector
  tenants: TenantDirectory
  guests: GuestBook
  attempts: Attempts
  broker: Broker
  platform: PlatformClient
  /** files on their way through this process */
  transfers: Slots
  trouble: TenantTrouble
  /** removes the stored copy of an attachment, if there is one */
  discard(view: View, guest: string, sourceId: string): Promise<void>
  contextOf(view: View): Context<unknown>
  journal: Journal
  log: Logger
}

/**
 * What this connector's webhooks said, one event at a time and in order per conversation: recognise repeats, complete (profile, names, attachments to the storage, choices to their
 * origin), and pass on to the tenant's other side. Runs behind RabbitMQ, so that it may take its time and be repeated.
 */
export class Intake {
  private readonly parts: Parts
  constructor(parts: Parts) {
    this.parts = parts
  }

  async handle(body: Buffer): Promise<Step> {
    const { log } = this.parts
    let received: AnyEnvelope
    try {
      received = readEnvelope(body)
    } catch (error) {
      log.error({ err: error }, 'an event cannot be read; it is dropped')
      return { kind: 'done' }
    }
    if (received.type !== 'um.event.v1') return { kind: 'done' }
    const data = received.data as DataOf<'um.event.v1'>
    const known = this.parts.tenants.active(data.tenantId)
    if (known === undefined) {
      return this.dead(received as EnvelopeOf<'um.event.v1'>, 'subscription', 'the tenant is gone or disabled')
    }
    try {
      return await this.process(received as EnvelopeOf<'um.event.v1'>, eventOf(data), known)
    } catch (error) {
      return this.failed(received as EnvelopeOf<'um.event.v1'>, error)
    }
  }

  private async process(received: EnvelopeOf<'um.event.v1'>, event: ReceivedEvent, known: KnownTenant): Promise<Step> {
    const { guests, journal } = this.parts
    const conversation = conversationKey(known.tenant.id, event.guest)
    const { guest, mark, offers } = await guests.readWithMark(conversation, received.id)
    if (mark !== undefined) {
      if (hasJourney(event)) journal.tell({ ...this.hop(known, event, received.id), hop: 'duplicate' })
      return { kind: 'done' }
    }
    const ours = event.type === 'receipt' ? event.of : event.type === 'message' ? event.echoOf : undefined
    if (ours !== undefined && (await this.isEarly(ours, known, received))) return { kind: 'later', milliseconds: 300, passable: event.type === 'receipt' }
    if (ours !== undefined && event.type === 'message' && (await guests.findSent(known.tenant.id, ours)) !== undefined) {
      await guests.mark(received.id)
      return { kind: 'done' }
    }
    if (hasJourney(event)) journal.tell({ ...this.hop(known, event, received.id), hop: 'consumed' })
    await this.respond(event, known, received.id)
    if (event.type === 'moved') return this.move(event, known, received.id)
    if (event.type === 'trouble') return this.trouble(event, known, received.id)
    const enriched = await this.enrich(event, known)
    if (event.type === 'profile' && event.forget) Object.assign(guest, await this.forget(conversation))
    const profile = await this.profile(enriched, guest, known)
    const completed = await this.complete(enriched, known, offers, received.id)
    const messages = await this.translate(completed, known, profile, received)
    for (const message of messages) await this.pass(message, known)
    if (event.type === 'message' && event.content.kind === 'withdrawn') await this.discardMedia(event, event.content.of, known, received.id)
    if (event.type === 'receipt' && event.state === 'read') await guests.forgetUnread(conversation, event.of)
    await guests.handled(conversation, received.id, { ...newAddress(event, guest), ...newProfile(profile, guest), ...optOutOf(event, guest) })
    await this.parts.attempts.forget(received.id)
    if (hasJourney(event))
      journal.tell({ ...this.hop(known, event, received.id), hop: 'published', detail: { to: serviceOf(this.parts.tenants.counterpart(known.tenant)) } })
    return { kind: 'done' }
  }

  private async isEarly(of: string, known: KnownTenant, { time }: EnvelopeOf<'um.event.v1'>): Promise<boolean> {
    // another replica stamped it: with a clock that is far ahead it would stay young for as long, with one that is a little ahead it must not be old at once
    const age = Math.abs(Date.now() - Date.parse(time))
    return age < earlyReceiptMilliseconds && (await this.parts.guests.findSent(known.tenant.id, of)) === undefined
  }

  /** Platform call-backs that must be answered at once; outside the delivery path, once per event although its intake may be repeated. */
  private async respond(event: ReceivedEvent, known: KnownTenant, id: string): Promise<void> {
    const calls = this.parts.connector.implementation.respond?.(event, known.view) ?? []
    if (calls.length === 0 || !(await this.parts.guests.first(`responded:${id}`))) return
    for (const call of calls) {
      this.parts.platform.send(known.view, call, undefined, 'agent').then(
        outcome => outcome.ok || this.parts.log.debug({ tenant: known.tenant.id, outcome }, 'response to an event failed'),
        error => this.parts.log.warn({ err: error, tenant: known.tenant.id }, 'response to an event failed'),
      )
    }
  }

  private async move(event: Extract<InboundEvent, { type: 'moved' }>, known: KnownTenant, id: string): Promise<Step> {
    await this.parts.guests.remember(conversationKey(known.tenant.id, event.guest), { movedTo: event.to })
    await this.parts.guests.mark(id)
    return { kind: 'done' }
  }

  private async trouble(event: Extract<ReceivedEvent, { type: 'trouble' }>, known: KnownTenant, id: string): Promise<Step> {
    const { trouble, platform, connector, guests } = this.parts
    const account = connector.implementation.accountOf?.({ guest: event.guest, address: {} })
    await this.enrich(event, known)
    if (event.stops) {
      await platform.authorizations.forget(known.tenant.id, account)
      await trouble.pause(known, event.why, account)
    } else await trouble.warn(known, event.why)
    await guests.mark(id)
    return { kind: 'done' }
  }

  private async forget(conversation: string): Promise<Pick<Guest, 'profile' | 'profileAt'>> {
    const nothing = { profile: {}, profileAt: 0 }
    await this.parts.guests.remember(conversation, nothing)
    return nothing
  }

  private async profile(event: InboundEvent, guest: Guest, known: KnownTenant): Promise<Profile> {
    const merged = mergeProfiles(guest.profile, event.from)
    const ask = this.parts.connector.implementation.profile
    if (ask === undefined || event.type === 'receipt' || Date.now() - guest.profileAt < profileMilliseconds) return merged
    const conversation = conversationKey(known.tenant.id, event.guest)
    try {
      const found = await ask(event.guest, this.parts.contextOf(known.view))
      const profile = mergeProfiles(found, merged)
      await this.parts.guests.remember(conversation, { profile, profileAt: Date.now() })
      return profile
    } catch (error) {
      this.parts.log.debug({ err: error, tenant: known.tenant.id }, 'profile could not be had')
      await this.parts.guests.remember(conversation, { profileAt: Date.now() - profileMilliseconds + profileRetryMilliseconds })
      return merged
    }
  }

  private async enrich(event: InboundEvent, known: KnownTenant): Promise<InboundEvent> {
    return (await this.parts.connector.implementation.enrich?.(event, this.parts.contextOf(known.view))) ?? event
  }

  private async complete(event: InboundEvent, known: KnownTenant, offers: readonly Offer[], id: string): Promise<InboundEvent> {
    if (event.type !== 'message') return event
    const chosen = await this.resolveChoice(event.content, conversationKey(known.tenant.id, event.guest), offers)
    const content = await this.keepMedia(chosen, known, event, id)
    return { ...event, content }
  }

  private async resolveChoice(content: Content, conversation: string, offers: readonly Offer[]): Promise<Content> {
    if (content.kind === 'choice') {
      const found = findChoice(offers, content.payload, content.label)
      if (found === undefined) return { ...content, expired: true }
      return choiceOf(found.offer, found.option)
    }
    const newest = offers[0]
    if (content.kind !== 'text' || newest === undefined) return content
    const option = findAnswer(newest, content.text)
    if (option === undefined) return content
    if (newest.menu) await this.parts.guests.closeMenu(conversation, newest)
    return choiceOf(newest, option)
  }

  /** Attachments that only this platform can open, or that it does not keep for long, are copied to the tenant's storage. */
  private async keepMedia(content: Content, known: KnownTenant, event: Extract<InboundEvent, { type: 'message' }>, id: string): Promise<Content> {
    const source = mediaOf(content)
    if (source === undefined || ('url' in source && !source.expires)) return content
    const ctx = this.parts.contextOf(known.view)
    const startedAt = Date.now()
    const tell = (hop: 'stored' | 'unstored', detail: Hop['detail']) =>
      this.parts.journal.tell({ ...this.hop(known, event, id), hop, detail: { ...detail, milliseconds: Date.now() - startedAt } })
    try {
      const kept = await this.transfer(known, async () => ctx.media.keep(await ctx.media.open(source), event.guest, id))
      tell('stored', { ...(kept.mime === undefined ? {} : { mime: kept.mime }), ...(kept.size === undefined ? {} : { size: kept.size }) })
      return withMedia(content, { ...namesOf(source), ...kept })
    } catch (error) {
      if (error instanceof NoStorage) {
        tell('unstored', { why: error.message })
        return 'url' in source ? content : lostMedia(content, source, error.message)
      }
      if (!(error instanceof CallFailed)) throw error
      if (error.failure.kind === 'rateLimited') throw error
      if (error.failure.kind === 'retryable' && (await this.parts.attempts.count(id)) < maxMediaAttempts) throw error
      this.parts.log.warn({ tenant: known.tenant.id, why: error.failure.why }, 'attachment could not be stored')
      tell('unstored', { why: error.failure.why })
      return lostMedia(content, source, error.failure.why)
    }
  }

  /** One of the files that are on their way. `rateLimited`: there are too many now; set aside it holds up nobody else. */
  private async transfer<T>(known: KnownTenant, work: () => Promise<T>): Promise<T> {
    const leave = await this.parts.transfers.take(known.tenant.id, { signal: AbortSignal.timeout(transferPatienceMilliseconds) }).catch(() => {
      throw new CallFailed({ kind: 'rateLimited', scope: 'tenant', afterSeconds: 2, why: 'too many files are on their way' })
    })
    return work().finally(leave)
  }

  /** What the guest has taken back is not kept any longer. */
  private async discardMedia(event: InboundEvent, of: string, known: KnownTenant, id: string): Promise<void> {
    const { attempts, connector, discard, log } = this.parts
    const before = messageIdOf({ ...event, type: 'message', content: { kind: 'withdrawn', of }, messageId: of }, known.tenant.id, connector)
    try {
      await discard(known.view, event.guest, before)
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      if (error.failure.kind === 'retryable' && (await attempts.count(id)) < maxMediaAttempts) throw error
      log.warn({ tenant: known.tenant.id, why: error.failure.why }, 'the copy of an attachment that was taken back could not be removed')
    }
  }

  private async translate(event: InboundEvent, known: KnownTenant, profile: Profile, received: EnvelopeOf<'um.event.v1'>): Promise<AnyEnvelope[]> {
    const { connector } = this.parts
    const route = { tenantId: known.tenant.id, guest: event.guest, from: connector.definition.id, to: this.parts.tenants.counterpart(known.tenant) }
    const at = (event.at ?? new Date()).toISOString()
    const participant: Profile = { ...profile, participantData: { media: connector.definition.media, ...profile.participantData } }
    const make = <T extends EnvelopeType>(type: T, id: string, data: DataOf<T>) =>
      envelope(
        type,
        {
          id,
          source: received.source,
          subject: received.subject,
          time: new Date(),
          ...(received.traceparent === undefined ? {} : { traceparent: received.traceparent }),
        },
        data,
      ) as AnyEnvelope
    switch (event.type) {
      case 'message':
        if (event.content.kind === 'typing') {
          const { on, durationSeconds } = event.content
          return [make('um.typing.v1', received.id, { ...route, on, ...(durationSeconds === undefined ? {} : { durationSeconds }), at, profile: participant })]
        }
        return [
          make('um.message.v1', received.id, {
            ...route,
            content: writeContent(event.content),
            author: event.author ?? (connector.definition.role === 'messaging' ? 'guest' : 'agent'),
            ...(event.agentName === undefined ? {} : { agentName: event.agentName }),
            origin: { service: connector.definition.id, id: event.messageId ?? event.id, ...shownReceipts(connector) },
            profile: participant,
            at,
          }),
        ]
      case 'receipt': {
        const about = await this.coveredBy(event, known)
        return about.map(message =>
          make('um.receipt.v1', derivedId('receipt', message.id, event.state), {
            ...route,
            guest: message.guest,
            of: message.id,
            ...(message.origin === undefined ? {} : { origin: message.origin }),
            state: event.state,
            ...(event.code === undefined ? {} : { code: event.code }),
            ...(event.reason === undefined ? {} : { why: event.reason }),
            at,
          }),
        )
      }
      case 'lifecycle':
        return [
          make('um.lifecycle.v1', received.id, {
            ...route,
            change: event.change,
            ...(event.data === undefined ? {} : { data: event.data }),
            profile: participant,
            at,
          }),
        ]
      case 'profile':
      case 'moved':
      case 'trouble':
        return []
    }
  }

  /** Our messages that a receipt is about, oldest first; one that the platform knows by several ids only once. */
  private async coveredBy(receipt: Extract<InboundEvent, { type: 'receipt' }>, known: KnownTenant): Promise<SentMessage[]> {
    const ids = [...(await this.readBefore(receipt, known)), receipt.of]
    const found = await Promise.all(ids.map(id => this.parts.guests.findSent(known.tenant.id, id)))
    return [...new Map(found.flatMap(message => (message === undefined ? [] : [[message.id, message]]))).values()]
  }
  private async readBefore({ of, guest, state }: Extract<InboundEvent, { type: 'receipt' }>, known: KnownTenant): Promise<string[]> {
    const covers = state === 'read' && this.parts.connector.implementation.readCoversEarlier?.(known.view.settings)
    return covers ? this.parts.guests.unreadBefore(conversationKey(known.tenant.id, guest), of) : []
  }

  private async pass(message: AnyEnvelope, known: KnownTenant): Promise<void> {
    const { connector, broker } = this.parts
    const guest = (message.data as { guest: string }).guest
    const lane = laneOf(known.tenant.id, guest)
    const direction = connector.definition.role === 'messaging' ? 'inbound' : 'outbound'
    // a receipt goes to where its message came from, which may be the REST API
    const origin = message.type === 'um.receipt.v1' ? (message.data as DataOf<'um.receipt.v1'>).origin : undefined
    const target = origin?.service ?? this.parts.tenants.counterpart(known.tenant)
    const options = { headers: { 'x-conversation': conversationKey(known.tenant.id, guest) } }
    await broker.publish(exchanges.messages, messageKey(direction, target, lane), message, options)
    if (message.type === 'um.receipt.v1') this.tellReport(message.data as DataOf<'um.receipt.v1'>, target)
    if (message.type === 'um.lifecycle.v1' && (message.data as DataOf<'um.lifecycle.v1'>).change === 'ended') {
      await broker.publish(exchanges.storage, 'conversation.ended', message, { mandatory: false })
    }
  }

  private async failed(received: EnvelopeOf<'um.event.v1'>, error: unknown): Promise<Step> {
    const { attempts, log } = this.parts
    const expected = error instanceof CallFailed || error instanceof Unroutable || isPlumbing(error)
    if (!expected) {
      log.error({ err: error, event: received.id }, 'event could not be handled')
      return this.dead(received, 'bug', error instanceof Error ? error.message : String(error))
    }
    if (isPlumbing(error)) {
      this.tellWait(received, 'waiting', { why: plumbingAway, waitMilliseconds: 1000 })
      return { kind: 'later', milliseconds: 1000 }
    }
    if (error instanceof CallFailed && error.failure.kind === 'rateLimited') {
      const milliseconds = error.failure.afterSeconds * 1000
      this.tellWait(received, 'waiting', { why: error.failure.why, waitMilliseconds: milliseconds })
      return { kind: 'later', milliseconds }
    }
    const next = await attempts.next(received.id)
    const why = error instanceof Error ? error.message : String(error)
    if (next === undefined) return this.dead(received, 'unavailable', why)
    this.tellWait(received, 'retry', { why, attempt: next.attempt, waitMilliseconds: Math.round(next.milliseconds) })
    return { kind: 'later', milliseconds: next.milliseconds }
  }

  private async dead(received: EnvelopeOf<'um.event.v1'>, reason: 'bug' | 'unavailable' | 'subscription', why: string): Promise<Step> {
    const { broker, connector, service } = this.parts
    const { tenantId, guest } = received.data
    try {
      await bury(broker, service, received, conversationKey(tenantId, guest), {
        reason,
        why,
        exchange: exchanges.messages,
        key: messageKey('event', connector.definition.id, laneOf(tenantId, guest)),
      })
    } catch {
      return { kind: 'later', milliseconds: 1000 }
    }
    this.tellWait(received, 'dead', { reason, why })
    return { kind: 'done' }
  }

  /** What holds up an event, or ends it here; told of messages only. */
  private tellWait({ id, data }: EnvelopeOf<'um.event.v1'>, hop: 'waiting' | 'retry' | 'dead', detail: NonNullable<Hop['detail']>): void {
    const event = eventOf(data)
    if (!hasJourney(event)) return
    this.parts.journal.tell({ tenantId: data.tenantId, guest: data.guest, message: id, hop, direction: this.direction(), kind: event.content.kind, detail })
  }
  /** What the platform says of a message that went the other way. */
  private tellReport({ tenantId, guest, of, state, why }: DataOf<'um.receipt.v1'>, target: string): void {
    const direction = this.direction() === 'toAgent' ? 'toGuest' : 'toAgent'
    const detail = { state, to: serviceOf(target), ...(why === undefined ? {} : { why }) }
    this.parts.journal.tell({ tenantId, guest, message: of, hop: 'reported', direction, detail })
  }

  private hop(known: KnownTenant, event: Extract<InboundEvent, { type: 'message' }>, id: string) {
    return {
      tenantId: known.tenant.id,
      guest: event.guest,
      message: id,
      direction: this.direction(),
      kind: event.content.kind,
      platformId: event.messageId ?? event.id,
    }
  }
  private direction(): 'toAgent' | 'toGuest' {
    return this.parts.connector.definition.role === 'messaging' ? 'toAgent' : 'toGuest'
  }
}

function eventOf(data: DataOf<'um.event.v1'>): ReceivedEvent {
  const { at, ...rest } = data.event
  const event = { ...rest, at: new Date(at) } as unknown as ReceivedEvent
  return event.type === 'message' ? { ...event, content: readContent(event.content) } : event
}

/** A receipt is a message through RabbitMQ like any other: one that nobody can show is not worth that. */
function shownReceipts({ implementation }: Connector): { receipts?: ReceiptState[] } {
  if (implementation.renderReceipt === undefined) return { receipts: [] }
  return implementation.receiptStates === undefined ? {} : { receipts: [...implementation.receiptStates] }
}

function choiceOf(offer: Offer, option: { payload: string; label: string }): Content {
  return { kind: 'choice', payload: option.payload, label: option.label, template: offer.template, ...(offer.of === undefined ? {} : { of: offer.of }) }
}
function namesOf(source: MediaRef): { mime?: string; name?: string; size?: number } {
  return {
    ...(source.mime === undefined ? {} : { mime: source.mime }),
    ...(source.name === undefined ? {} : { name: source.name }),
    ...(source.size === undefined ? {} : { size: source.size }),
  }
}
function lostMedia(content: Content, source: MediaRef, why: string): Content {
  if (content.kind === 'sticker') {
    const { source: _gone, ...bare } = content
    return bare
  }
  const inner = content.kind === 'edit' ? content.content : content
  const media = inner.kind === 'attachment' ? inner.media : 'file'
  const caption = inner.kind === 'attachment' ? inner.caption : undefined
  return {
    kind: 'unsupported',
    what: source.name === undefined ? media : `${media} ${source.name}`,
    reason: why,
    ...(caption === undefined ? {} : { text: caption }),
  }
}
function newAddress({ address }: InboundEvent, guest: Guest): { address?: Guest['address'] } {
  const differs = address !== undefined && Object.entries(address).some(([name, value]) => guest.address[name] !== value)
  return differs ? { address: { ...guest.address, ...address } } : {}
}
function newProfile(profile: Profile, guest: Guest): { profile?: Profile } {
  return JSON.stringify(profile) === JSON.stringify(guest.profile) ? {} : { profile }
}
function optOutOf(event: InboundEvent, guest: Guest): { optedOut?: boolean } {
  if (event.type === 'lifecycle' && (event.change === 'optOut' || event.change === 'unfollow')) return { optedOut: true }
  if (guest.optedOut && (event.type === 'message' || (event.type === 'lifecycle' && (event.change === 'optIn' || event.change === 'follow'))))
    return { optedOut: false }
  return {}
}
export function mergeProfiles(base: Profile, over: Profile | undefined): Profile {
  if (over === undefined) return base
  const participantData = { ...base.participantData, ...over.participantData }
  return { ...base, ...over, ...(Object.keys(participantData).length === 0 ? {} : { participantData }) }
}
