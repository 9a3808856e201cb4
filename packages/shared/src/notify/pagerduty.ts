import { z } from 'zod'
import { field } from '../contract/index.ts'
import { shorten } from '../degrade/split.ts'
import { bounded, failedKey, lifecycleKey } from './build-notice.ts'
import type { DestinationKind, OutgoingRequest } from './destination.ts'
import type { Notice } from './notice.ts'
import { isAtLeast } from './routing.ts'
import { minSeverityField } from './webhook-url.ts'

const settings = z.strictObject({
  routingKey: field.secret('Routing Key', {
    pattern: /^[A-Za-z0-9]{32}$/,
    hint: 'must be 32 letters and digits',
    help: 'The integration key of an Events API v2 integration.',
  }),
  apiUrl: field.url('API URL', 'https://events.pagerduty.com', { advanced: true }),
  lifecycleAs: field.choice('Starts and Stops', ['change', 'alert', 'none'], 'change', {
    help: 'change: shown to responders, wakes nobody. alert: opens and closes an alert when a service stops. none: not sent.',
    advanced: true,
  }),
  minSeverity: minSeverityField,
})
type Settings = z.infer<typeof settings>
const maxSummary = 1024

/** Events API v2 (https://developer.pagerduty.com/docs/events-api-v2-overview). */
export const pagerduty: DestinationKind<typeof settings> = {
  label: 'PagerDuty',
  settings,
  spacingMilliseconds: 500,
  /** the vendor's advice: three times, 30 s apart */
  tooManySeconds: 30,
  /** a start ends the alert of a crash */
  alwaysRendered: ['service.started'],
  address: ({ apiUrl }) => apiUrl,
  addressProblem: ({ apiUrl }) =>
    apiUrl.startsWith('https:') ? undefined : { field: 'apiUrl', detail: 'must be an https URL: the routing key travels to it' },
  masked: ({ apiUrl, routingKey }) => `${apiUrl} ${routingKey.slice(0, 2)}***${routingKey.slice(-2)}`,
  secrets: ({ routingKey }) => [routingKey],
  render,
}

function render(notice: Notice, to: Settings): OutgoingRequest[] {
  switch (notice.event) {
    case 'service.started':
      return [resolve(failedKey(notice), to), ...lifecycle(notice, to)]
    case 'service.stopping':
      return lifecycle(notice, to)
    case 'subscription.recovered':
      return notice.dedupKey === null ? [] : [resolve(notice.dedupKey, to)]
    case 'test':
      return openAndClose(notice, bounded(`gum/${notice.deployment}/test/${notice.id}`), to)
    default:
      return [trigger(notice, notice.dedupKey ?? bounded(`gum/${notice.deployment}/${notice.id}`), to)]
  }
}

/** Starts and stops themselves are mere information. */
function lifecycle(notice: Notice, to: Settings): OutgoingRequest[] {
  if (to.lifecycleAs === 'none' || !isAtLeast(notice.severity, to.minSeverity)) return []
  // a new pod has another name, so nobody else would close this alert
  const alert = notice.event === 'service.stopping' ? openAndClose(notice, lifecycleKey(notice), to) : []
  if (to.lifecycleAs === 'alert') return alert
  // keys of rulesets begin with R and take no change events
  return [{ ...change(notice, to), ...(to.routingKey.startsWith('R') ? { alternative: alert } : {}) }]
}
function openAndClose(notice: Notice, dedupKey: string, to: Settings): OutgoingRequest[] {
  return [trigger(notice, dedupKey, to), resolve(dedupKey, to)]
}

function trigger(notice: Notice, dedupKey: string, to: Settings): OutgoingRequest {
  return {
    url: `${to.apiUrl}/v2/enqueue`,
    body: {
      routing_key: to.routingKey,
      event_action: 'trigger',
      dedup_key: dedupKey,
      payload: {
        summary: shorten(notice.message, maxSummary),
        source: notice.deployment,
        severity: notice.severity,
        timestamp: notice.occurredAt.toISOString(),
        component: notice.service,
        group: 'universal-messaging',
        class: notice.event,
        custom_details: detailsOf(notice),
      },
      client: 'Universal Messaging',
      ...(notice.url === null ? {} : { client_url: notice.url }),
    },
  }
}
function resolve(dedupKey: string, to: Settings): OutgoingRequest {
  return { url: `${to.apiUrl}/v2/enqueue`, body: { routing_key: to.routingKey, dedup_key: dedupKey, event_action: 'resolve' } }
}
function change(notice: Notice, to: Settings): OutgoingRequest {
  return {
    url: `${to.apiUrl}/v2/change/enqueue`,
    body: {
      routing_key: to.routingKey,
      payload: {
        summary: shorten(notice.message, maxSummary),
        source: notice.deployment,
        timestamp: notice.occurredAt.toISOString(),
        custom_details: detailsOf(notice),
      },
      links: notice.url === null ? [] : [{ href: notice.url, text: 'Universal Messaging' }],
    },
  }
}
function detailsOf(notice: Notice): Record<string, string | number> {
  return {
    pod: notice.pod,
    version: notice.version,
    topic: notice.topic,
    ...(notice.tenant === null ? {} : { tenantId: notice.tenant.id, tenantName: notice.tenant.name }),
    ...(notice.reason === null ? {} : { code: notice.reason }),
    ...(notice.heldBack === 0 ? {} : { suppressed: notice.heldBack }),
    ...(notice.message.length > maxSummary ? { message: notice.message } : {}),
  }
}
