import { createHmac } from 'node:crypto'
import type { Lab } from '../../src/index.ts'

/** The business side: calls the simulated LINE as a connector would. */
export interface Answer {
  status: number
  headers: Headers
  json: Record<string, unknown>
  bytes: Buffer
}
export async function ask(
  lab: Lab,
  method: string,
  path: string,
  options: { token?: string; json?: unknown; form?: Record<string, string>; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { token, json, form, headers = {} } = options
  const answer = await fetch(`${lab.side('line').url}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  return {
    status: answer.status,
    headers: answer.headers,
    bytes,
    json: answer.headers.get('content-type') === 'application/json' ? JSON.parse(bytes.toString('utf8')) : {},
  }
}
export function signatureOf(raw: Buffer, secret: string): string {
  return createHmac('sha256', secret).update(raw).digest('base64')
}
export interface Webhook {
  destination: string
  events: {
    type: string
    mode: string
    timestamp: number
    source: { type: string; userId: string }
    webhookEventId: string
    deliveryContext: { isRedelivery: boolean }
    replyToken?: string
    message?: { id: string; type: string; text?: string; [member: string]: unknown }
    [member: string]: unknown
  }[]
}
