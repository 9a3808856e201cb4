import { type InboundEvent, type Refusal, type Reply, readJson, type SettingsOf, type TenantView, type Verified, type Webhook } from '@um/shared/contract'
import { signature } from '@um/shared/kit'
import type { slack } from './definition.ts'
import { Challenge, Other, Payload } from './schema.ts'
import { accountsOf } from './workspaces.ts'

export type Tenant = TenantView<SettingsOf<typeof slack>>

export const paths = ['/events', '/interactivity'] as const
/** A URL verification names no app, so that every tenant's secret is tried. */
const anyTenant = 'url_verification'
const header = 'x-slack-signature'

/** Events are JSON, interactions JSON in the one field of a form. */
export function payloadOf({ headers, raw }: Pick<Webhook, 'headers' | 'raw'>): unknown {
  if (!headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')) return readJson(raw)
  return readJson(Buffer.from(new URLSearchParams(raw.toString('utf8')).get('payload') ?? ''))
}

/** Where the app is installed: the workspace, or its organisation when that has installed it for all of them. */
export function installationOf(payload: Payload): string {
  switch (payload.type) {
    case 'event_callback': {
      const [grant] = payload.authorizations
      return (grant?.is_enterprise_install ? grant.enterprise_id : grant?.team_id) ?? payload.team_id ?? ''
    }
    case 'block_actions':
      return (payload.is_enterprise_install ? payload.enterprise?.id : payload.team?.id) ?? ''
    case 'app_rate_limited':
      return payload.team_id
  }
}

/** Several tenants may share an app: the one in which the workspace is registered is meant. */
export function locate(hook: Webhook): string | Refusal {
  if (!hook.headers.has(header)) return { refused: 'unauthenticated', why: `${header} is missing` }
  const body = payloadOf(hook)
  const payload = Payload.safeParse(body).data
  if (payload) return `${payload.api_app_id}:${installationOf(payload)}`
  return Other.safeParse(body).success ? anyTenant : { refused: 'malformed', why: 'the body is no payload of Slack' }
}
export function keys({ settings, state }: Tenant): string[] {
  return [anyTenant, ...accountsOf(state).map(account => `${settings.appId}:${account}`)]
}

const timeHeader = 'x-slack-request-timestamp'
/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const verify = signature<Tenant['settings']>({
  header,
  encoding: 'hex',
  prefix: 'v0=',
  secrets: ({ signingSecret }) => [signingSecret],
  signed: ({ headers, raw }) => [`v0:${headers.get(timeHeader) ?? ''}:`, raw],
  time: { header: timeHeader, toleranceSeconds: ({ maxClockSkewSeconds }) => maxClockSkewSeconds },
})

/** Slack checks a new address by a challenge, which it signs like everything else. */
export function acknowledge(_events: InboundEvent[], hook: Verified): Reply {
  const challenge = Challenge.safeParse(payloadOf(hook)).data?.challenge
  return challenge === undefined ? { status: 200 } : { status: 200, headers: { 'content-type': 'text/plain' }, body: challenge }
}
