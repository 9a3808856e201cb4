import type { HeaderFields, SettingsOf, TenantView, Verified } from '@um/shared/contract'
import type { SampleAnswer } from '@um/testing/conformance'
import { telegram } from '../src/definition.ts'
import type { Out } from '../src/plan.ts'

/** Invented: nothing here opens anything. */
export const secret = 'umtg_Zq8-Hc2Lw0Vx5Kb9Rf3Tn7Py1Ds6Gj4'
export const settings = { apiToken: '7012345678:AAEexampleexampleexampleexample-_01', webhookSecret: secret }

export type Tenant = TenantView<SettingsOf<typeof telegram>>
export function tenant(
  more: Partial<SettingsOf<typeof telegram>> = {},
  state: Record<string, string> = { botId: '7012345678', botUsername: 'acme_care_bot' },
): Tenant {
  return {
    id: '3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30',
    name: 'ACME and Telegram',
    settings: telegram.settings.parse({ ...settings, ...more }),
    state,
    options: { showSystemMessages: true, prefixAgentName: false },
    webhookUrl: 'https://um.example.com/telegram',
  }
}

/** An Update as Telegram would send it. */
export function update(members: object): string {
  return JSON.stringify({ update_id: 812000101, ...members })
}
export function hook(body: string, headers: Record<string, string> = { 'X-Telegram-Bot-Api-Secret-Token': secret }): Verified {
  return { method: 'POST', path: '', query: new URLSearchParams(), headers: new Headers(headers) as HeaderFields, raw: Buffer.from(body) } as Verified
}

export const lena = { id: 5550001111, is_bot: false, first_name: 'Lena', last_name: 'Ruiz', username: 'lenar', language_code: 'es', is_premium: true }
export const privateChat = { id: 5550001111, type: 'private', first_name: 'Lena', last_name: 'Ruiz', username: 'lenar' }
export const group = { id: -1002200330044, type: 'supergroup', title: 'Neighbours' }
export const frame = { message_id: 41, from: lena, chat: privateChat, date: 1767225600 }

export function answer(result: unknown): Omit<SampleAnswer, 'name'> {
  return { status: 200, body: { ok: true, result } }
}
export function refusal(code: number, description: string, parameters?: object): Omit<SampleAnswer, 'name'> {
  return { status: code, body: { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) } }
}

/** A message of an agent on its way to Lena. */
export function outgoing(more: Partial<SettingsOf<typeof telegram>> = {}, to: { guest?: string; address?: Record<string, string> } = {}): Out {
  return {
    id: '0d9c5a52-6c1e-5f5b-8a33-3b1f0f6f7a10',
    at: new Date('2026-01-01T00:00:00Z'),
    to: { guest: '5550001111', address: {}, ...to },
    tenant: tenant(more),
    profile: {},
    author: 'agent',
  }
}
