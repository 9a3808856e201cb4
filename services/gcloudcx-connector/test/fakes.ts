import { Readable } from 'node:stream'
import { type Agenda, CallFailed, type Failure, type InboundEvent, type MediaRef, type PlatformCall, type Verified } from '@um/shared/contract'
import { classify } from '../src/api.ts'
import { type Ctx, gcloudcx, type Out, type Settings, type Tenant } from '../src/definition.ts'

export const integrationId = '1f6e0c52-7c1b-4f0a-9a55-0d3d2f8be711'
export const conversationId = '0b7d6a5e-5b1f-4b9f-8d0e-6f3c2a1b9e44'
export const messageId = '5d0c8a4e1f7b42c69e3d7a1b90f2c4d8'
export const now = new Date('2026-03-04T05:06:09.000Z')

export const required = {
  region: 'ap-northeast-1',
  clientId: '4f1c2d3e-0a1b-4c2d-8e3f-112233445566',
  clientSecret: 's3cr3t-Of-the-client',
  integrationName: 'UM-ACME',
  webhookToken: 'kumo-7f3a9d52c1e84b60',
} as const

export function settingsOf(overrides: Record<string, unknown> = {}): Settings {
  return gcloudcx.settings.parse({ ...required, ...overrides })
}
export function tenantOf(overrides: Record<string, unknown> = {}, more: Partial<Tenant> = {}): Tenant {
  return {
    id: '3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30',
    name: 'ACME',
    settings: settingsOf(overrides),
    state: { integrationId },
    options: { showSystemMessages: false, prefixAgentName: false },
    webhookUrl: 'https://um.acme.com/openmessaging',
    ...more,
  }
}
export function outOf(tenant: Tenant = tenantOf(), more: Partial<Out> = {}): Out {
  return {
    id: 'um-0001',
    at: new Date('2026-03-04T05:06:01.250Z'),
    to: { guest: 'U-77', address: {} },
    tenant,
    profile: {},
    author: 'guest',
    ...more,
  }
}

/** A webhook of Genesys Cloud; members given replace those of an agent's plain text. */
export function openMessage(members: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: messageId,
    channel: {
      id: integrationId,
      platform: 'Open',
      type: 'Private',
      messageId,
      to: { id: 'U-77', idType: 'Opaque' },
      from: { nickname: 'UM-ACME', id: integrationId, idType: 'Opaque' },
      time: '2026-03-04T05:06:07.089Z',
    },
    type: 'Text',
    direction: 'Outbound',
    originatingEntity: 'Human',
    conversationId,
    ...members,
  }
}
export function hookOf(body: unknown, headers: Record<string, string> = {}): Verified {
  const raw = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return { method: 'POST', path: '', query: new URLSearchParams(), headers: new Headers(headers), raw } as unknown as Verified
}

export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: unknown
}
/** A context whose platform is a function of the call, whose clock can be moved, and which remembers what was done. */
export interface FakeContext extends Ctx {
  readonly calls: PlatformCall[]
  readonly logged: string[]
  readonly state: Record<string, string>
  /** seconds for which each value was stored last */
  readonly kept: Map<string, number | undefined>
  readonly opened: { media: MediaRef; options: unknown }[]
  clock: Date
}
export function contextOf(
  options: {
    tenant?: Tenant
    platform?: (call: PlatformCall) => Answer | Failure | Promise<Answer | Failure>
    media?: (media: MediaRef, authorized: boolean) => Failure | undefined
  } = {},
): FakeContext {
  const tenant = options.tenant ?? tenantOf()
  const state: Record<string, string> = { ...tenant.state }
  const stored = new Map<string, string>()
  const kept = new Map<string, number | undefined>()
  const agendas = new Map<string, Agenda>()
  const ctx: FakeContext = {
    calls: [],
    logged: [],
    state,
    kept,
    opened: [],
    clock: now,
    tenant,
    http: {
      async call(call, answer) {
        ctx.calls.push(call)
        const given = (await options.platform?.(call)) ?? {}
        if ('kind' in given) throw new CallFailed(given)
        const failure = classify({ status: given.status ?? 200, headers: new Headers(given.headers), body: given.body }, call)
        if (failure !== undefined) throw new CallFailed(failure)
        return answer.parse(given.body ?? {})
      },
    },
    store: {
      get: async key => stored.get(key),
      async set(key, value, ttlSeconds) {
        stored.set(key, value)
        kept.set(key, ttlSeconds)
      },
      delete: async key => void stored.delete(key),
    },
    vault: { get: async () => undefined, set: async () => undefined, delete: async () => undefined },
    resume: async () => undefined,
    agenda(name) {
      const agenda = agendas.get(name) ?? memoryAgenda()
      agendas.set(name, agenda)
      return agenda
    },
    once: (_key, _ttlSeconds, work) => work(),
    media: {
      async open(media: MediaRef, how?: { authorized?: boolean }) {
        ctx.opened.push({ media, options: how })
        const failure = options.media?.(media, how?.authorized === true)
        if (failure !== undefined) throw new CallFailed(failure)
        return { body: Readable.from([Buffer.from('bytes')]), mime: 'image/png' }
      },
      keep: async () => ({ url: 'https://storage.acme.com/kept' }),
    },
    async saveState(facts) {
      Object.assign(state, facts)
    },
    log: {
      debug: (_fields, message) => void ctx.logged.push(message),
      info: (_fields, message) => void ctx.logged.push(message),
      warn: (_fields, message) => void ctx.logged.push(message),
    },
    now: () => ctx.clock,
  }
  return ctx
}
function memoryAgenda(): Agenda {
  const dues = new Map<string, Date>()
  return {
    put: async (key, due) => void dues.set(key, due),
    remove: async key => void dues.delete(key),
    due: async (at, limit) =>
      [...dues]
        .filter(([, due]) => due <= at)
        .sort(([, one], [, other]) => one.getTime() - other.getTime())
        .map(([key]) => key)
        .slice(0, limit),
  }
}

/** Only what a test is about. */
export function eventsOf(events: InboundEvent[] | { refused: string }): InboundEvent[] {
  if (!Array.isArray(events)) throw new Error(`refused: ${JSON.stringify(events)}`)
  return events
}
