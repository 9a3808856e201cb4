import type { Context, Failure, Outgoing, PlatformCall } from '../contract/index.ts'
import type { Priority } from '../flow/index.ts'
import type { Logger } from '../log/index.ts'
import { conversationKey, type EnvelopeOf } from '../model/index.ts'
import type { Redis } from '../redis/index.ts'
import type { Guest, GuestBook } from './guests.ts'
import { outgoing } from './outgoing.ts'
import type { CallOutcome, PlatformClient } from './platform.ts'
import { SendProgress } from './progress.ts'
import type { Connector, KnownTenant, View } from './tenants.ts'

export type SendResult =
  | { kind: 'sent'; platformId?: string }
  /** not an attempt: a budget is used up */
  | { kind: 'wait'; milliseconds: number; why: string }
  | { kind: 'failed'; failure: Failure }
  /** the platform may have delivered it, and a repeat could double it */
  | { kind: 'inDoubt'; why: string }

export interface Part {
  kind: string
  render(out: Outgoing<unknown>): PlatformCall[]
}
/** an alternative may name another (by URL → upload → link), a moved conversation is rendered once more */
const maxDetours = 4

/**
 * Sends the parts of a message, each call once. Progress is kept per part and call, so that a retry goes on where the last attempt ended; a call that may not be repeated is
 * claimed before it goes out, so that a crash in the middle is seen as doubt and not sent twice.
 */
export class Sender {
  private readonly connector: Connector
  private readonly guests: GuestBook
  private readonly platform: PlatformClient
  private readonly contextOf: (view: View) => Context<unknown>
  private readonly log: Logger
  private readonly progress: SendProgress
  constructor(options: {
    connector: Connector
    redis: Redis
    guests: GuestBook
    platform: PlatformClient
    contextOf: (view: View) => Context<unknown>
    log: Logger
  }) {
    this.connector = options.connector
    this.progress = new SendProgress(options.redis)
    this.guests = options.guests
    this.platform = options.platform
    this.contextOf = options.contextOf
    this.log = options.log
  }

  async send(known: KnownTenant, message: EnvelopeOf<'um.message.v1'>, guest: Guest, priority: Priority, parts: readonly Part[]): Promise<SendResult> {
    const { data } = message
    const progress = await this.progress.read(message.id)
    let platformId: string | undefined
    for (const [index, part] of parts.entries()) {
      const base = {
        id: index === 0 ? message.id : `${message.id}-${index}`,
        at: new Date(data.at),
        guestId: data.guest,
        profile: data.profile,
        author: data.author,
        ...(data.origin === undefined ? {} : { originId: data.origin.id }),
        ...(data.agentName === undefined ? {} : { agentName: data.agentName }),
      }
      const done = progress[`${index}`]
      if (done !== undefined) {
        platformId ??= done === '' ? undefined : done
        continue
      }
      const result = await this.sendPart(known, message, index, guest, priority, part, base, progress)
      if (result.kind !== 'sent') return result
      platformId ??= result.platformId
      await this.progress.done(message.id, `${index}`, result.platformId ?? '', parts.length > 1)
    }
    return { kind: 'sent', ...(platformId === undefined ? {} : { platformId }) }
  }

