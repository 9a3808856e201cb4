import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import {
  type Authorization,
  CallFailed,
  type Context,
  type Failure,
  type OpenMedia,
  type PlatformAnswer,
  type PlatformCall,
  type Recipient,
} from '../contract/index.ts'
import type { Budgets, Priority, Slots } from '../flow/index.ts'
import { type AgentPool, type AllowList, assertPublicUrl, PrivateAddress, perform } from '../http/index.ts'
import type { Logger } from '../log/index.ts'
import { redactText } from '../log/index.ts'
import type { Counter, Histogram } from '../metrics/index.ts'
import type { Redis } from '../redis/index.ts'
import { secretValues } from '../settings/index.ts'
import { Authorizations } from './authorizations.ts'
import type { Connector, View } from './tenants.ts'

/** For a place among the files that are on their way; a longer wait is set aside. */
export const transferPatienceMilliseconds = 1000

export type CallOutcome = { ok: true; answer: PlatformAnswer } | { ok: false; failure: Failure } | { ok: false; waitMilliseconds: number }

/** Calls a connector's platform: base URL, authorization (one refresh at a time over all replicas), budgets, classification, metrics, redaction. */
export class PlatformClient {
  private readonly connector: Connector
  private readonly budgets: Budgets
  private readonly agents: AgentPool
  private readonly allow: AllowList
  private readonly log: Logger
  private readonly calls: Counter
  private readonly seconds: Histogram
  readonly authorizations: Authorizations
  private readonly transfers: Slots
  private readonly openMedia: (view: View, media: Parameters<Context<unknown>['media']['open']>[0]) => Promise<OpenMedia>
  private readonly contextOf: (view: View) => Context<unknown>

  constructor(options: {
    connector: Connector
    redis: Redis
    budgets: Budgets
    agents: AgentPool
    allow: AllowList
    sealKey: Buffer
    log: Logger
    calls: Counter
    seconds: Histogram
    /** files on their way through this process */
    transfers: Slots
    openMedia: PlatformClient['openMedia']
    contextOf: PlatformClient['contextOf']
  }) {
    this.connector = options.connector
    this.budgets = options.budgets
    this.agents = options.agents
    this.allow = options.allow
    this.authorizations = new Authorizations(options)
    this.log = options.log
    this.calls = options.calls
    this.seconds = options.seconds
    this.transfers = options.transfers
    this.openMedia = options.openMedia
    this.contextOf = options.contextOf
  }

  /** One call of a delivery. Never throws for what the platform or the network does. `beforeSending` runs once the call will really go out. */
  async send(view: View, call: PlatformCall, to: Recipient | undefined, priority: Priority, beforeSending?: () => Promise<void>): Promise<CallOutcome> {
    const deliver = () => this.deliver(view, call, to, priority, beforeSending)
    // not of effects: `prepare` makes such calls while the delivery has its slot
    const isTransfer = to !== undefined && (call.upload !== undefined || call.multipart !== undefined)
    if (!isTransfer) return deliver()
    const leave = await this.transfers.take(view.id, { signal: AbortSignal.timeout(transferPatienceMilliseconds) }).catch(() => undefined)
    // set aside meanwhile, so that it holds up nobody else, and its gate is asked again
    if (leave === undefined) return { ok: false, waitMilliseconds: 1500 + Math.random() * 1500 }
    return deliver().finally(leave)
  }

  private async deliver(
    view: View,
    call: PlatformCall,
    to: Recipient | undefined,
    priority: Priority,
    beforeSending: (() => Promise<void>) | undefined,
  ): Promise<CallOutcome> {
    const { implementation } = this.connector
    const account = call.account ?? (to === undefined ? undefined : implementation.accountOf?.(to))
    let ready = account === undefined ? call : { ...call, account }
    for (let attempt = 0; ; attempt += 1) {
      let authorization: Authorization = {}
      if (!call.anonymous) {
        try {
          authorization = await this.authorizations.of(view, account)
        } catch (error) {
          if (error instanceof CallFailed)
            return { ok: false, failure: error.failure.kind === 'unauthorized' ? { kind: 'subscription', why: error.failure.why } : error.failure }
          throw error
        }
      }
      const rules = implementation.budgets?.(ready, to, view) ?? []
      const waitMilliseconds = await this.budgets.draw(this.connector.definition.id, rules, priority)
      if (waitMilliseconds > 0) return { ok: false, waitMilliseconds }
      if (attempt === 0) {
        const prepared = await this.prepare(view, ready, to)
        if ('failure' in prepared) return { ok: false, failure: prepared.failure }
        ready = prepared.call
        await beforeSending?.()
      }
      const outcome = await this.perform(view, ready, authorization)
      if (outcome.ok) return outcome
      if ('waitMilliseconds' in outcome) return outcome
      if (outcome.failure.kind === 'unauthorized') {
        if (!call.anonymous) await this.authorizations.refuse(view.id, account ?? '', authorization)
        if (attempt === 0 && !call.anonymous && implementation.authorize) continue
        return { ok: false, failure: { kind: 'subscription', why: outcome.failure.why } }
      }
      if (outcome.failure.kind === 'rateLimited') {
        const { afterSeconds, scope } = outcome.failure
        const tenantId = scope === 'tenant' ? view.id : undefined
        for (const rule of rules) {
          if ((rule.scope ?? 'tenant') === scope) await this.budgets.block(this.connector.definition.id, rule.key, afterSeconds, tenantId)
        }
      }
      return outcome
    }
  }

