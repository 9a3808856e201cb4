import { type Broker, exchanges, messageKey } from '../amqp/index.ts'
import type { Content, LifecycleChange, Outgoing, OutgoingReceipt, PlatformCall, ReasonCode } from '../contract/index.ts'
import { degrade } from '../degrade/index.ts'
import { gateOf, type Priority, type TenantGate } from '../flow/index.ts'
import { type Journal, plumbingAway } from '../journal/index.ts'
import type { Step } from '../lanes/index.ts'
import type { Logger } from '../log/index.ts'
import { type AnyEnvelope, conversationKey, derivedId, type EnvelopeOf, envelope, laneOf, readContent, readEnvelope } from '../model/index.ts'
import type { Redis } from '../redis/index.ts'
import type { Attempts } from './attempts.ts'
import { bury } from './dead.ts'
import type { Guest, GuestBook } from './guests.ts'
import { isPlumbing } from './plumbing.ts'
import type { Sender, SendResult } from './sender.ts'
import type { Connector, KnownTenant, TenantDirectory } from './tenants.ts'
import type { TenantTrouble } from './trouble.ts'

/** after this a message is not worth delivering any more */
const maxAgeMilliseconds = 24 * 3600 * 1000
/** so long a message waits for a limit of its guest alone */
const guestLimitMilliseconds = 3600 * 1000
const typingAgeMilliseconds = 10_000
/** long enough for redelivery and relay; platform redeliveries are recognised at the other connector */
const markSeconds = 6 * 3600
/** sent; perhaps its receipt is not told yet */
const sentMark = 'sent'
const maxUnmarked = 10_000

interface Parts {
  service: string
  connector: Connector
  tenants: TenantDirectory
  guests: GuestBook
  attempts: Attempts
  gate: TenantGate
  broker: Broker
  redis: Redis
  sender: Sender
  trouble: TenantTrouble
  /** the tenant's platform works again: what waits for it is due now, at every replica */
  wake(tenantId: string): Promise<void>
  journal: Journal
  log: Logger
}
type Message = EnvelopeOf<'um.message.v1'>

/**
 * What goes out to this connector's platform, one message at a time and in order per conversation: degrade to what the platform shows, render, send, and tell
 * the other side what became of it.
 */
export class Deliver {
  private readonly parts: Parts
  /** sent, but Redis was away before that could be marked: message id → platform id */
  private readonly unmarked = new Map<string, string | undefined>()
  constructor(parts: Parts) {
    this.parts = parts
  }

  async handle(body: Buffer): Promise<Step> {
    let received: AnyEnvelope
    try {
      received = readEnvelope(body)
    } catch (error) {
      this.parts.log.error({ err: error }, 'a message cannot be read; it is dropped')
      return { kind: 'done' }
    }
    try {
      switch (received.type) {
        case 'um.message.v1':
          return await this.message(received as Message)
        case 'um.receipt.v1':
          return await this.receipt(received as EnvelopeOf<'um.receipt.v1'>)
        case 'um.typing.v1':
          return await this.typing(received as EnvelopeOf<'um.typing.v1'>)
        case 'um.lifecycle.v1':
          return await this.lifecycle(received as EnvelopeOf<'um.lifecycle.v1'>)
        default:
          return { kind: 'done' }
      }
    } catch (error) {
      if (isPlumbing(error)) {
        if (received.type === 'um.message.v1')
          this.parts.journal.tell({ ...this.hop(received as Message), hop: 'waiting', detail: { why: plumbingAway, waitMilliseconds: 1000 } })
        return { kind: 'later', milliseconds: 1000 }
      }
      this.parts.log.error({ err: error, message: received.id }, 'message could not be handled')
      const why = error instanceof Error ? error.message : 'unknown'
      return received.type === 'um.message.v1' ? this.give(received as Message, 'bug', why) : { kind: 'done' }
    }
  }

