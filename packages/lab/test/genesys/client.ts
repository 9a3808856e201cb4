import { randomUUID } from 'node:crypto'
import type { Lab } from '../../src/index.ts'

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: bodies differ by call, and tests look at a member or two
  body: any
}

/** Calls the Platform API as the fleet does. */
export async function client(lab: Lab) {
  const { status, body } = await logIn(lab, randomUUID(), 'a secret')
  if (status !== 200) throw new Error(`login answered ${status}`)
  return withToken(lab, body.access_token)
}
export function withToken(lab: Lab, token: string) {
  const call = async (method: string, path: string, json?: unknown): Promise<Answer> => {
    const answer = await fetch(`${lab.genesys.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(json === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(json === undefined ? {} : { body: typeof json === 'string' ? json : JSON.stringify(json) }),
    })
    return read(answer)
  }
  return {
    token,
    call,
    integration: async (name: string, webhookUrl: string, token = webhookToken): Promise<string> => {
      const { body } = await call('POST', integrations, {
        name,
        outboundNotificationWebhookUrl: webhookUrl,
        outboundNotificationWebhookSignatureSecretToken: token,
      })
      return String(body.id)
    },
  }
}
export async function logIn(lab: Lab, id: string, secret: string, grant = 'client_credentials'): Promise<Answer> {
  const answer = await fetch(`${lab.genesys.url}/oauth/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: grant }),
  })
  return read(answer)
}
async function read(answer: Response): Promise<Answer> {
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) }
}

export const integrations = '/api/v2/conversations/messaging/integrations/open'
/** key of the vectors V1 to V6 */
export const webhookToken = 'kumo-7f3a9d52c1e84b60'
export const inbound = (integration: string, what = 'message') => `/api/v2/conversations/messages/${integration}/inbound/open/${what}`

export function message(more: object = {}, channel: object = {}) {
  return {
    channel: {
      platform: 'Open',
      type: 'Private',
      messageId: 'line-488123-0001',
      from: { id: 'U-77', idType: 'Opaque', nickname: 'Haru', firstName: 'Haru', lastName: 'Sato' },
      time: '2026-03-04T05:06:01.250Z',
      metadata: { customAttributes: { media: 'LINE', locale: 'ja-JP' } },
      ...channel,
    },
    text: 'Where is my parcel?',
    ...more,
  }
}
