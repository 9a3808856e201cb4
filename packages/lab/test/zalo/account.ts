import { createHash } from 'node:crypto'
import type { Lab } from '../../src/index.ts'
import { type Application, type Oa, userId } from '../../src/simulators/zalo/account.ts'
import { newApplication } from '../../src/simulators/zalo/index.ts'

/** The business side: calls the simulated Zalo as a connector would. */
export const redirectUri = 'https://um.example.com/zalo/oauth/callback'
const verifier = 'mQ3xVb7Yp1Zt9Kd5Hs2Lw8Rf4Nc6Jg0TaUeXiOvBqWz'

export interface Answer {
  status: number
  error?: number
  data?: Record<string, unknown>
  [member: string]: unknown
}
/** An account with its own application, whose webhooks go to `webhookUrl`. */
export function account(lab: Lab, webhookUrl = ''): { oa: Oa; app: Application } {
  const app = newApplication({ appId: userId() })
  const oa = lab.side('zalo').addAccount({ oaId: userId(), name: 'Acme', app })
  if (webhookUrl !== '') lab.side('zalo').book.setWebhook(oa, webhookUrl)
  return { oa, app }
}
export async function call(
  lab: Lab,
  method: 'GET' | 'POST',
  path: string,
  options: { token?: string; headers?: Record<string, string>; json?: object } = {},
): Promise<Answer> {
  const { token, headers = {}, json } = options
  const answer = await fetch(`${lab.side('zalo').url}${path}`, {
    method,
    headers: { ...headers, ...(token === undefined ? {} : { access_token: token }), ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  })
  return { ...((await answer.json()) as object), status: answer.status }
}
export async function upload(lab: Lab, kind: string, token: string, file: File): Promise<Answer> {
  const form = new FormData()
  form.append('file', file)
  const answer = await fetch(`${lab.side('zalo').url}/v2.0/oa/upload/${kind}`, { method: 'POST', headers: { access_token: token }, body: form })
  return { ...((await answer.json()) as object), status: answer.status }
}
export async function tokenCall(lab: Lab, { appId, appSecret }: Application, form: Record<string, string>): Promise<Answer> {
  const answer = await fetch(`${lab.side('zalo').url}/v4/oa/access_token`, {
    method: 'POST',
    headers: { secret_key: appSecret },
    body: new URLSearchParams({ app_id: appId, ...form }),
  })
  return { ...((await answer.json()) as object), status: answer.status }
}
/** What the administrator's browser does; the query of the way back. */
export async function permit(lab: Lab, { oa, app }: ReturnType<typeof account>): Promise<URLSearchParams> {
  const code_challenge = createHash('sha256').update(verifier).digest('base64url')
  const query = new URLSearchParams({ app_id: app.appId, redirect_uri: redirectUri, code_challenge, state: 's-1', oa: oa.id })
  const answer = await fetch(`${lab.side('zalo').url}/v4/oa/answer?${query}`, { redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? 'http://none').searchParams
}
export function redeem(lab: Lab, app: Application, code: string, code_verifier = verifier): Promise<Answer> {
  return tokenCall(lab, app, { grant_type: 'authorization_code', code, code_verifier })
}
export async function authorized(lab: Lab, made: ReturnType<typeof account>): Promise<{ access_token: string; refresh_token: string; expires_in: string }> {
  const { access_token, refresh_token, expires_in } = await redeem(lab, made.app, (await permit(lab, made)).get('code') ?? '')
  return { access_token: String(access_token), refresh_token: String(refresh_token), expires_in: String(expires_in) }
}
