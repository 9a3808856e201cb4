import { CallFailed, type Job, type PlatformCall, present } from '@um/shared/contract'
import { unless } from '@um/shared/kit'
import { z } from 'zod'
import type { Ctx, Settings } from './definition.ts'
import { reportLost } from './phone.ts'
import { BotInfo, Endpoint, EndpointTest, Quota, Usage } from './schema.ts'
import { revoke, tryToRevoke } from './tokens.ts'

const endpoint = '/v2/bot/channel/webhook/endpoint'
const botInfo = (ctx: Ctx): Promise<z.infer<typeof BotInfo>> => ctx.http.call({ method: 'GET', path: '/v2/bot/info', idempotent: true }, BotInfo)

/** A token that was fetched for settings which nobody has saved yet would live on for a month, and a channel has thirty. */
export async function check(ctx: Ctx): Promise<void> {
  try {
    await botInfo(ctx)
  } finally {
    if (ctx.tenant.state.botUserId === undefined) await tryToRevoke(ctx)
  }
}

/** Learns whose channel it is (webhooks name the bot), and tells LINE where webhooks go. https://developers.line.biz/en/reference/messaging-api/#webhook-settings */
export async function register(ctx: Ctx): Promise<Record<string, string>> {
  const { settings, webhookUrl } = ctx.tenant
  const { userId: botUserId, ...bot } = await botInfo(ctx)
  const facts = { botUserId, ...present(bot) }
  // LINE tries the webhook at once
  await ctx.saveState(facts)
  if (!settings.autoRegisterWebhook) return facts
  if ((await current(ctx))?.endpoint !== webhookUrl) {
    await ctx.http.call({ method: 'PUT', path: endpoint, json: { endpoint: webhookUrl }, idempotent: true }, z.unknown())
  }
  const trial: PlatformCall = { method: 'POST', path: '/v2/bot/channel/webhook/test', json: { endpoint: webhookUrl } }
  const { success, reason = '', detail = '' } = await ctx.http.call(trial, EndpointTest)
  return { ...facts, webhookTest: success ? 'OK' : `${reason}: ${detail}`, webhookActive: (await current(ctx))?.active === false ? 'no' : 'yes' }
}
/** The webhook as LINE knows it; undefined when it was never told. It cannot be taken away, either: webhooks for tenants that are gone are refused. */
async function current(ctx: Ctx): Promise<z.infer<typeof Endpoint> | undefined> {
  return unless(ctx.http.call({ method: 'GET', path: endpoint, idempotent: true }, Endpoint), 'content')
}
export const unregister = revoke

const warnAt = 0.9
function complain(why: string): never {
  throw new CallFailed({ kind: 'subscription', why })
}
export const jobs: readonly Job<Settings>[] = [
  {
    name: 'webhook',
    everySeconds: () => 600,
    async run(ctx) {
      const { settings, webhookUrl } = ctx.tenant
      const known = await current(ctx)
      if (known?.endpoint !== webhookUrl) {
        if (!settings.autoRegisterWebhook)
          complain('LINE sends the webhooks of this channel elsewhere; enter the webhook URL on the tab Messaging API of the channel')
        return ctx.saveState(await register(ctx))
      }
      if (known.active === false) complain('LINE sends no webhooks: switch on "Use webhook" on the tab Messaging API of the channel')
    },
  },
  {
    name: 'quota',
    everySeconds: () => 1800,
    async run({ http }) {
      const { type, value = 0 } = await http.call({ method: 'GET', path: '/v2/bot/message/quota', idempotent: true }, Quota)
      if (type !== 'limited') return
      const { totalUsage } = await http.call({ method: 'GET', path: '/v2/bot/message/quota/consumption', idempotent: true }, Usage)
      if (totalUsage >= value * warnAt) complain(`${totalUsage} of ${value} messages of this month are used; then only replies within a minute go out`)
    },
  },
  { name: 'phone', everySeconds: ({ pnpEnabled }) => (pnpEnabled ? 60 : 0), run: reportLost },
]
