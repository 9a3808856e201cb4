import { createHmac, timingSafeEqual } from 'node:crypto'
import { type InboundEvent, type Refusal, type Reply, readJson, type SettingsOf, type TenantView, type Verified, type Webhook } from '@um/shared/contract'
import type { slack } from './definition.ts'
import { Challenge, EventCallback, Interaction, Other, RateLimited } from './schema.ts'
import { accountsOf } from './workspaces.ts'

export type Tenant = TenantView<SettingsOf<typeof slack>>

export const paths = ['/events', '/interactivity'] as const
/** A URL verification names no app, so that every tenant's secret is tried. */
const anyTenant = 'url_verification'

/** Events are JSON, interactions JSON in the one field of a form. */
export function payloadOf({ headers, raw }: Pick<Webhook, 'headers' | 'raw'>): unknown {
  if (!headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')) return readJson(raw)
  return readJson(Buffer.from(new URLSearchParams(raw.toString('utf8')).get('payload') ?? ''))
}

/** Where the app is installed: the workspace, or its organisation when that has installed it for all of them. */
export function accountOfEvent({ authorizations: [grant], team_id = '' }: EventCallback): string {
  return (grant?.is_enterprise_install ? grant.enterprise_id : grant?.team_id) ?? team_id
}
export function accountOfInteraction({ is_enterprise_install, enterprise, team }: Interaction): string {
  return (is_enterprise_install ? enterprise?.id : team?.id) ?? ''
}

/** Several tenants may share an app: the one in which the workspace is registered is meant. */
export function locate(hook: Webhook): string | Refusal {
  if (!hook.headers.has('x-slack-signature')) return { refused: 'unauthenticated', why: 'the signature is missing' }
  const payload = payloadOf(hook)
  const event = EventCallback.safeParse(payload).data
  if (event) return `${event.api_app_id}:${accountOfEvent(event)}`
  const interaction = Interaction.safeParse(payload).data
  if (interaction) return `${interaction.api_app_id}:${accountOfInteraction(interaction)}`
  const limited = RateLimited.safeParse(payload).data
  if (limited) return `${limited.api_app_id}:${limited.team_id}`
  return Other.safeParse(payload).success ? anyTenant : { refused: 'malformed', why: 'the body is no payload of Slack' }
}
export function keys({ settings, state }: Tenant): string[] {
  return [anyTenant, ...accountsOf(state).map(account => `${settings.appId}:${account}`)]
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function verify({ headers, raw }: Webhook, { settings }: Tenant, now: Date): Refusal | undefined {
  const timestamp = headers.get('x-slack-request-timestamp') ?? ''
  if (!/^\d{1,12}$/.test(timestamp)) return { refused: 'unauthenticated', why: 'the timestamp is missing or no number' }
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > settings.maxClockSkewSeconds) return { refused: 'stale', why: 'the timestamp is too far from now' }
  const expected = Buffer.from(`v0=${createHmac('sha256', settings.signingSecret).update(`v0:${timestamp}:`).update(raw).digest('hex')}`)
  const given = Buffer.from(headers.get('x-slack-signature') ?? '')
  return given.length === expected.length && timingSafeEqual(given, expected) ? undefined : { refused: 'unauthenticated', why: 'the signature is wrong' }
}

/** Slack checks a new address by a challenge, which it signs like everything else. */
export function acknowledge(_events: InboundEvent[], hook: Verified): Reply {
  const challenge = Challenge.safeParse(payloadOf(hook)).data?.challenge
  return challenge === undefined ? { status: 200 } : { status: 200, headers: { 'content-type': 'text/plain' }, body: challenge }
}