  private async message(message: Message): Promise<Step> {
    const { connector, tenants, guests, gate, journal } = this.parts
    const { tenantId, guest: guestId } = message.data
    const conversation = conversationKey(tenantId, guestId)
    const known = tenants.active(tenantId)
    if (known === undefined) return this.give(message, 'subscription', 'the tenant is gone or disabled')
    const { guest, mark, offers } = await guests.readWithMark(conversation, message.id)
    if (mark !== undefined && !isReplay(mark, message)) {
      if (mark === sentMark) await this.tell(message, this.parts.connector.implementation.sentMeans ?? 'sent')
      journal.tell({ ...this.hop(message), hop: 'duplicate' })
      return { kind: 'done' }
    }
    if (this.unmarked.has(message.id)) return this.finish(message, known, this.accountOf(guestId, guest))
    journal.tell({ ...this.hop(message), hop: 'consumed' })
    if (Date.now() - Date.parse(message.time) > maxAgeMilliseconds) return this.give(message, 'expired', 'it waited for more than a day')
    const account = this.accountOf(guestId, guest)
    const wait = await gate.enter(gateOf(tenantId, account))
    if (wait > 0) {
      const { why = '', kind = 'paused' } = (await gate.state(gateOf(tenantId, account))) ?? {}
      journal.tell({ ...this.hop(message), hop: 'parked', detail: { why, gate: kind, waitMilliseconds: Math.round(wait) } })
      return { kind: 'later', milliseconds: wait }
    }
    if (guest.optedOut) return this.refuse(message, 'blocked', 'the guest has blocked or left us')
    const content = readContent(message.data.content)
    const degraded = degrade(content, connector.definition.capabilities, {
      messageId: message.id,
      showSystemMessages: known.view.options.showSystemMessages,
      ...(known.view.options.prefixAgentName && message.data.agentName !== undefined && message.data.author === 'agent'
        ? { agentName: message.data.agentName }
        : {}),
    })
    if ('rejected' in degraded) return this.refuse(message, degraded.rejected, degraded.why)
    if (degraded.offered !== undefined && degraded.offered.options.length > 0) {
      const offer = { ...degraded.offered, ...(message.data.origin === undefined ? {} : { of: message.data.origin.id }) }
      if (offers[0]?.options[0]?.token !== offer.options[0]?.token) await guests.offer(conversation, offer)
    }
    journal.tell({ ...this.hop(message), hop: 'rendered', detail: shownAs(content, degraded.parts) })
    const result = await this.parts.sender.send(
      known,
      message,
      guest,
      this.priority(message),
      degraded.parts.map(part => ({ kind: part.kind, render: (out: Outgoing<unknown>) => this.render(part, out) })),
    )
    return this.conclude(message, known, account, result)
  }

  private render(part: Content, out: Outgoing<unknown>): PlatformCall[] {
    const renderers = this.parts.connector.implementation.render as Partial<
      Record<Content['kind'], (content: Content, out: Outgoing<unknown>) => PlatformCall[]>
    >
    const render = renderers[part.kind]
    if (render === undefined) throw new Error(`connector renders no ${part.kind}`)
    return render(part, out)
  }

  private async conclude(message: Message, known: KnownTenant, account: string | undefined, result: SendResult): Promise<Step> {
    const { attempts, gate, guests, journal, trouble } = this.parts
    const { tenantId, guest: guestId } = message.data
    switch (result.kind) {
      case 'sent':
        if (this.unmarked.size < maxUnmarked) this.unmarked.set(message.id, result.platformId)
        return this.finish(message, known, account)
      case 'wait':
        journal.tell({ ...this.hop(message), hop: 'waiting', detail: { why: result.why, waitMilliseconds: Math.round(result.milliseconds) } })
        return { kind: 'later', milliseconds: result.milliseconds }
      case 'inDoubt':
        await gate.failed(gateOf(tenantId, account), result.why)
        return this.give(message, 'inDoubt', `it may or may not have arrived: ${result.why}`)
      case 'failed':
        break
    }
    const { failure } = result
    switch (failure.kind) {
      case 'retryable': {
        await gate.failed(gateOf(tenantId, account), failure.why)
        const next = await attempts.next(message.id, failure.afterSeconds)
        if (next === undefined) return this.give(message, 'unavailable', failure.why)
        journal.tell({
          ...this.hop(message),
          hop: 'retry',
          detail: { why: failure.why, attempt: next.attempt, waitMilliseconds: Math.round(next.milliseconds) },
        })
        return { kind: 'later', milliseconds: next.milliseconds }
      }
      case 'rateLimited':
        // what only this guest's limit holds up is worth telling the agent before the day is over
        if (failure.scope === 'guest' && Date.now() - Date.parse(message.time) > guestLimitMilliseconds) return this.refuse(message, 'rateLimited', failure.why)
        journal.tell({ ...this.hop(message), hop: 'waiting', detail: { why: failure.why, waitMilliseconds: failure.afterSeconds * 1000 } })
        return { kind: 'later', milliseconds: failure.afterSeconds * 1000 }
      case 'recipient':
        if (failure.optOut) await guests.remember(conversationKey(tenantId, guestId), { optedOut: true })
        return this.refuse(message, failure.code ?? 'blocked', failure.why)
      case 'content':
      case 'alternative':
        if ('code' in failure && failure.code === 'subscription') trouble.mention(known, failure.why)
        return this.refuse(message, ('code' in failure ? failure.code : undefined) ?? 'content', failure.why)
      case 'subscription':
      case 'unauthorized': {
        await trouble.pause(known, failure.why, account)
        journal.tell({ ...this.hop(message), hop: 'parked', detail: { why: failure.why, gate: 'paused' } })
        return { kind: 'later', milliseconds: Math.max(await gate.enter(gateOf(tenantId, account)), 1500) }
      }
      case 'moved':
        return this.refuse(message, 'unknownGuest', failure.why)
    }
  }

