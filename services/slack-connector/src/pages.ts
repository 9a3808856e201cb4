import type { Page, Reply, TenantView, Webhook } from '@um/shared/contract'
import { beginOAuth, type ComeBack, deskOf, finishOAuth, messagePage, questionPage, unknownDesk } from '@um/shared/pages'
import { Granted } from './schema.ts'
import { accountsOf, type Ctx, install, oauthCall, redirectUri, type Settings } from './workspaces.ts'

/** How a workspace gets the app: its people name the customer, Slack asks them, and comes back with a code for the token. */
export const pages: readonly Page<Settings>[] = [
  { method: 'GET', path: '/register', handle: async ({ query }) => question(query.get('customer') ?? '') },
  { method: 'POST', path: '/register', handle: begin },
  { method: 'GET', path: '/oauth/callback', handle: finish },
]

function question(value: string): Reply {
  const words = 'Slack will ask you which workspace, and you have to be allowed to install apps there.'
  return questionPage({ title: 'Connect Slack', words, name: 'customer', label: 'Customer Identifier', value, button: 'Continue to Slack' })
}

async function begin({ raw }: Webhook, desks: readonly Ctx[]): Promise<Reply> {
  const desk = deskOf(new URLSearchParams(raw.toString('utf8')).get('customer'), desks)
  if (desk === undefined) return unknownDesk()
  const { settings } = desk.tenant
  return beginOAuth(desk, settings.authorizeUrl, { client_id: settings.clientId, scope: settings.scopes.join(','), redirect_uri: redirectUri(desk) })
}

async function finish(hook: Webhook, desks: readonly Ctx[], resting: readonly TenantView<Settings>[] = []): Promise<Reply> {
  const tenants = [...desks.map(({ tenant }) => tenant), ...resting]
  return finishOAuth(hook, desks, 'a workspace could not be registered', back => settle(back, tenants))
}

async function settle({ desk, code }: ComeBack<Settings>, tenants: readonly TenantView<Settings>[]): Promise<Reply> {
  const granted = await desk.http.call(oauthCall(desk, { code, redirect_uri: redirectUri(desk) }), Granted)
  const { appId } = desk.tenant.settings
  const account = granted.is_enterprise_install ? granted.enterprise?.id : granted.team?.id
  if (!account || granted.app_id !== appId) return messagePage(400, 'Not connected', 'Slack has installed another app than the one that was asked for.')
  const others = tenants.filter(({ id, settings }) => id !== desk.tenant.id && settings.appId === appId)
  if (others.some(({ state }) => accountsOf(state).includes(account))) {
    return messagePage(409, 'Already registered', 'This workspace is registered for another customer. It has to be removed there first.')
  }
  const { name } = await install(desk, account, granted)
  desk.log.info({ account }, 'a workspace was registered')
  return messagePage(200, 'Done', `${name} is connected. People find the app in Slack under Apps, and can write to it at once.`)
}
