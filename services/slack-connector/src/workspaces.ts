import { type Authorization, CallFailed, type Context, type PlatformCall, present, type Recipient, type SettingsOf } from '@um/shared/contract'
import { basic, bearer, type Kept, kept, secondsFrom } from '@um/shared/kit'
import { z } from 'zod'
import type { slack } from './definition.ts'
import { Granted } from './schema.ts'

export type Settings = SettingsOf<typeof slack>
export type Ctx = Context<Settings>

/**
 * A workspace (or an organisation) that has installed the app: an account of the tenant. Its token is given once, so it is kept in the vault; what people may
 * see of it is a line in the tenant's state, under the same name.
 */
const Workspace = z.object({
  account: z.string(),
  token: z.string(),
  /** only of apps with token rotation. `used`: this token was handed out */
  rotation: z.object({ refreshToken: z.string(), expiresAt: z.string(), used: z.boolean() }).optional(),
  name: z.string(),
  enterpriseId: z.string().optional(),
  enterpriseName: z.string().optional(),
})
export type Workspace = z.infer<typeof Workspace>

const prefix = 'workspace:'
const refreshMilliseconds = 2 * 3600_000

/** A guest is named `<account>:<user>`. */
export function accountOf({ guest }: Pick<Recipient, 'guest'>): string {
  return guest.split(':')[0] ?? guest
}
export function userOf({ guest }: Pick<Recipient, 'guest'>): string {
  return guest.split(':')[1] ?? ''
}
export function accountsOf(state: Readonly<Record<string, string>>): string[] {
  return Object.keys(state).flatMap(name => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
}

function workspaces({ vault }: Ctx): Kept<Workspace> {
  return kept(vault, Workspace, prefix)
}
export async function readWorkspace(ctx: Ctx, account: string): Promise<Workspace | undefined> {
  return workspaces(ctx).get(account)
}
export async function forgetWorkspace(ctx: Ctx, account: string): Promise<void> {
  await workspaces(ctx).delete(account)
  await ctx.saveState({ [`${prefix}${account}`]: '' })
}
/** The line that people see. Its first word tells whether the installation works. */
export async function note(ctx: Ctx, account: string, line: string): Promise<void> {
  await ctx.saveState({ [`${prefix}${account}`]: line })
}

export async function install(ctx: Ctx, account: string, granted: Granted): Promise<Workspace> {
  const { team, enterprise, authed_user } = granted
  const name = (granted.is_enterprise_install ? enterprise?.name : team?.name) ?? account
  const told = present({ enterpriseId: enterprise?.id, enterpriseName: enterprise?.name })
  const workspace: Workspace = { account, ...tokensOf(granted, ctx.now()), name, ...told }
  await workspaces(ctx).set(account, workspace)
  const organisation = enterprise ? `, ${enterprise.name ?? ''} (${enterprise.id})` : ''
  await note(ctx, account, `active: ${name} (${account})${organisation}, installed by ${authed_user?.id ?? 'unknown'} on ${ctx.now().toISOString()}`)
  await ctx.resume(account)
  return workspace
}
function tokensOf({ access_token, refresh_token, expires_in }: Granted, now: Date): Pick<Workspace, 'token' | 'rotation'> {
  if (refresh_token === undefined || expires_in === undefined) return { token: access_token }
  const expiresAt = secondsFrom(now, expires_in).toISOString()
  return { token: access_token, rotation: { refreshToken: refresh_token, expiresAt, used: false } }
}

/**
 * The engine asks once at a time, and again before `expiresAt` only when the token was refused: then it is worth a refresh. Both tokens are replaced by it, so
 * the new ones are kept before they are used. https://docs.slack.dev/authentication/using-token-rotation
 */
export async function authorize(ctx: Ctx, account = ''): Promise<Authorization> {
  const known = await readWorkspace(ctx, account)
  if (known === undefined) throw notInstalled(ctx, account)
  if (known.rotation === undefined) return bearer(known.token)
  const { refreshToken, expiresAt, used } = known.rotation
  const isLate = Date.parse(expiresAt) - ctx.now().getTime() < refreshMilliseconds
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken }
  const tokens = used || isLate ? tokensOf(await ctx.http.call(oauthCall(ctx, form), Granted), ctx.now()) : known
  const rotation = tokens.rotation && { ...tokens.rotation, used: true }
  await workspaces(ctx).set(account, { ...known, ...tokens, ...present({ rotation }) })
  return bearer(tokens.token, rotation && new Date(Date.parse(rotation.expiresAt) - refreshMilliseconds))
}
/** Where the app was once, people wait until it is installed again. A workspace that nobody has heard of is a wrong address, and nothing waits for it. */
function notInstalled({ tenant: { state } }: Ctx, account: string): CallFailed {
  const why = `the app is not installed in the workspace ${account}`
  return new CallFailed(accountsOf(state).includes(account) ? { kind: 'subscription', why } : { kind: 'recipient', code: 'unknownGuest', why })
}
/** The app's own call: it proves itself by its secret. */
export function oauthCall({ tenant: { settings } }: Ctx, form: Record<string, string>): PlatformCall {
  return { method: 'POST', path: '/oauth.v2.access', form, headers: basic(settings.clientId, settings.clientSecret), anonymous: true }
}
export function redirectUri({ tenant }: Ctx): string {
  return `${tenant.webhookUrl}/oauth/callback`
}
