import type { Lab } from '../../src/index.ts'
import { newApp } from '../../src/simulators/slack/index.ts'
import { type App, slackId } from '../../src/simulators/slack/workspace.ts'

/** The business side: calls the simulated Slack as a connector would. */
export const redirectUri = 'https://um.example.com/slack/oauth/callback'

export interface Answer {
  status: number
  headers: Headers
  ok?: boolean
  error?: string
  [member: string]: unknown
}
export async function call(
  lab: Lab,
  method: string,
  options: { token?: string; json?: object; form?: Record<string, string>; basic?: string },
): Promise<Answer> {
  const { token, json, form, basic } = options
  const authorization = token === undefined ? basic && `Basic ${Buffer.from(basic).toString('base64')}` : `Bearer ${token}`
  const answer = await fetch(`${lab.side('slack').apiUrl}/${method}`, {
    method: 'POST',
    headers: { ...(authorization ? { authorization } : {}), ...(json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }) },
    body: json === undefined ? new URLSearchParams(form) : JSON.stringify(json),
  })
  return { ...((await answer.json()) as object), status: answer.status, headers: answer.headers }
}

/** A workspace with its own app, whose events go to `requestUrl`. */
export function workspace(lab: Lab, requestUrl = '', more: Partial<App> = {}): { team: string; app: App; basic: string } {
  const app = newApp({
    appId: slackId('A'),
    clientId: `1.${Math.floor(Math.random() * 1e9)}`,
    clientSecret: 'client-secret',
    signingSecret: 'signing-secret',
    ...more,
  })
  Object.assign(app, { requestUrl, interactivityUrl: requestUrl, redirectUrls: [redirectUri] })
  const account = lab.side('slack').addWorkspace({ name: 'Acme Staff', app })
  if (requestUrl !== '') lab.side('slack').book.setWebhook(account, requestUrl)
  return { team: account.id, app, basic: `${app.clientId}:${app.clientSecret}` }
}
/** What a browser does on Slack's page; the code, or the error, and the state that come back. */
export async function consent(
  lab: Lab,
  { team, app }: { team?: string; app: App },
  redirect = redirectUri,
): Promise<{ status: number; query: URLSearchParams }> {
  const query = new URLSearchParams({
    client_id: app.clientId,
    redirect_uri: redirect,
    scope: 'chat:write',
    state: 's-1',
    ...(team === undefined ? {} : { team }),
  })
  const answer = await fetch(`${lab.side('slack').url}/oauth/v2/answer?${query}`, { redirect: 'manual' })
  return { status: answer.status, query: new URL(answer.headers.get('location') ?? 'http://none').searchParams }
}
export async function install(lab: Lab, made: ReturnType<typeof workspace>): Promise<string> {
  const { query } = await consent(lab, made)
  const granted = await call(lab, 'oauth.v2.access', { basic: made.basic, form: { code: query.get('code') ?? '', redirect_uri: redirectUri } })
  return String(granted.access_token)
}
