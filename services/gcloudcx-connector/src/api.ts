import {
  type BudgetRule,
  type Failure,
  type HeaderFields,
  type PlatformAnswer,
  type PlatformCall,
  present,
  type ReasonCode,
  type ReceivedEvent,
  type Recipient,
  type SentFacts,
} from '@um/shared/contract'
import { isDisconnect, isTyping, receiptCall } from './calls.ts'
import type { Tenant } from './definition.ts'
import { genesysId } from './message-ids.ts'
import { genesysReason, reasonCode } from './reasons.ts'
import { ApiError, FailedInside, Sent } from './schema.ts'

/** The conversation is told with the prefetch flag only; kept, it lets us notice the conversation's end. */
export function sent(answer: unknown, call: PlatformCall): SentFacts {
  const facts = call.auxiliary ? undefined : Sent.safeParse(answer).data
  if (facts === undefined) return {}
  return present({ id: facts.id, address: facts.conversationId === undefined ? undefined : { conversationId: facts.conversationId } })
}

/** What the guest can never see is told to the agent at once. */
export function respond(event: ReceivedEvent, tenant: Tenant): PlatformCall[] {
  if (event.type !== 'message' || event.content.kind !== 'unsupported' || event.messageId === undefined) return []
  const failed = { code: genesysReason('unsupported'), message: `${event.content.what} cannot be shown to the guest` }
  return [receiptCall(tenant, { of: genesysId(event.messageId), guest: event.guest, at: event.at, failed })]
}

/** Genesys Cloud allows 300 requests a minute to each OAuth client: some room is left for its own clock. Typing lasts five seconds. */
export function budgets(call: PlatformCall, to: Recipient | undefined, tenant: Tenant): BudgetRule[] {
  if (call.anonymous) return []
  const client: BudgetRule = { key: `client:${tenant.settings.clientId}`, limit: 280, perSeconds: 60 }
  return isTyping(call) && to !== undefined ? [client, { key: `typing:${tenant.id}:${to.guest}`, limit: 1, perSeconds: 5, scope: 'guest' }] : [client]
}

/** https://developer.genesys.cloud/platform/api/status-codes . Names of alternatives: see the calls that bring them. */
export function classify({ status, headers, body }: PlatformAnswer, call: PlatformCall): Failure | undefined {
  if (status >= 200 && status < 300) return failedInside(body)
  const error = ApiError.safeParse(Object(body)).data ?? {}
  const why = describe(status, error, headers)
  const alternative = alternativeOf(status, call)
  if (alternative !== undefined) return { kind: 'alternative', name: alternative, why }
  if (call.anonymous && lasting(status)) return { kind: 'subscription', why: `Genesys Cloud refuses the OAuth client: ${why}` }
  switch (status) {
    case 401:
      return { kind: 'unauthorized', why }
    case 403:
      return isDisconnect(call) ? { kind: 'content', why } : { kind: 'subscription', why }
    case 404:
      return isInbound(call) ? { kind: 'subscription', why: `the integration is gone, save the tenant to make it anew: ${why}` } : { kind: 'content', why }
    case 409:
      return { kind: 'retryable', certain: true, afterSeconds: 1, why }
    case 429:
      return { kind: 'rateLimited', scope: 'tenant', afterSeconds: secondsToWait(headers), why }
    case 503:
      return { kind: 'retryable', certain: true, why }
    default:
      return lasting(status) ? { kind: 'content', code: refusals[status] ?? 'content', why } : { kind: 'retryable', certain: false, why }
  }
}
function lasting(status: number): boolean {
  return status < 500 && status !== 408 && status !== 429
}

const refusals: Readonly<Record<number, ReasonCode>> = { 413: 'tooLarge', 415: 'mediaType' }

/** `asText`: what is refused for what it is goes as words. The other ones are the caller's own affair. */
const alternatives: Readonly<Record<string, readonly number[]>> = { asText: [400, 413, 415], gone: [404], conflict: [409], inUse: [400, 409] }

function alternativeOf(status: number, call: PlatformCall): string | undefined {
  return Object.keys(call.alternatives ?? {}).find(name => alternatives[name]?.includes(status))
}
function isInbound(call: PlatformCall): boolean {
  return call.path.includes('/inbound/open')
}

/** A request may be taken and its message refused all the same: not worth a repeat. */
function failedInside(body: unknown): Failure | undefined {
  const failed = FailedInside.safeParse(body).data
  if (failed === undefined) return undefined
  const [reason] = failed.reasons
  return {
    kind: 'content',
    code: reasonCode(reason?.code) ?? 'content',
    why: `Genesys Cloud marks it as failed: ${reason?.message ?? reason?.code ?? 'no reason given'}`,
  }
}

const defaultWaitSeconds = 5
/** A second more than asked for: the two clocks may differ. */
function secondsToWait(headers: HeaderFields): number {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds + 1 : defaultWaitSeconds
}

function describe(status: number, error: ApiError, headers: HeaderFields): string {
  const words = [error.code ?? error.error, error.message ?? error.description ?? error.error_description].filter(Boolean).join(': ')
  const correlation = headers.get('inin-correlation-id') ?? headers.get('genesys-correlation-id')
  return `HTTP ${status}${words === '' ? '' : ` ${words.slice(0, 300)}`}${correlation === null ? '' : ` (correlation ${correlation})`}`
}
