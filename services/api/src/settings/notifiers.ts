import { field } from '@um/shared/contract'
import type { Notifier } from '@um/shared/settings'
import { z } from 'zod'

const minSeverity = field.choice('From Severity', ['info', 'warning', 'error', 'critical'], 'info', {
  help: 'Less severe notices are not sent there.',
  advanced: true,
})

/** On this machine, where tests and side-cars live, any address is fine. */
function webhookUrl(label: string, allowed: (url: URL) => boolean, anyHost: boolean) {
  return z
    .string()
    .max(2000)
    .refine(text => {
      if (!URL.canParse(text)) return false
      const url = new URL(text)
      if (url.protocol !== 'https:' && url.protocol !== 'http:') return false
      return anyHost || isLoopback(url) || (url.protocol === 'https:' && allowed(url))
    }, `is not a webhook address of ${label}`)
    .meta({ title: 'WebHook URL', secret: true })
}
function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** Default ports only: an address with another one is not the vendor's. */
function isAt(url: URL, hosts: readonly string[], path: RegExp): boolean {
  return hosts.includes(url.host) && path.test(url.pathname)
}
const slackHosts = ['hooks.slack.com', 'hooks.slack-gov.com']
const discordHosts = ['discord.com', 'canary.discord.com', 'ptb.discord.com', 'discordapp.com', 'canary.discordapp.com', 'ptb.discordapp.com']
/** https://help.mypurecloud.com/articles/aws-regions-for-genesys-cloud-deployment/ */
const genesysDomains =
  /^apps\.(mypurecloud\.(com|ie|de|jp|com\.au)|(use2\.us-gov-pure|usw2\.pure|cac1\.pure|sae1\.pure|mxc1\.pure|euw2\.pure|euc2\.pure|mec1\.pure|apne2\.pure|apne3\.pure|apse1\.pure|aps1\.pure)\.cloud)$/
const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.source

/** Settings of each type of notifier destination. `anyHost`: the deployer allows webhooks that are not the vendors' own. */
export function notifierSettings(anyHost: boolean): Readonly<Record<Notifier['type'], z.ZodObject>> {
  return {
    gcloudcx: z.strictObject({
      webhookUrl: webhookUrl(
        'Genesys Cloud',
        url => genesysDomains.test(url.host) && new RegExp(`^/webhooks/api/v1/webhook/${uuid}$`, 'i').test(url.pathname),
        anyHost,
      ),
      minSeverity,
    }),
    slack: z.strictObject({
      webhookUrl: webhookUrl('Slack', url => isAt(url, slackHosts, /^\/(services|workflows)\/./), anyHost),
      channel: field.optionalText('Channel', {
        pattern: /^[#@]\S+$/,
        hint: 'must be #channel or @user',
        max: 100,
        help: 'Only for classic webhooks; those of an app have their own channel.',
      }),
      minSeverity,
    }),
    discord: z.strictObject({
      webhookUrl: webhookUrl('Discord', url => isAt(url, discordHosts, /^\/api\/(v\d+\/)?webhooks\/\d+\/[\w-]+$/), anyHost),
      minSeverity,
    }),
    pagerduty: z.strictObject({
      routingKey: field.secret('Routing Key', { pattern: /^[A-Za-z0-9]{32}$/, hint: 'must be 32 letters and digits' }),
      apiUrl: field.url('API URL', 'https://events.pagerduty.com', { advanced: true }),
      lifecycleAs: field.choice('Starts and stops', ['change', 'alert', 'none'], 'change', {
        advanced: true,
        help: 'change: shown to responders, wakes nobody. alert: opens and closes an alert. none: not sent.',
      }),
      minSeverity,
    }),
  }
}
