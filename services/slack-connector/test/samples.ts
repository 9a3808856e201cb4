import { createHmac } from 'node:crypto'
import { type OpenMedia, type PlatformCall, present, type TenantView, type Verified, type Webhook } from '@um/shared/contract'
import { scriptedContext } from '@um/testing/conformance'
import { classify } from '../src/classify.ts'
import { slack } from '../src/definition.ts'
import type { Tenant } from '../src/webhook.ts'
import type { Settings } from '../src/workspaces.ts'

export const settings = {
  appId: 'A05KLM2N3P',
  clientId: '1234567890.9876543210',
  clientSecret: 'client-secret-of-the-sample',
  signingSecret: '9b1d6c3e5f7a48d20c4e6a8b1f3d5790',
  maxTextLength: 40_000,
  apiUrl: 'https://slack.lab.example/api',
  authorizeUrl: 'https://slack.lab.example/oauth/v2/authorize',
}
export const state = { 'workspace:T04BQRS7X1': 'active: Acme Support (T04BQRS7X1)' }
export const now = new Date(1_763_802_110_000)

/** Test vectors that were computed elsewhere. */
export const vectors = {
  challenge: {
    timestamp: '1763802000',
    body: '{"token":"wqHdT4c1YkZ0rUeLm8nS2xGb","challenge":"p7Lk2vQy9RmX4tBz6NcW8sDf0GhJ3aEu5KoIiUyT","type":"url_verification"}',
    signature: 'v0=aef82f2da1b116d796bedf89f65b7189069b4962e7c290014fdb469c8cbf4e36',
  },
  message: {
    timestamp: '1763802101',
    body: '{"token":"wqHdT4c1YkZ0rUeLm8nS2xGb","team_id":"T04BQRS7X1","api_app_id":"A05KLM2N3P","type":"event_callback","event_id":"Ev06ABCD1234","event_time":1763802101,"event":{"type":"message","text":"Grüße 👋 aus Köln","user":"U04GUEST99","ts":"1763802100.000200","channel":"D05DMCHAN1","channel_type":"im","event_ts":"1763802100.000200"}}',
    signature: 'v0=754b716056f1a4587ed28b679e871070c9b5969a4c33cc99536911cde085470e',
  },
  interaction: {
    timestamp: '1763802310',
    body: 'payload=%7B%22type%22%3A%22block_actions%22%2C%22team%22%3A%7B%22id%22%3A%22T04BQRS7X1%22%7D%2C%22user%22%3A%7B%22id%22%3A%22U04GUEST99%22%7D%2C%22api_app_id%22%3A%22A05KLM2N3P%22%2C%22container%22%3A%7B%22type%22%3A%22message%22%2C%22message_ts%22%3A%221763802300.000400%22%2C%22channel_id%22%3A%22D05DMCHAN1%22%7D%2C%22channel%22%3A%7B%22id%22%3A%22D05DMCHAN1%22%7D%2C%22actions%22%3A%5B%7B%22type%22%3A%22button%22%2C%22action_id%22%3A%22um.choice.1%22%2C%22block_id%22%3A%22um.q.42%22%2C%22text%22%3A%7B%22type%22%3A%22plain_text%22%2C%22text%22%3A%22Delivery%22%7D%2C%22value%22%3A%22delivery%22%2C%22action_ts%22%3A%221763802310.123456%22%7D%5D%7D',
    signature: 'v0=a41ca090219b6935e3a40770dbecd27c562238f9fc58647de3c265877b6bab25',
  },
} as const

export function headersOf({ timestamp, signature }: { timestamp: string; signature: string }, type = 'application/json'): Record<string, string> {
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature, 'content-type': type }
}
/** A genuine request for payloads that have no vector of their own. */
export function signed(body: string, at: Date = now): Record<string, string> {
  const timestamp = String(at.getTime() / 1000)
  return headersOf({ timestamp, signature: `v0=${createHmac('sha256', settings.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}` })
}
export function hookOf(body: string, headers: Record<string, string> = {}, path = '/events'): Verified {
  const hook: Webhook = { method: 'POST', path, query: new URLSearchParams(), headers: new Headers(headers), raw: Buffer.from(body) }
  return hook as Verified
}
export function tenantOf(more: object = {}, known: Record<string, string> = state): Tenant {
  return {
    id: '3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30',
    name: 'ACME',
    settings: slack.settings.parse({ ...settings, ...more }),
    state: known,
    options: { showSystemMessages: true, prefixAgentName: false },
    webhookUrl: 'https://um.example.com/slack',
  } satisfies TenantView<Settings>
}

/** An event in a direct message, as Slack wraps it. */
export function callback(event: object, more: object = {}): string {
  return JSON.stringify({
    team_id: 'T04BQRS7X1',
    context_enterprise_id: null,
    api_app_id: 'A05KLM2N3P',
    type: 'event_callback',
    event_id: 'Ev06ABCD1234',
    event_time: 1_763_802_101,
    authorizations: [{ enterprise_id: null, team_id: 'T04BQRS7X1', user_id: 'U05BOTBOT1', is_bot: true, is_enterprise_install: false }],
    event,
    ...more,
  })
}
export function said(more: object = {}): object {
  return {
    type: 'message',
    text: 'Hello',
    user: 'U04GUEST99',
    ts: '1763802100.000200',
    channel: 'D05DMCHAN1',
    channel_type: 'im',
    event_ts: '1763802100.000200',
    ...more,
  }
}

/** A working context whose platform is a function of the path, and in which workspaces can be installed. */
export function contextOf(
  answers: Record<string, object | ((call: PlatformCall) => object | undefined)> = {},
  { statuses = {}, ...more }: { tenant?: Tenant; now?: () => Date; media?: OpenMedia; statuses?: Record<string, number> } = {},
) {
  const platform = (call: PlatformCall) => {
    const answer = answers[call.path]
    const body = typeof answer === 'function' ? answer(call) : answer
    return body === undefined ? undefined : { name: call.path, body, call, ...present({ status: statuses[call.path] }) }
  }
  return scriptedContext({ tenant: tenantOf(), classify, platform, now: () => now, ...more })
}
export const granted = {
  ok: true,
  access_token: 'xoxb-invented-bot-token',
  token_type: 'bot',
  bot_user_id: 'U05BOTBOT1',
  app_id: 'A05KLM2N3P',
  team: { id: 'T04BQRS7X1', name: 'Acme Support' },
  enterprise: { id: 'E01ENT0001', name: 'Acme Group' },
  is_enterprise_install: false,
  authed_user: { id: 'U04ADMIN01' },
}