  /** For effects: waits out short budgets, parses the answer, throws CallFailed. */
  async call<T>(view: View, call: PlatformCall, answer: z.ZodType<T>): Promise<T> {
    for (let waited = 0; ; ) {
      const outcome = await this.send(view, call, undefined, 'guest')
      if (outcome.ok) {
        const parsed = answer.safeParse(outcome.answer.body)
        if (parsed.success) return parsed.data
        throw new CallFailed({ kind: 'retryable', certain: false, why: `unexpected answer to ${call.method} ${pathOf(call)} (HTTP ${outcome.answer.status})` })
      }
      if ('failure' in outcome) throw new CallFailed(outcome.failure)
      if (waited > 10_000) throw new CallFailed({ kind: 'retryable', certain: true, why: 'the call budget is used up' })
      waited += outcome.waitMilliseconds
      await sleep(Math.min(outcome.waitMilliseconds, 10_000))
    }
  }

  /** The platform has not been called for the message itself: whatever fails here is certain. */
  private async prepare(view: View, call: PlatformCall, to: Recipient | undefined): Promise<{ call: PlatformCall } | { failure: Failure }> {
    const { prepare } = this.connector.implementation
    if (prepare === undefined || to === undefined) return { call }
    try {
      return { call: await prepare(call, to, this.contextOf(view)) }
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      return { failure: error.failure.kind === 'retryable' ? { ...error.failure, certain: true } : error.failure }
    }
  }

  private async perform(view: View, call: PlatformCall, authorization: Authorization): Promise<CallOutcome> {
    const bases = this.connector.implementation.bases(view.settings)
    const baseUrl = bases[call.base ?? 'api']
    if (baseUrl === undefined) throw new Error(`connector has no base URL "${call.base}"`)
    // only the few calls that name an address of their own need this
    const trusted = call.url === undefined ? [] : Object.values(bases).map(base => new URL(base).origin)
    try {
      if (call.url !== undefined) assertPublicUrl(call.url, this.allow, trusted)
    } catch (error) {
      if (!(error instanceof PrivateAddress)) throw error
      return { ok: false, failure: { kind: 'content', why: `the platform names an address that may not be called: ${error.message}` } }
    }
    const isForeign = call.url !== undefined && !trusted.includes(new URL(call.url).origin)
    const { headers, query } = isForeign ? {} : authorization
    const performed = await perform(call, {
      baseUrl,
      isForeign,
      authorization: { ...(headers ? { headers } : {}), ...(query ? { query } : {}) },
      agents: this.agents,
      openMedia: media => this.openMedia(view, media),
    })
    this.seconds.observe(performed.milliseconds / 1000, { call: pathOf(call) })
    const failure =
      performed.failure ?? (performed.answer === undefined ? performed.noAnswer?.failure : this.connector.implementation.classify(performed.answer, call))
    this.calls.increment({ call: pathOf(call), outcome: failure?.kind ?? 'ok', status: String(performed.answer?.status ?? 'none') })
    if (failure === undefined && performed.answer !== undefined) return { ok: true, answer: performed.answer }
    const clean = { ...(failure ?? { kind: 'retryable', certain: false, why: 'no answer' }) } as Failure
    clean.why = this.clean(view, clean.why)
    this.log.debug(
      { tenant: view.id, call: `${call.method} ${pathOf(call)}`, status: performed.answer?.status, failure: clean.kind, why: clean.why },
      'platform call failed',
    )
    return { ok: false, failure: clean }
  }

  /** No secret of the tenant leaves in an error text, whatever the platform echoes. */
  private clean(view: View, text: string): string {
    let clean = redactText(text)
    for (const secret of secretValues(this.connector.definition.settings, view.settings as Record<string, unknown>)) clean = clean.replaceAll(secret, '***')
    return clean.slice(0, 500)
  }
}

/** Path for logs and metrics: ids replaced, so that neither secrets nor unbounded labels get there. */
export function pathOf(call: PlatformCall): string {
  return (
    call.path
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27,}/gi, ':id')
      .replace(/\/[^/]*\d{5,}[^/]*/g, '/:id')
      .split('?')[0] ?? ''
  )
}
