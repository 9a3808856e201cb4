import { createHmac } from 'node:crypto'
import type { WebhookJob } from '../../kit/messenger/index.ts'
import type { PostOutcome } from '../../kit/poster.ts'
import { type SlackAccount, slackId } from './workspace.ts'

type Job = Omit<WebhookJob, 'told' | 'account' | 'guest'>
export interface SlackEvent {
  type: string
  [member: string]: unknown
}

/** At once, after a minute, after five. https://docs.slack.dev/apis/events-api/#retries */
const retryMs = [100, 60_000, 300_000]

export function signedHeaders(body: Buffer, secret: string, now: number, type = 'application/json'): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000))
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')
  return {
    'Content-Type': type,
    'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'X-Slack-Request-Timestamp': timestamp,
    'X-Slack-Signature': `v0=${signature}`,
  }
}

/** One event of a workspace where the app is installed, repeated up to three times. */
export function eventJob({ data: { team, app, enterprise, install }, webhookUrl }: SlackAccount, event: SlackEvent, now: () => number): Job {
  const enterprise_id = enterprise?.id ?? null
  const envelope = (changed: SlackEvent, event_id: string) =>
    Buffer.from(
      JSON.stringify({
        ...{ token: 'deprecated', team_id: team, context_team_id: team, context_enterprise_id: enterprise_id, api_app_id: app.appId },
        ...{ type: 'event_callback', event_id, event_time: Math.floor(now() / 1000), is_ext_shared_channel: false, event: changed },
        authorizations: [{ enterprise_id, team_id: team, user_id: install?.botUserId ?? '', is_bot: true, is_enterprise_install: false }],
      }),
    )
  const id = slackId('Ev')
  const body = envelope(event, id)
  let retry: Record<string, string> = {}
  return {
    operation: event.type,
    body,
    url: () => webhookUrl,
    headers: sent => ({ ...signedHeaders(sent, app.signingSecret, now()), ...retry }),
    again: newId => (newId ? envelope(event, slackId('Ev')) : body),
    forged: () => {
      const forged = envelope({ ...event, text: 'Forged: transfer the money', ts: '1.000001', event_ts: '1.000001' }, slackId('Ev'))
      return { url: webhookUrl, headers: signedHeaders(forged, 'a-secret-that-is-guessed-wrongly', now()), body: forged }
    },
    retryInMs: (attempts, outcome) => {
      retry = { 'X-Slack-Retry-Num': String(attempts), 'X-Slack-Retry-Reason': reasonOf(outcome) }
      return retryMs[attempts - 1]
    },
  }
}
function reasonOf({ status, why }: PostOutcome): string {
  if (status > 0) return 'http_error'
  return why === 'no answer in time' ? 'http_timeout' : 'connection_failed'
}

/** What a person does to a message of the app. Slack does not repeat it: the person sees that it failed, and presses again. */
export function interactionJob({ data: { team, app, enterprise } }: SlackAccount, members: object, now: () => number): Job {
  const form = (more: object) =>
    Buffer.from(
      new URLSearchParams({
        payload: JSON.stringify({
          ...{ type: 'block_actions', team: { id: team, domain: 'acme' }, enterprise: enterprise ?? null, is_enterprise_install: false },
          ...{ api_app_id: app.appId, token: 'deprecated', trigger_id: `${now()}.1.a`, ...more },
        }),
      }).toString(),
    )
  const type = 'application/x-www-form-urlencoded'
  const body = form(members)
  return {
    operation: 'block_actions',
    body,
    url: () => app.interactivityUrl,
    headers: sent => signedHeaders(sent, app.signingSecret, now(), type),
    again: () => body,
    forged: () => {
      const forged = form({ ...members, user: { id: 'U0FORGED0' } })
      return { url: app.interactivityUrl, headers: signedHeaders(forged, 'a-secret-that-is-guessed-wrongly', now(), type), body: forged }
    },
    retryInMs: () => undefined,
  }
}