  private async sendPart(
    known: KnownTenant,
    message: EnvelopeOf<'um.message.v1'>,
    index: number,
    guest: Guest,
    priority: Priority,
    part: Part,
    base: Omit<Parameters<typeof outgoing>[1], 'guest'>,
    progress: Readonly<Record<string, string | undefined>>,
  ): Promise<SendResult> {
    let out = outgoing(known, { ...base, guest })
    let calls = part.render(out)
    let platformId: string | undefined
    let detours = 0
    const messageId = message.id
    /** alternatives that were taken, by place: a later attempt takes them again, so that what is done is found at its place */
    const ways = new Map<number, readonly string[]>()
    for (let step = 0; step < calls.length; ) {
      const field = `${index}.${step}`
      if (!ways.has(step)) {
        const taken = progress[`${field}.ways`]?.split(' ') ?? []
        ways.set(step, taken)
        calls = insteadOf(calls, step, taken)
        continue
      }
      const call = calls[step]
      if (call === undefined) break
      const doneAs = progress[`${field}.done`]
      if (doneAs !== undefined) {
        if (doneAs !== '' && !call.auxiliary) {
          platformId ??= doneAs
          await this.rememberSent(known, message, doneAs)
        }
        step += 1
        continue
      }
      const careful = call.idempotent !== true && call.method !== 'GET'
      if (careful && this.progress.isClaimed(progress, field)) return { kind: 'inDoubt', why: 'the service ended while the platform was being called' }
      const outcome = await this.platform.send(known.view, call, out.to, priority, careful ? () => this.progress.claim(messageId, field) : undefined)
      if (outcome.ok) {
        const facts = this.connector.implementation.sent(outcome.answer.body, call)
        if (!call.auxiliary) platformId ??= facts.id
        // first: whatever fails behind it is repeated, the call is not
        await this.progress.done(messageId, `${field}.done`, facts.id ?? '', calls.length > 1)
        // of each of them the platform may report
        if (!call.auxiliary && facts.id !== undefined) await this.rememberSent(known, message, facts.id)
        if (call.numbered) await this.guests.openMenu(conversationKey(known.tenant.id, base.guestId))
        if (facts.address !== undefined && Object.entries(facts.address).some(([name, value]) => guest.address[name] !== value)) {
          guest.address = { ...guest.address, ...facts.address }
          await this.guests.remember(conversationKey(known.tenant.id, base.guestId), { address: guest.address })
        }
        await this.connector.implementation
          .sentEffect?.(facts, out, this.contextOf(known.view))
          .catch(error => this.log.warn({ err: error, tenant: known.tenant.id }, 'what follows a send failed'))
        step += 1
        continue
      }
      if (careful && surelyNotDelivered(outcome)) await this.progress.unclaim(messageId, field)
      if ('waitMilliseconds' in outcome) return { kind: 'wait', milliseconds: outcome.waitMilliseconds, why: 'the call budget is used up' }
      const { failure } = outcome
      const alternative = failure.kind === 'alternative' ? call.alternatives?.[failure.name] : undefined
      if (failure.kind === 'alternative' && alternative !== undefined && detours < maxDetours) {
        detours += 1
        const taken = [...(ways.get(step) ?? []), failure.name]
        ways.set(step, taken)
        // one for one leaves all places as they are
        if (alternative.length !== 1) await this.progress.done(messageId, `${field}.ways`, taken.join(' '), true)
        calls = insteadOf(calls, step, [failure.name])
        continue
      }
      if (failure.kind === 'moved' && detours < maxDetours && out.to.guest !== failure.to) {
        detours += 1
        guest.movedTo = failure.to
        await this.guests.remember(conversationKey(known.tenant.id, base.guestId), { movedTo: failure.to })
        out = outgoing(known, { ...base, guest })
        calls = part.render(out)
        for (const [at, taken] of ways) calls = insteadOf(calls, at, taken)
        continue
      }
      if (failure.kind === 'retryable' && !failure.certain && careful) return { kind: 'inDoubt', why: failure.why }
      return { kind: 'failed', failure }
    }
    return { kind: 'sent', ...(platformId === undefined ? {} : { platformId }) }
  }

  /** Receipts, typing, lifecycle: repeated as a whole, or not at all. */
  async sendLightly(
    known: KnownTenant,
    received: { id: string; time: string; data: { guest: string; at: string; profile?: unknown } },
    guest: Guest,
    priority: Priority,
    render: (out: Outgoing<unknown>) => PlatformCall[],
  ): Promise<Exclude<SendResult, { kind: 'inDoubt' }>> {
    const out = outgoing(known, {
      id: received.id,
      at: new Date(received.data.at),
      guestId: received.data.guest,
      guest,
      ...(received.data.profile === undefined ? {} : { profile: received.data.profile }),
    })
    for (const call of render(out)) {
      const outcome = await this.platform.send(known.view, call, out.to, priority)
      if (outcome.ok) continue
      if ('waitMilliseconds' in outcome) return { kind: 'wait', milliseconds: outcome.waitMilliseconds, why: 'the call budget is used up' }
      return { kind: 'failed', failure: outcome.failure }
    }
    return { kind: 'sent' }
  }

  async forget(messageId: string): Promise<void> {
    await this.progress.forget(messageId)
  }

  private async rememberSent(known: KnownTenant, message: EnvelopeOf<'um.message.v1'>, platformId: string): Promise<void> {
    const seconds = this.connector.implementation.receiptWindowSeconds ?? 0
    if (seconds <= 0) return
    const { origin, guest } = message.data
    const sent = { id: message.id, guest, ...(origin === undefined ? {} : { origin }) }
    const inOrder = this.connector.implementation.readCoversEarlier?.(known.view.settings) ?? false
    await this.guests.rememberSent(known.tenant.id, platformId, sent, seconds, inOrder)
  }
}

/** The calls with the one at this place replaced by an alternative of its own, and so on. */
function insteadOf(calls: readonly PlatformCall[], place: number, names: readonly string[]): PlatformCall[] {
  return names.reduce<PlatformCall[]>(
    (before, name) => before.flatMap((call, at) => (at === place ? (call.alternatives?.[name] ?? [call]) : [call])),
    [...calls],
  )
}

function surelyNotDelivered(outcome: Exclude<CallOutcome, { ok: true }>): boolean {
  if ('waitMilliseconds' in outcome) return true
  return outcome.failure.kind !== 'retryable' || outcome.failure.certain
}
