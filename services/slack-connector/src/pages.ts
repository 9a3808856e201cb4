import { CallFailed, type Page, type Reply, type Webhook } from '@um/shared/contract'
import { beginOAuth, endOAuth, messagePage, questionPage } from '@um/shared/pages'
import { Granted } from './schema.ts'
import { accountsOf, type Ctx, install, oauthCall, type Settings } from './workspaces.ts'

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
  const customer = new URLSearchParams(raw.toString('utf8')).get('customer')?.trim().toLowerCase()
  const desk = desks.find(({ tenant }) => tenant.id === customer)
  if (desk === undefined) return messagePage(404, 'Not found', 'This identifier is not known here. Please check it with whoever gave it to you.')
  const { settings } = desk.tenant
  const query = { client_id: settings.clientId, scope: settings.scopes.join(','), redirect_uri: redirectUri(desk) }
  return beginOAuth(desk, settings.authorizeUrl, query)
}

async function finish(hook: Webhook, desks: readonly Ctx[]): Promise<Reply> {
  const begun = await endOAuth(hook, desks)
  if (begun === undefined) return messagePage(400, 'Please start again', 'This registration has expired, or was begun in another browser.')
  const { desk } = begun
  if (hook.query.has('error')) return messagePage(200, 'Cancelled', 'The app was not installed.')
  try {
    const call = oauthCall(desk, { code: hook.query.get('code') ?? '', redirect_uri: redirectUri(desk) })
    return await settle(desk, await desk.http.call(call, Granted), desks)
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error
    desk.log.warn({ why: error.failure.why }, 'a workspace could not be registered')
    return messagePage(502, 'Not installed', `The installation has failed (${error.failure.why}). Please try again, or tell whoever sent you here.`)
  }
}

async function settle(desk: Ctx, granted: Granted, desks: readonly Ctx[]): Promise<Reply> {
  const { appId } = desk.tenant.settings
  const account = granted.is_enterprise_install ? granted.enterprise?.id : granted.team?.id
  if (!account || granted.app_id !== appId) return messagePage(400, 'Not installed', 'Slack has installed another app than the one that was asked for.')
  const others = desks.filter(({ tenant }) => tenant.id !== desk.tenant.id && tenant.settings.appId === appId)
  if (others.some(({ tenant }) => accountsOf(tenant.state).includes(account))) {
    return messagePage(409, 'Already registered', 'This workspace is registered for another customer. It has to be removed there first.')
  }
  const { name } = await install(desk, account, granted)
  desk.log.info({ account }, 'a workspace was registered')
  return messagePage(200, 'Done', `${name} is connected. People find the app in Slack under Apps, and can write to it at once.`)
}

function redirectUri({ tenant }: Ctx): string {
  return `${tenant.webhookUrl}/oauth/callback`
}
