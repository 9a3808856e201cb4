import { z } from 'zod'
import { field } from '../contract/index.ts'
import type { DestinationKind } from './destination.ts'
import type { Notice, Severity } from './notice.ts'
import { headline, shownFacts } from './presentation.ts'
import { escapeWithin } from './text.ts'
import { leadsTo, maskedOrigin, minSeverityField, urlSecrets, webhookUrlField } from './webhook-url.ts'

const settings = z.strictObject({
  webhookUrl: webhookUrlField('From the Incoming Webhooks page of the Slack app.'),
  channel: field.optionalText('Channel', {
    pattern: /^[#@]\S+$/,
    hint: 'must be #channel or @user',
    max: 100,
    help: 'Only for classic webhooks; the webhook of an app has its own channel.',
  }),
  minSeverity: minSeverityField,
})
const host = /^hooks\.slack(-gov)?\.com$/
const path = /^\/(services|workflows)\/[\w/-]+$/
const maxText = 3000
const icons: Readonly<Record<Severity, string>> = {
  info: ':information_source:',
  warning: ':warning:',
  error: ':x:',
  critical: ':rotating_light:',
}
const colours: Readonly<Record<Severity, string>> = { info: '#2eb886', warning: '#daa038', error: '#d00000', critical: '#7b0000' }

/** Incoming webhooks (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export const slack: DestinationKind<typeof settings> = {
  label: 'Slack',
  settings,
  spacingMilliseconds: 1000,
  address: ({ webhookUrl }) => webhookUrl,
  addressProblem: ({ webhookUrl }) =>
    leadsTo(webhookUrl, host, path) ? undefined : { field: 'webhookUrl', detail: 'is not a webhook address of Slack (https://hooks.slack.com/services/…)' },
  masked: ({ webhookUrl }) => (leadsTo(webhookUrl, host, path) ? maskedPath(new URL(webhookUrl)) : maskedOrigin(webhookUrl)),
  secrets: ({ webhookUrl }) => urlSecrets(webhookUrl),
  render: (notice, { webhookUrl, channel }) => [
    {
      url: webhookUrl,
      body: {
        text: textOf(notice),
        ...(channel === undefined ? {} : { username: 'Universal Messaging', channel }),
        attachments: [
          {
            color: colours[notice.severity],
            fields: shownFacts(notice).map(({ title, value }) => ({ title, value: escapeEntities(value), short: true })),
            ts: Math.floor(notice.occurredAt.getTime() / 1000),
          },
        ],
      },
    },
  ],
}

function textOf(notice: Notice): string {
  const { service, rest } = headline(notice)
  const icon = notice.event === 'subscription.recovered' ? ':white_check_mark:' : icons[notice.severity]
  const start = service === undefined ? `${icon} ` : `${icon} *${escapeEntities(service)}*`
  return start + escapeWithin(rest, maxText - start.length, escapeEntities)
}
/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escapeEntities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** `/services/T***` + `/B***` + `/***` */
function maskedPath({ origin, pathname }: URL): string {
  const [, kind, ...parts] = pathname.split('/')
  const masked = parts.map((part, index) => (kind === 'services' && index < 2 && parts.length > 2 ? `${part.slice(0, 1)}***` : '***'))
  return `${origin}/${kind}/${masked.join('/')}`
}