  /** It is at the platform. The mark comes first: whatever fails behind it is repeated, the sending is not. */
  private async finish(message: Message, known: KnownTenant, account: string | undefined): Promise<Step> {
    const platformId = this.unmarked.get(message.id)
    await this.parts.guests.mark(message.id, sentMark, markSeconds)
    this.unmarked.delete(message.id)
    if ((await this.parts.gate.worked(gateOf(message.data.tenantId, account))) !== undefined) {
      await this.parts.trouble.recovered(known)
      await this.parts.wake(message.data.tenantId)
    }
    await this.tell(message, this.parts.connector.implementation.sentMeans ?? 'sent')
    await this.parts.sender.forget(message.id)
    await this.parts.attempts.forget(message.id)
    this.parts.journal.tell({ ...this.hop(message), hop: 'sent', ...(platformId === undefined ? {} : { platformId }) })
    return { kind: 'done' }
  }

  /** Final without a dead letter: it cannot be repaired by sending it again. */
  private async refuse(message: Message, code: ReasonCode, why: string): Promise<Step> {
    await this.tell(message, 'failed', code, why)
    await this.parts.guests.mark(message.id, '1', markSeconds)
    await this.parts.sender.forget(message.id)
    await this.parts.attempts.forget(message.id)
    this.parts.journal.tell({ ...this.hop(message), hop: 'failed', detail: { reason: code, why } })
    return { kind: 'done' }
  }

  /** Gives up: dead letter, failed receipt. */
  private async give(message: Message, reason: ReasonCode, why: string): Promise<Step> {
    const { broker, service, log, journal } = this.parts
    const { tenantId, guest } = message.data
    try {
      await bury(broker, service, message, conversationKey(tenantId, guest), { reason, why, exchange: exchanges.messages, key: this.ownKey(message) })
      await this.tell(message, 'failed', reason, why)
      if (this.parts.tenants.find(tenantId) !== undefined) {
        await this.parts.guests.mark(message.id, deadMark(message), 60)
        await this.parts.sender.forget(message.id)
        await this.parts.attempts.forget(message.id)
      }
    } catch (error) {
      if (!isPlumbing(error)) log.error({ err: error }, 'message could not be given up')
      return { kind: 'later', milliseconds: 1000 }
    }
    log.warn({ tenant: tenantId, message: message.id, reason, why }, 'message could not be delivered')
    await this.parts.trouble.dead(message, reason)
    journal.tell({ ...this.hop(message), hop: 'dead', detail: { reason, why } })
    return { kind: 'done' }
  }

