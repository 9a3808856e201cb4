import { createHash } from 'node:crypto'
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
import type { Budgets, Priority } from '../flow/index.ts'
import { type AgentPool, perform } from '../http/index.ts'
import type { Logger } from '../log/index.ts'
import { redactText } from '../log/index.ts'
import type { Counter, Histogram } from '../metrics/index.ts'
import { type Redis, withLock } from '../redis/index.ts'
import { seal, secretValues, unseal } from '../settings/index.ts'
import type { Connector, View } from './tenants.ts'

export type CallOutcome = { ok: true; answer: PlatformAnswer } | { ok: false; failure: Failure } | { ok: false; waitMilliseconds: number }

/** Calls a connector's platform: base URL, authorization (one refresh at a time over all replicas), budgets, classification, metrics, redaction. */
export class PlatformClient {
  private readonly connector: Connector
  private readonly redis: Redis
  private readonly budgets: Budgets
  private readonly agents: AgentPool
  private readonly sealKey: Buffer
  private readonly log: Logger
  private readonly calls: Counter
  private readonly seconds: Histogram
  private readonly tokens = new Map<string, { value: Authorization; fingerprint: string }>()
  private readonly openMedia: (view: View, media: Parameters<Context<unknown>['media']['open']>[0]) => Promise<OpenMedia>
  private readonly contextOf: (view: View) => Context<unknown>

  constructor(options: {
    connector: Connector
    redis: Redis
    budgets: Budgets
    agents: AgentPool
    sealKey: Buffer
    log: Logger
    calls: Counter
    seconds: Histogram
    openMedia: PlatformClient['openMedia']
    contextOf: PlatformClient['contextOf']
  }) {
    this.connector = options.connector
    this.redis = options.redis
    this.budgets = options.budgets
    this.agents = options.agents
    this.sealKey = options.sealKey
    this.log = options.log
    this.calls = options.calls
    this.seconds = options.seconds
    this.openMedia = options.openMedia
    this.contextOf = options.contextOf
  }

  /** One call of a delivery. Never throws for what the platform or the network does. `beforeSending` runs once the call will really go out. */
  async send(view: View, call: PlatformCall, to: Recipient | undefined, priority: Priority, beforeSending?: () => Promise<void>): Promise<CallOutcome> {
    for (let attempt = 0; ; attempt += 1) {
      let authorization: Authorization = {}
      if (!call.anonymous) {
        try {
          authorization = await this.authorize(view, to)
        } catch (error) {
          if (error instanceof CallFailed)
            return { ok: false, failure: error.failure.kind === 'unauthorized' ? { kind: 'subscription', why: error.failure.why } : error.failure }
          throw error
        }
      }
      const rules = this.connector.implementation.budgets?.(call, to, view) ?? []
      const waitMilliseconds = await this.budgets.draw(this.connector.definition.id, rules, priority)
      if (waitMilliseconds > 0) return { ok: false, waitMilliseconds }
      if (attempt === 0) await beforeSending?.()
      const outcome = await this.perform(view, call, authorization)
      if (outcome.ok) return outcome
      if ('waitMilliseconds' in outcome) return outcome
      if (outcome.failure.kind === 'unauthorized') {
        await this.forget(view.id)
        if (attempt === 0 && !call.anonymous && this.connector.implementation.authorize) continue
        return { ok: false, failure: { kind: 'subscription', why: outcome.failure.why } }
      }
      if (outcome.failure.kind === 'rateLimited') {
        const { afterSeconds, scope } = outcome.failure
        for (const rule of rules) if ((rule.scope ?? 'tenant') === scope) await this.budgets.block(this.connector.definition.id, rule.key, afterSeconds)
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

  /** Drops a refused token everywhere. */
  async forget(tenantId: string): Promise<void> {
    this.tokens.delete(tenantId)
    await this.redis.del(tokenKey(tenantId)).catch(() => undefined)
  }

  private async perform(view: View, call: PlatformCall, authorization: Authorization): Promise<CallOutcome> {
    const bases = this.connector.implementation.bases(view.settings)
    const baseUrl = bases[call.base ?? 'api']
    if (baseUrl === undefined) throw new Error(`connector has no base URL "${call.base}"`)
    const performed = await perform(call, {
      baseUrl,
      authorization: { ...(authorization.headers ? { headers: authorization.headers } : {}), ...(authorization.query ? { query: authorization.query } : {}) },
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

  async authorize(view: View, to: Recipient | undefined): Promise<Authorization> {
    const { authorize } = this.connector.implementation
    if (authorize === undefined) return {}
    const fingerprint = createHash('sha256').update(JSON.stringify(view.settings)).digest('base64url')
    const cached = this.tokens.get(view.id)
    if (cached?.fingerprint === fingerprint && isFresh(cached.value)) return cached.value
    const shared = await this.shared(view.id, fingerprint)
    if (shared !== undefined) return shared
    return withLock(this.redis, `lock:authorize:${view.id}`, { ttlMilliseconds: 30_000, waitMilliseconds: 40_000 }, async () => {
      const meanwhile = await this.shared(view.id, fingerprint)
      if (meanwhile !== undefined) return meanwhile
      const value = await authorize(this.contextOf(view), to)
      const ttl = value.expiresAt === undefined ? 3600 : Math.max(1, Math.floor((value.expiresAt.getTime() - Date.now()) / 1000))
      await this.redis.set(
        tokenKey(view.id),
        seal({ ...value, expiresAt: value.expiresAt?.toISOString(), fingerprint }, this.sealKey, tokenKey(view.id)),
        'EX',
        ttl,
      )
      this.tokens.set(view.id, { value, fingerprint })
      return value
    })
  }
  private async shared(tenantId: string, fingerprint: string): Promise<Authorization | undefined> {
    const sealed = await this.redis.get(tokenKey(tenantId))
    if (sealed === null) return undefined
    const stored = unseal(sealed, this.sealKey, tokenKey(tenantId)) as {
      headers?: Record<string, string>
      query?: Record<string, string>
      expiresAt?: string
      fingerprint: string
    }
    if (stored.fingerprint !== fingerprint) return undefined
    const value: Authorization = {
      ...(stored.headers ? { headers: stored.headers } : {}),
      ...(stored.query ? { query: stored.query } : {}),
      ...(stored.expiresAt ? { expiresAt: new Date(stored.expiresAt) } : {}),
    }
    if (!isFresh(value)) return undefined
    this.tokens.set(tenantId, { value, fingerprint })
    return value
  }
}

function isFresh(value: Authorization): boolean {
  return value.expiresAt === undefined || value.expiresAt.getTime() > Date.now()
}
function tokenKey(tenantId: string): string {
  return `token:${tenantId}`
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
