import type { ApiAnswer } from '../../kit/messenger/index.ts'
import type { ApiParts } from './web-api.ts'
import type { SlackAccount } from './workspace.ts'

type Parts = Pick<ApiParts, 'accounts' | 'tokens'>

/** Slack's question to the person who wants the app: which workspace, and is it allowed? */
export function authorizePage(parts: Parts, query: URLSearchParams): ApiAnswer {
  const app = parts.tokens.appOf(query.get('client_id'))
  if (app === undefined) return page(400, 'invalid_client_id')
  if (!app.redirectUrls.includes(query.get('redirect_uri') ?? '')) return page(400, 'bad_redirect_uri')
  const answer = (more: Record<string, string>) => `/oauth/v2/answer?${new URLSearchParams({ ...Object.fromEntries(query), ...more })}`.replaceAll('&', '&amp;')
  const allow = workspacesOf(parts, query).map(({ data, name }) => `<p><a href="${answer({ team: data.team })}">Allow in ${escaped(name)}</a></p>`)
  return page(200, `The app asks for: ${escaped(query.get('scope') ?? '')}</p>${allow.join('')}<p><a href="${answer({})}">Cancel</a>`)
}

export function consented(parts: Parts, query: URLSearchParams): ApiAnswer {
  const account = workspacesOf(parts, query).find(({ data }) => data.team === query.get('team'))
  const redirect = query.get('redirect_uri') ?? ''
  const app = parts.tokens.appOf(query.get('client_id'))
  if (!app?.redirectUrls.includes(redirect)) return page(400, 'bad_redirect_uri')
  const answer = account === undefined ? { error: 'access_denied' } : { code: parts.tokens.allow(account, redirect) }
  return { status: 302, headers: { Location: `${redirect}?${new URLSearchParams({ ...answer, state: query.get('state') ?? '' })}` } }
}

function workspacesOf({ accounts }: Parts, query: URLSearchParams): SlackAccount[] {
  return accounts().filter(({ data }) => data.app.clientId === query.get('client_id'))
}
function page(status: number, html: string): ApiAnswer {
  const body = `<!doctype html><title>Slack (simulated)</title><h1>Slack (simulated)</h1><p>${html}</p>`
  return { status, bytes: { mime: 'text/html; charset=utf-8', body: Buffer.from(body) } }
}
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
