import { createHmac } from 'node:crypto'
import type { HeaderFields, Verified } from '@um/shared/contract'
import { line, type Out, type Settings, type Tenant } from '../src/definition.ts'

/** Invented: nothing here opens anything. */
export const secret = '5f3c9a1e7b2d4860a9c3e5f718263b4d'
export const switcherSecret = 'sw-7f0b41c2d9e84a6fb3a5'
export const bot = 'Ub7d1e0c94a5f4f6e8d2c3b1a09f8e7d6'
export const lena = 'U3c5e7f90a1b2c3d4e5f60718293a4b5c'
export const group = 'C4a1b2c3d4e5f60718293a4b5c6d7e8f9'
export const settings = { channelId: '2007654321', channelSecret: secret, channelAccessToken: 'long-lived-token-of-the-sample' }

/** Genuine signatures, made by another program. */
export const l1 = { body: `{"destination":"${bot}","events":[]}`, signature: 'D1aCMKbQPPKUQrX+KGB8pytIfmWzQxuG86qP7Ds4ePc=' }
const text = (words: string): string =>
  `{"destination":"${bot}","events":[{"type":"message","mode":"active","timestamp":1767225600123,"source":{"type":"user","userId":"${lena}"},"webhookEventId":"01KDW3ZR0V6T8B1N5QXJ4M2C7H","deliveryContext":{"isRedelivery":false},"replyToken":"9b1c2d3e4f50617283940a1b2c3d4e5f","message":{"type":"text","id":"590000000000000001","quoteToken":"qT-a1b2","text":"${words}"}}]}`
export const l2 = { body: text('こんにちは 🙇 café'), signature: '02tTF7eY3eiT3SaUROevm0Qmy4U04Xx9HgGltlflI5c=' }
export const l3 = {
  body: text('\\u3053\\u3093\\u306b\\u3061\\u306f \\ud83d\\ude47 caf\\u00e9'),
  signature: 'Dbx636pv1OeFFYPcDBcyU9P86RgCsCmUTmRwg8riSeQ=',
}

export function event(members: object): object {
  return {
    type: 'message',
    mode: 'active',
    timestamp: 1767225600123,
    source: { type: 'user', userId: lena },
    webhookEventId: '01KDW3ZR0V6T8B1N5QXJ4M2C7H',
    deliveryContext: { isRedelivery: false },
    replyToken: '9b1c2d3e4f50617283940a1b2c3d4e5f',
    ...members,
  }
}
export function body(...events: object[]): string {
  return JSON.stringify({ destination: bot, events })
}
export function signed(text: string, by = secret): { headers: Record<string, string>; body: string } {
  return {
    headers: { 'X-Line-Signature': createHmac('sha256', by).update(text).digest('base64'), 'Content-Type': 'application/json; charset=utf-8' },
    body: text,
  }
}
export function hook(text: string, headers: Record<string, string> = {}): Verified {
  return { method: 'POST', path: '', query: new URLSearchParams(), headers: new Headers(headers) as HeaderFields, raw: Buffer.from(text) } as Verified
}

export function tenant(more: Partial<Settings> = {}, state: Record<string, string> = { botUserId: bot }): Tenant {
  return {
    id: '3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30',
    name: 'ACME on LINE',
    settings: line.settings.parse({ ...settings, ...more }),
    state,
    options: { showSystemMessages: true, prefixAgentName: false },
    webhookUrl: 'https://um.example.com/line',
  }
}
/** A message of an agent on its way to Lena. */
export function outgoing(more: Partial<Settings> = {}, to: { guest?: string; address?: Record<string, string> } = {}, facts: Partial<Out> = {}): Out {
  return {
    id: '0d9c5a52-6c1e-5f5b-8a33-3b1f0f6f7a10',
    at: new Date('2026-01-01T00:00:30Z'),
    to: { guest: lena, address: {}, ...to },
    tenant: tenant(more),
    profile: {},
    author: 'agent',
    ...facts,
  }
}
