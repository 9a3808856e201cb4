import { CallFailed, type Context, type Job, type PlatformCall, type SettingsOf } from '@um/shared/contract'
import { z } from 'zod'
import type { telegram } from './definition.ts'
import { method } from './plan.ts'
import { Bot, resultOf, WebhookInfo } from './schema.ts'
import { digestOf, type Tenant } from './webhook.ts'

type Settings = SettingsOf<typeof telegram>
type Ctx = Context<Settings>

/** How long updates under way may carry a secret that has been replaced. */
const secretOverlapMilliseconds = 5 * 60_000

export async function check(ctx: Ctx): Promise<void> {
  await getMe(ctx)
}

/** Tells Telegram where the updates of this bot go, unless it knows already: a bot has one webhook. https://core.telegram.org/bots/api#setwebhook */
export async function register(ctx: Ctx): Promise<Record<string, string>> {
  const { settings, state, webhookUrl } = ctx.tenant
  const bot = await getMe(ctx)
  const call = setWebhook(ctx.tenant)
  const registration = digestOf(JSON.stringify([bot.id, call.json]))
  let info = await getWebhookInfo(ctx)
  if (state.registration !== registration || !isAsWanted(info, ctx.tenant)) {
    await ctx.http.call(call, resultOf(z.boolean()))
    info = await getWebhookInfo(ctx)
  }
  if (info.url !== webhookUrl) throw new CallFailed({ kind: 'subscription', why: takenBy(info.url) })
  const secretDigest = digestOf(settings.webhookSecret)
  const replaced = state.secretDigest !== undefined && state.secretDigest !== secretDigest
  return {
    botId: bot.id,
    botUsername: bot.username ?? '',
    groupPrivacy: bot.can_read_all_group_messages ? 'off' : 'on',
    webhookUrl,
    registration,
    secretDigest,
    previousSecretDigest: (replaced ? state.secretDigest : state.previousSecretDigest) ?? '',
    previousSecretUntil: (replaced ? new Date(ctx.now().getTime() + secretOverlapMilliseconds).toISOString() : state.previousSecretUntil) ?? '',
    ...seen(info),
  }
}

/** A registration that somebody else has made in the meantime is left alone. */
export async function unregister(ctx: Ctx): Promise<void> {
  try {
    if (isForeign(await getWebhookInfo(ctx), ctx.tenant)) return
    await ctx.http.call(method('deleteWebhook', { drop_pending_updates: true }, { idempotent: true }), resultOf(z.boolean()))
  } catch (error) {
    // the bot is deleted or its token revoked: nothing is left to undo
    if (!(error instanceof CallFailed && error.failure.kind === 'subscription')) throw error
  }
}

/** Telegram tells nobody when it cannot reach the webhook: it has to be asked. */
export const jobs: readonly Job<Settings>[] = [
  {
    name: 'webhook',
    everySeconds: () => 600,
    async run(ctx) {
      const { lastErrorDate = '0', pendingUpdates = '0' } = ctx.tenant.state
      const info = await getWebhookInfo(ctx)
      if (isForeign(info, ctx.tenant)) throw new CallFailed({ kind: 'subscription', why: takenBy(info.url) })
      if (!isAsWanted(info, ctx.tenant)) return ctx.saveState(await register(ctx))
      await ctx.saveState(seen(info))
      if ((info.last_error_date ?? 0) > Number(lastErrorDate)) {
        throw new CallFailed({
          kind: 'subscription',
          why: `Telegram could not deliver updates to the webhook: ${info.last_error_message ?? 'no reason given'}`,
        })
      }
      // as many as this may be under way at any moment
      const waiting = info.pending_update_count
      if (waiting > ctx.tenant.settings.maxConnections && waiting > Number(pendingUpdates)) {
        throw new CallFailed({
          kind: 'subscription',
          why: `${waiting} updates wait at Telegram, more than before: the webhook is too slow or cannot be reached`,
        })
      }
    },
  },
]

function setWebhook({ settings, webhookUrl }: Tenant): PlatformCall {
  const fields = {
    url: webhookUrl,
    secret_token: settings.webhookSecret,
    max_connections: settings.maxConnections,
    allowed_updates: allowedUpdates(settings),
    drop_pending_updates: false,
    ...(settings.ipAddress === undefined ? {} : { ip_address: settings.ipAddress }),
  }
  return method('setWebhook', fields, { idempotent: true })
}
function allowedUpdates({ acceptChannelPosts, businessMode }: Settings): string[] {
  return [
    ...['message', 'edited_message', 'callback_query', 'my_chat_member', 'message_reaction'],
    ...(acceptChannelPosts ? ['channel_post', 'edited_channel_post'] : []),
    ...(businessMode ? ['business_connection', 'business_message', 'edited_business_message', 'deleted_business_messages'] : []),
  ]
}

function isAsWanted({ url, allowed_updates = [] }: WebhookInfo, { settings, webhookUrl }: Tenant): boolean {
  return url === webhookUrl && allowed_updates.toSorted().join() === allowedUpdates(settings).sort().join()
}
function isForeign({ url }: WebhookInfo, { webhookUrl, state }: Tenant): boolean {
  return url !== '' && url !== webhookUrl && url !== state.webhookUrl
}
/** The rest of a stranger's URL may be a secret of its own. */
function takenBy(url: string): string {
  if (!URL.canParse(url)) return 'Telegram sends the updates of this bot to nobody'
  return `Telegram sends the updates of this bot to ${new URL(url).host}: another program uses the API token`
}
/** What the next look is compared with. */
function seen(info: WebhookInfo): Record<string, string> {
  return { pendingUpdates: String(info.pending_update_count), lastErrorDate: String(info.last_error_date ?? 0) }
}

async function getMe(ctx: Ctx): Promise<z.infer<typeof Bot>> {
  return (await ctx.http.call(method('getMe', {}, { idempotent: true }), resultOf(Bot))).result
}
async function getWebhookInfo(ctx: Ctx): Promise<WebhookInfo> {
  return (await ctx.http.call(method('getWebhookInfo', {}, { idempotent: true }), resultOf(WebhookInfo))).result
}
