import { CallFailed, type Job, type PlatformCall, present } from '@um/shared/contract'
import { isFailure, unless } from '@um/shared/kit'
import { z } from 'zod'
import { registerCall } from './calls.ts'
import type { Ctx, Settings } from './definition.ts'
import { Account, Registered } from './schema.ts'

/** Newer pages have it as GET, the SDKs as POST, which works in both. */
const accountCall: PlatformCall = { method: 'POST', path: '/get_account_info', json: {}, idempotent: true }
const account = (ctx: Ctx): Promise<z.infer<typeof Account>> => ctx.http.call(accountCall, Account)

export async function check(ctx: Ctx): Promise<void> {
  await account(ctx)
}

/** Viber tries the webhook at once, signed like any other. https://developers.viber.com/docs/api/rest-bot-api/#setting-a-webhook */
export async function register(ctx: Ctx): Promise<Record<string, string>> {
  const { id, name, uri } = await account(ctx)
  const { event_types } = await ctx.http.call(registerCall(ctx.tenant), Registered)
  const chatLink = uri === undefined ? undefined : `viber://pa?chatURI=${encodeURIComponent(uri)}`
  return { accountId: id, accountName: name, eventTypes: event_types.join(', '), ...present({ uri, chatLink }) }
}

/** An account has one webhook: if another program has taken it over, it stays with that one. An account that is gone has none. */
export async function unregister(ctx: Ctx): Promise<void> {
  const known = await unless(account(ctx), 'subscription')
  if (known?.webhook !== ctx.tenant.webhookUrl) return
  await ctx.http.call({ method: 'POST', path: '/set_webhook', json: { url: '' }, idempotent: true }, z.unknown())
}

async function watch(ctx: Ctx): Promise<void> {
  const { webhook } = await account(ctx)
  if (webhook === ctx.tenant.webhookUrl) return
  ctx.log.warn({ webhook }, 'the webhook has been changed at Viber; it is registered again')
  const facts = await register(ctx).catch(error => {
    throw isFailure(error) ? new CallFailed({ kind: 'subscription', why: `the webhook is gone: ${error.failure.why}` }, { cause: error }) : error
  })
  await ctx.saveState(facts)
}
export const jobs: readonly Job<Settings>[] = [{ name: 'webhook', everySeconds: () => 600, run: watch }]