  private async tell(message: Message, state: 'sent' | 'delivered' | 'failed', code?: ReasonCode, why?: string): Promise<void> {
    const { origin, tenantId, guest } = message.data
    if (origin === undefined || origin.receipts?.includes(state) === false) return
    const { connector, broker } = this.parts
    const direction = connector.definition.role === 'messaging' ? 'inbound' : 'outbound'
    const receipt = envelope(
      'um.receipt.v1',
      {
        id: derivedId('receipt', message.id, state),
        source: `/${connector.definition.id}`,
        subject: conversationKey(tenantId, guest),
        time: new Date(),
        ...(message.traceparent === undefined ? {} : { traceparent: message.traceparent }),
      },
      {
        tenantId,
        guest,
        from: connector.definition.id,
        to: origin.service,
        of: message.id,
        origin,
        state,
        ...(code === undefined ? {} : { code }),
        ...(why === undefined ? {} : { why }),
        at: new Date().toISOString(),
      },
    )
    await broker.publish(exchanges.messages, messageKey(direction, origin.service, laneOf(tenantId, guest)), receipt, {
      headers: { 'x-conversation': conversationKey(tenantId, guest) },
    })
  }

  private async receipt(received: EnvelopeOf<'um.receipt.v1'>): Promise<Step> {
    const { connector, tenants, guests, gate, attempts, journal } = this.parts
    const { tenantId, guest: guestId, origin, state } = received.data
    const renderReceipt = connector.implementation.renderReceipt
    const known = tenants.active(tenantId)
    const hop = {
      tenantId,
      guest: guestId,
      message: received.data.of,
      hop: 'receipt' as const,
      direction: connector.definition.role === 'cx' ? ('toGuest' as const) : ('toAgent' as const),
      detail: { state, ...(received.data.why === undefined ? {} : { why: received.data.why }) },
    }
    if (known === undefined || renderReceipt === undefined || origin?.service !== connector.definition.id) return { kind: 'done' }
    const finalKey = `final:${tenantId}:${origin.id.split('#')[0]}`
    const { guest, mark } = await guests.readWithMark(conversationKey(tenantId, guestId), received.id)
    if (mark !== undefined) return { kind: 'done' }
    const account = this.accountOf(guestId, guest)
    const wait = await gate.enter(gateOf(tenantId, account))
    if (wait > 0) return { kind: 'later', milliseconds: wait }
    const told = await this.parts.redis.get(finalKey)
    const rank = { sent: 0, delivered: 1, read: 2, failed: 3 }[state]
    if (told !== null && (told === '3' || rank <= Number(told))) return { kind: 'done' }
    const outgoing: OutgoingReceipt = {
      of: origin.id,
      state,
      ...(received.data.code === undefined ? {} : { code: received.data.code as ReasonCode }),
      ...(received.data.why === undefined ? {} : { why: received.data.why }),
    }
    const result = await this.parts.sender.sendLightly(known, received, guest, state === 'failed' ? 'failedReceipt' : 'receipt', out =>
      renderReceipt(outgoing, out),
    )
    if (result.kind === 'wait') return { kind: 'later', milliseconds: result.milliseconds }
    if (result.kind === 'failed') {
      const { failure } = result
      if (failure.kind === 'rateLimited') return { kind: 'later', milliseconds: failure.afterSeconds * 1000 }
      if (failure.kind === 'subscription' || failure.kind === 'unauthorized') {
        await this.parts.trouble.pause(known, failure.why, account)
        return { kind: 'later', milliseconds: 5000 }
      }
      if (failure.kind === 'retryable') {
        const next = await attempts.next(received.id, failure.afterSeconds)
        if (next !== undefined) return { kind: 'later', milliseconds: next.milliseconds }
      }
      this.parts.log.warn({ tenant: tenantId, message: received.data.of, why: failure.why }, 'receipt could not be told')
    } else {
      if (rank > 0) await this.parts.redis.set(finalKey, String(rank), 'EX', markSeconds)
      journal.tell(hop)
    }
    await guests.mark(received.id, '1', markSeconds)
    await attempts.forget(received.id)
    return { kind: 'done' }
  }

