import { createHash } from 'node:crypto'
import type { OpenMedia, PlatformCall, TenantView, Verified, Webhook } from '@um/shared/contract'
import { scriptedContext } from '@um/testing/conformance'
import { classify } from '../src/classify.ts'
import { type Ctx, type Out, type Settings, type Tenant, zalo } from '../src/definition.ts'

export const settings = {
  appId: '2890011223344556677',
  appSecret: 'appSecretTz8Rf3Hy6Jc1',
  oaId: '3141592653589793238',
  oaSecretKey: 'oaSecretKq9Xw2Lm7Bv4Ns',
  domainVerification: 'Kq9Xw2Lm7Bv4Ns_Tz8-Rf3',
  apiUrl: 'https://zalo.lab.example',
  oauthUrl: 'https://oauth.zalo.lab.example',
}
export const now = new Date(1_763_804_030_000)
export const guest = '7481500099887766554'

/** Test vectors that were computed elsewhere. */
export const vectors = {
  follow: {
    body: '{"app_id":"2890011223344556677","event_name":"follow","source":"oa_profile","oa_id":"3141592653589793238","follower":{"id":"7481500099887766554"},"user_id_by_app":"5120098877665544332","timestamp":"1763804020000"}',
    signature: 'mac=469776d1a676c48782999d543a11d2c3dafe6e74e649fca79730e16be3d0e5c0',
  },
  text: {
    body: '{"app_id":"2890011223344556677","user_id_by_app":"5120098877665544332","event_name":"user_send_text","sender":{"id":"7481500099887766554"},"recipient":{"id":"3141592653589793238"},"message":{"msg_id":"a1b2c3d4e5f60718293a","text":"Xin chào 👋"},"timestamp":"1763804001234"}',
    signature: 'mac=6efdc7fef5ab6b0837c456b6a610428bc93a0dce5e03614c2f39a9fd12a59aeb',
  },
  /** HMAC of the body with the secret of the account, a common mistake */
  hmac: 'mac=3d46735a752b539e833308793fcb46c5da85b6667786058579b54364a4de7b2f',
  proof: { access: 'acc-token-invented-0001', proof: 'bb1899817bd17eb8ea9a5370c497bd5f18f16af09702f054ea2e2fcc4ed73ab5' },
  challenge: { verifier: 'mQ3xVb7Yp1Zt9Kd5Hs2Lw8Rf4Nc6Jg0TaUeXiOvBqWz', challenge: 'FP68IvnzQR8mePAILXzGb8RHpDAIVe3MmgQVjgMnzzw' },
} as const

/** An event of the guest, as Zalo sends it. */
export function event(event_name: string, more: object = {}, timestamp = '1763804010000'): string {
  return JSON.stringify({
    ...{ app_id: settings.appId, user_id_by_app: '5120098877665544332', event_name },
    ...{ sender: { id: guest }, recipient: { id: settings.oaId }, ...more, timestamp },
  })
}
/** What the account itself is told of. */
export const ofAccount = { sender: { id: settings.oaId }, recipient: { id: guest } }
export function said(kind: string, message: object): string {
  return event(`user_send_${kind}`, { message: { msg_id: 'a1b2c3d4e5f60718293b', ...message } })
}
export function attached(kind: string, payload: object, more: object = {}): string {
  return said(kind, { attachments: [{ type: kind, payload }], ...more })
}
/** A genuine signature for bodies that have no vector of their own. */
export function signed(body: string, at?: string): Record<string, string> {
  const timestamp = at ?? (JSON.parse(body) as { timestamp: string }).timestamp
  const mac = createHash('sha256').update(`${settings.appId}${body}${timestamp}${settings.oaSecretKey}`).digest('hex')
  return { 'x-zevent-signature': `mac=${mac}`, 'content-type': 'application/json' }
}
export function hookOf(body: string, headers: Record<string, string> = {}, path = ''): Verified {
  const hook: Webhook = { method: 'POST', path, query: new URLSearchParams(), headers: new Headers(headers), raw: Buffer.from(body) }
  return hook as Verified
}
export function tenantOf(more: object = {}, showSystemMessages = true): Tenant {
  return {
    id: '3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30',
    name: 'ACME',
    settings: zalo.settings.parse({ ...settings, ...more }),
    state: {},
    options: { showSystemMessages, prefixAgentName: false },
    webhookUrl: 'https://um.example.com/zalo',
  } satisfies TenantView<Settings>
}
export function outOf(more: object = {}, to: { guest?: string; address?: Record<string, string> } = {}): Out {
  return { id: 'm-1', at: now, to: { guest, address: {}, ...to }, tenant: tenantOf(more), profile: {}, author: 'agent' }
}

type Answers = Record<string, object | ((call: PlatformCall) => object | undefined)>
/** A context whose platform is a function of the path. */
export function contextOf(answers: Answers = {}, more: { tenant?: Tenant; now?: () => Date; media?: OpenMedia } = {}) {
  const platform = (call: PlatformCall) => {
    const answer = answers[call.path]
    const body = typeof answer === 'function' ? answer(call) : answer
    return body === undefined ? undefined : { name: call.path, body, call }
  }
  return scriptedContext({ tenant: tenantOf(), classify, platform, now: () => now, ...more }) satisfies Ctx
}
export const granted = { access_token: 'acc-token-invented-0001', refresh_token: 'ref-token-invented-0001', expires_in: '90000' }
export const account = { error: 0, message: 'Success', data: { oa_id: settings.oaId, name: 'Acme Cafe' } }
