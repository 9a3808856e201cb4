import type { PlatformCall, SentFacts } from '@um/shared/contract'
import { tried, unless } from '@um/shared/kit'
import { z } from 'zod'
import { Posted, Uploaded } from './schema.ts'
import { accountsOf, type Ctx, forgetWorkspace, oauthCall, redirectUri, type Settings } from './workspaces.ts'

export function bases({ apiUrl }: Settings): { api: string } {
  return { api: apiUrl }
}

/** Named as `parse` names messages: with the account and the channel. */
export function sent(answer: unknown, call: PlatformCall): SentFacts {
  const posted = Posted.safeParse(answer).data
  if (posted) return { id: `${call.account ?? ''}:${posted.channel}:${posted.ts}`, address: { channel: posted.channel } }
  const uploaded = Uploaded.safeParse(answer).data?.files[0]
  return uploaded ? { id: uploaded.id } : {}
}

/** There is no code to redeem: what counts is that Slack complains about the code and not about the app's credentials. */
export async function check(ctx: Ctx): Promise<void> {
  await unless(ctx.http.call(oauthCall(ctx, { code: 'check', redirect_uri: redirectUri(ctx) }), z.unknown()), 'content')
}

/** Slack knows the addresses from the manifest; the administrator has to know them, too. */
export async function register({ tenant: { id, webhookUrl } }: Ctx): Promise<Record<string, string>> {
  return {
    customerIdentifier: id,
    registrationPage: `${webhookUrl}/register?customer=${id}`,
    eventsUrl: `${webhookUrl}/events`,
    interactivityUrl: `${webhookUrl}/interactivity`,
    redirectUrl: `${webhookUrl}/oauth/callback`,
  }
}

export async function unregister(ctx: Ctx): Promise<void> {
  for (const account of accountsOf(ctx.tenant.state)) {
    const revoke: PlatformCall = { method: 'POST', path: '/auth.revoke', form: {}, account, idempotent: true }
    await tried(ctx, 'token could not be revoked', ctx.http.call(revoke, z.unknown()))
    await forgetWorkspace(ctx, account)
  }
}