  /** Typing is worth a moment only: no retry, no waiting, first to be dropped when a budget is short. */
  private async typing(received: EnvelopeOf<'um.typing.v1'>): Promise<Step> {
    const { connector, tenants, guests, gate } = this.parts
    const { tenantId, guest: guestId, on, durationSeconds, at } = received.data
    const known = tenants.active(tenantId)
    if (known === undefined || Date.now() - Date.parse(at) > typingAgeMilliseconds) return { kind: 'done' }
    const content: Content = { kind: 'typing', on, ...(durationSeconds === undefined ? {} : { durationSeconds }) }
    const shown = degrade(content, connector.definition.capabilities, { messageId: received.id, showSystemMessages: false })
    if ('rejected' in shown || shown.parts.length === 0) return { kind: 'done' }
    const { guest } = await guests.readWithMark(conversationKey(tenantId, guestId), received.id)
    if ((await gate.state(gateOf(tenantId, this.accountOf(guestId, guest)))) !== undefined) return { kind: 'done' }
    await this.parts.sender.sendLightly(known, received, guest, 'typing', out => this.render(content, out))
    return { kind: 'done' }
  }

  private async lifecycle(received: EnvelopeOf<'um.lifecycle.v1'>): Promise<Step> {
    const { connector, tenants, guests, attempts } = this.parts
    const { tenantId, guest: guestId, change } = received.data
    const known = tenants.active(tenantId)
    if (known === undefined) return { kind: 'done' }
    const { guest, mark } = await guests.readWithMark(conversationKey(tenantId, guestId), received.id)
    if (mark !== undefined) return { kind: 'done' }
    const rendered = connector.implementation.renderLifecycle
    const text = systemText(change)
    // a guest knows that the conversation has begun
    if (connector.definition.role === 'messaging' && change === 'started') return { kind: 'done' }
    const shown = degrade({ kind: 'system', text }, connector.definition.capabilities, {
      messageId: received.id,
      showSystemMessages: known.view.options.showSystemMessages,
    })
    const parts = 'rejected' in shown ? [] : shown.parts
    const result = await this.parts.sender.sendLightly(known, received, guest, 'receipt', out =>
      rendered === undefined ? parts.flatMap(part => this.render(part, out)) : rendered(change, out),
    )
    if (result.kind === 'wait') return { kind: 'later', milliseconds: result.milliseconds }
    if (result.kind === 'failed' && result.failure.kind === 'retryable') {
      const next = await attempts.next(received.id)
      if (next !== undefined) return { kind: 'later', milliseconds: next.milliseconds }
    }
    await guests.mark(received.id, '1', markSeconds)
    return { kind: 'done' }
  }

  private accountOf(guestId: string, guest: Guest): string | undefined {
    return this.parts.connector.implementation.accountOf?.({ guest: guest.movedTo ?? guestId, address: guest.address })
  }
  private priority(message: Message): Priority {
    if (message.data.author === 'ivr') return 'ivr'
    return this.parts.connector.definition.role === 'messaging' ? 'agent' : 'guest'
  }
  private ownKey(message: Message): string {
    const { connector } = this.parts
    return messageKey(
      connector.definition.role === 'messaging' ? 'outbound' : 'inbound',
      connector.definition.id,
      laneOf(message.data.tenantId, message.data.guest),
    )
  }
  private hop(message: Message) {
    const direction = this.parts.connector.definition.role === 'messaging' ? ('toGuest' as const) : ('toAgent' as const)
    return { tenantId: message.data.tenantId, guest: message.data.guest, message: message.id, direction, kind: message.data.content.kind }
  }
}

/** `as`: what it became where the platform has nothing like it. */
function shownAs(content: Content, parts: readonly Content[]): { parts: number; as?: string } {
  const kinds = [...new Set(parts.map(({ kind }) => kind))].join(', ')
  return { parts: parts.length, ...(kinds === content.kind ? {} : { as: kinds }) }
}

/** A dead letter that is replayed is as young as new: that tells it from one that RabbitMQ delivers again. */
function deadMark(message: Message): string {
  return `dead:${message.time}`
}
function isReplay(mark: string, message: Message): boolean {
  return mark.startsWith('dead:') && mark !== deadMark(message)
}

const systemTexts: Record<LifecycleChange, string> = {
  started: 'Conversation started',
  ended: 'Conversation ended',
  joined: 'An agent joined',
  follow: 'The guest follows the account',
  unfollow: 'The guest no longer follows the account',
  optOut: 'The guest has blocked the account',
  optIn: 'The guest has unblocked the account',
}
function systemText(change: LifecycleChange): string {
  return systemTexts[change]
}
