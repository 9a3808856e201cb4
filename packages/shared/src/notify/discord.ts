import { z } from 'zod'
import { shorten } from '../degrade/split.ts'
import type { DestinationKind } from './destination.ts'
import type { Notice, Severity } from './notice.ts'
import { shownFacts } from './presentation.ts'
import { escapeWithin } from './text.ts'
import { leadsTo, maskedOrigin, minSeverityField, urlSecrets, webhookUrlField } from './webhook-url.ts'

const settings = z.strictObject({
  webhookUrl: webhookUrlField("From the channel's settings, Integrations, Webhooks."),
  minSeverity: minSeverityField,
})
const host = /^((canary|ptb)\.)?discord(app)?\.com$/
const path = /^\/api\/(v\d+\/)?webhooks\/\d+\/[\w-]+$/
/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const maxUnits = { title: 256, description: 4096, value: 1024 }
const colours: Readonly<Record<Severity, number>> = { info: 0x2eb886, warning: 0xdaa038, error: 0xd00000, critical: 0x7b0000 }

/** Webhooks (https://discord.com/developers/docs/resources/webhook#execute-webhook). */
export const discord: DestinationKind<typeof settings> = {
  label: 'Discord',
  settings,
  spacingMilliseconds: 1000,
  address: ({ webhookUrl }) => webhookUrl,
  addressProblem: ({ webhookUrl }) =>
    leadsTo(webhookUrl, host, path) ? undefined : { field: 'webhookUrl', detail: 'is not a webhook address of Discord (https://discord.com/api/webhooks/…)' },
  masked: ({ webhookUrl }) => {
    if (!leadsTo(webhookUrl, host, path)) return maskedOrigin(webhookUrl)
    const { origin, pathname } = new URL(webhookUrl)
    return `${origin}${pathname.replace(/[^/]+$/, '***')}`
  },
  secrets: ({ webhookUrl }) => urlSecrets(webhookUrl),
  render: (notice, { webhookUrl }) => [{ url: waiting(webhookUrl), body: bodyOf(notice) }],
}

/** Without `wait` the answer is 204 even for a message that was not kept. */
function waiting(webhookUrl: string): string {
  const url = new URL(webhookUrl)
  url.searchParams.set('wait', 'true')
  return url.href
}
function bodyOf(notice: Notice): object {
  return {
    username: 'Universal Messaging',
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: shorten(notice.label, maxUnits.title),
        description: escapeWithin(notice.message, maxUnits.description, escapeMarkdown),
        color: colours[notice.severity],
        timestamp: notice.occurredAt.toISOString(),
        fields: shownFacts(notice).map(({ title, value }) => ({
          name: title,
          value: escapeWithin(value, maxUnits.value, escapeMarkdown) || '-',
          inline: true,
        })),
      },
    ],
  }
}
function escapeMarkdown(text: string): string {
  return text.replace(/[\\*_~`|[\]]/g, '\\$&')
}
