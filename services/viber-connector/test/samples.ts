import { createHmac } from 'node:crypto'
import type { Outgoing, Verified, Webhook } from '@um/shared/contract'
import { type Settings, type Tenant, viber } from '../src/definition.ts'

/** The sheet's vectors: signatures that were computed elsewhere. */
export const token = '4a7f2c9e1b3d5f60-8e6a4c2f0b1d3e57-c9d8e7f6a5b4c3d2'
export const otherToken = '5b80d3af2c4e6071-9f7b5d301c2e4f68-dae9f807b6c5d4e3'
export const ana = 'Kd7+QmZ2xV0aYt9sLr3nEw=='
export const v1 = {
  body: '{"event":"webhook","timestamp":1767225600001,"chat_hostname":"SN-CHAT-07_","message_token":5803119904471862301}',
  signature: 'b359c3af5ec6f5031da379be4b0ca66e1f0fc79be8aa7eddf2a43176499facee',
  byOther: 'c9ac7889ccdbac6ac2ea915db711a17ed471418a7d7ccebd8b325aa534a972bf',
}
export const v2 = {
  body: '{"event":"message","timestamp":1767225600800,"chat_hostname":"SN-CHAT-07_","message_token":5803119904471862308,"sender":{"id":"Kd7+QmZ2xV0aYt9sLr3nEw==","name":"Ana Petrova","avatar":"https://media-direct.example.com/a","country":"BG","language":"bg","api_version":10},"message":{"type":"text","text":"Здравей 👋","tracking_data":"t1"},"silent":false}',
  signature: '2c2239f3596121497c2bc2c2a90940f52cecef1fa04c42e534c6ee939868b397',
  byOther: '3350aad58347c756c0e58f89aa41625b5b515ff3a28e1e9dabe6994f75714c0a',
  inBase64: 'LCI581lhIUl8K8LCqQlA9Szs7x+gTELlNMbuk5hos5c=',
  withoutHyphens: '249cacaaa72e85fb99073c906dfb18df81bf2ef65d9dba6b2cc755ac953bd097',
  ofLossy: '8fa441ef85db7d3c60bdea80528f9c8d227e3f0955553b5067207eaf97c27a33',
}
export const v3 = {
  body: '{"event":"delivered","timestamp":1767225600400,"chat_hostname":"SN-CHAT-07_","message_token":5803119904471862305,"user_id":"Kd7+QmZ2xV0aYt9sLr3nEw=="}',
  signature: '48ef44399eb0d08bcd68a90482d6a55281d78302d8bf99bdc9f32a0a25d5f352',
}

export function hook(body: string, headers: Record<string, string> = {}, query: Record<string, string> = {}): Webhook {
  return { method: 'POST', path: '', query: new URLSearchParams(query), headers: new Headers(headers), raw: Buffer.from(body) }
}
export function verified(body: string): Verified {
  return hook(body) as Verified
}
/** For what the suite needs signed and the sheet has no vector of. */
export function signed(body: string): { headers: Record<string, string>; body: string } {
  return { headers: { 'x-viber-content-signature': createHmac('sha256', token).update(body).digest('hex') }, body }
}

const person = { id: ana, name: 'Ana Petrova', avatar: 'https://media-direct.example.com/a', country: 'BG', language: 'bg', api_version: 10 }
/** A callback, its token with all its digits. */
export function callback(event: string, more: object = {}, messageToken = '5803119904471862309'): string {
  const body = JSON.stringify({ event, timestamp: 1767225600900, chat_hostname: 'SN-CHAT-07_', message_token: 'TOKEN', ...more })
  return body.replace('"TOKEN"', messageToken)
}
export function said(message: object, messageToken?: string): string {
  return callback('message', { sender: person, message, silent: false }, messageToken)
}
export function aboutUser(event: string, more: object = {}): string {
  return callback(event, { user: person, ...more })
}
export function aboutId(event: string, more: object = {}): string {
  return callback(event, { user_id: ana, ...more })
}

export function tenant(more: Partial<Settings> = {}, state: Record<string, string> = { accountName: 'Acme Help' }): Tenant {
  return {
    id: '3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30',
    name: 'ACME',
    settings: viber.settings.parse({ apiToken: token, ...more }),
    state,
    options: { showSystemMessages: true, prefixAgentName: false },
    webhookUrl: 'https://um.example.com/viber',
  }
}
export function outgoing(more: Partial<Settings> = {}, address: Record<string, string> = {}, facts: Partial<Outgoing<Settings>> = {}): Outgoing<Settings> {
  return {
    id: '0d9c5a52-6c1e-5f5b-8a33-3b1f0f6f7a10',
    at: new Date('2026-01-01T00:00:00Z'),
    to: { guest: ana, address },
    tenant: tenant(more),
    profile: {},
    author: 'agent',
    ...facts,
  }
}
