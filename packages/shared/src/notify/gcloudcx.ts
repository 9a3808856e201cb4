import { z } from 'zod'
import type { DestinationKind } from './destination.ts'
import type { Notice } from './notice.ts'
import { headline, shownFacts } from './presentation.ts'
import { escapeWithin, utcText } from './text.ts'
import { leadsTo, maskedOrigin, minSeverityField, urlSecrets, webhookUrlField } from './webhook-url.ts'

const settings = z.strictObject({
  webhookUrl: webhookUrlField('The Webhook Notification link of the Generic Webhook integration.'),
  minSeverity: minSeverityField,
})
/** Regions of later years are below the last two domains (https://help.mypurecloud.com/articles/aws-regions-for-genesys-cloud-deployment/). */
const host = /^apps\.(mypurecloud\.(com|ie|de|jp|com\.au)|[a-z0-9-]+\.(pure|us-gov-pure)\.cloud)$/
const path = /^\/webhooks\/api\/v1\/webhook\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const maxMessage = 4000

/** The Generic Webhook integration (https://help.mypurecloud.com/articles/set-up-an-integration-using-the-generic-webhook/). */
export const gcloudcx: DestinationKind<typeof settings> = {
  label: 'Genesys Cloud',
  settings,
  spacingMilliseconds: 1000,
  address: ({ webhookUrl }) => webhookUrl,
  addressProblem: ({ webhookUrl }) =>
    leadsTo(webhookUrl, host, path)
      ? undefined
      : { field: 'webhookUrl', detail: 'is not a webhook address of Genesys Cloud (https://apps.…/webhooks/api/v1/webhook/…)' },
  masked: ({ webhookUrl }) => (leadsTo(webhookUrl, host, path) ? webhookUrl.replace(/[^/]+([^/]{4})$/, '****$1') : maskedOrigin(webhookUrl)),
  secrets: ({ webhookUrl }) => urlSecrets(webhookUrl),
  render: (notice, { webhookUrl }) => [{ url: webhookUrl, body: { message: messageOf(notice), metadata: metadataOf(notice) } }],
}

function messageOf(notice: Notice): string {
  const facts = [...shownFacts(notice), { title: 'Time', value: utcText(notice.occurredAt) }]
  const list = `\n\n${facts.map(({ title, value }) => `- ${title}: ${escapeMarkdown(value)}`).join('\n')}`
  const { service, rest } = headline(notice)
  const bold = service === undefined ? '' : `**${escapeMarkdown(service)}**`
  return bold + escapeWithin(rest, maxMessage - bold.length - list.length, escapeMarkdown) + list
}

/** The mapping in Genesys Cloud filters on the first word. */
function metadataOf({ topic, severity, event, service, deployment }: Notice): string {
  return `universal-messaging topic:${topic} severity:${severity} event:${event} service:${service} deployment:${deployment}`
}
function escapeMarkdown(text: string): string {
  return text.replace(/[\\*_#[\]`]/g, '\\$&')
}
