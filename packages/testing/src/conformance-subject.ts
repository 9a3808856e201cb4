import assert from 'node:assert/strict'
import type { Definition, Failure, Implementation, PlatformAnswer, PlatformCall, SettingsOf, TenantView, Webhook } from '@um/shared/contract'
import type { z } from 'zod'

/** A request as a fixture: what is left out is POST to the ingress path itself, without headers. */
export interface SampleHook {
  name: string
  method?: string
  path?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body: string | Buffer
}
export interface GenuineHook extends SampleHook {
  /** what it becomes, in order: `message:text`, `receipt:read`, `lifecycle:started`, `moved` */
  events: string[]
}
/** The fields of an answer that the sample is about; default status 200, no headers. */
export interface SampleAnswer {
  name: string
  status?: number
  headers?: Record<string, string>
  body: unknown
  /** the call that it answers; default `POST /` */
  call?: PlatformCall
}
/** A refusal of the platform and what the connector must make of it (only the members given are compared). */
export interface RefusedAnswer extends SampleAnswer {
  failure: Partial<Failure> & Pick<Failure, 'kind'>
}

/** Everything the suite must know of a connector; all values invented, all samples genuine. */
export interface ConformanceSubject<D extends Definition = Definition> {
  definition: D
  implementation: Implementation<D>
  /** the connector's folder, for README.md and src/definition.ts: `new URL('..', import.meta.url)` */
  folder: URL
  /** As an admin saves them. Every secret has a value, every base URL is overridden. */
  settings: z.input<D['settings']>
  /** another tenant of the same connector; no genuine webhook is for this one */
  otherSettings: z.input<D['settings']>
  /** what `register` returned for the first tenant */
  state?: Record<string, string>
  /** the instant at which the samples are genuine */
  now: Date
  /** a guest as `parse` names it, and what it said is needed to answer */
  recipient: { guest: string; address?: Record<string, string> }
  /** how a text is written on the platform, where some characters are escaped */
  written?(text: string): string

  webhooks: readonly [GenuineHook, ...GenuineHook[]]
  /** Which parts of a request prove its sender. `body`: a flipped byte must be refused. `toleranceSeconds`: a signed instant is believed for so long, both ways. */
  proof: { headers?: string[]; query?: string[]; body?: boolean; toleranceSeconds?: number }
  /** near misses beyond those that the suite makes itself */
  forgeries?: readonly SampleHook[]
  handshakes?: readonly SampleHook[]
  /** A kind of event that the platform does not have yet. `events`: as in GenuineHook. */
  unknownEvent: GenuineHook
  /** members of the body that hold free maps: the suite adds no unknown field there */
  openMaps?: readonly string[]
  /** bodies that the platform never sends; the suite adds its own (empty, truncated, wrong type) */
  malformed?: readonly SampleHook[]
  /** settings whose name sounds secret and which are not */
  notSecret?: readonly string[]

  answers: {
    accepted: readonly (SampleAnswer & { /** what `sent` makes of it */ id?: string })[]
    rateLimited: readonly [RefusedAnswer, ...RefusedAnswer[]]
    unauthorized: readonly [RefusedAnswer, ...RefusedAnswer[]]
    unavailable: readonly [RefusedAnswer, ...RefusedAnswer[]]
    blocked: readonly RefusedAnswer[]
    others?: readonly RefusedAnswer[]
  }
  /** A platform that works, as a function; needed when the connector has effects. */
  platform?(call: PlatformCall): SampleAnswer | undefined
  /** A platform at which everything of this tenant is gone; default: 404 to every call. */
  gone?(call: PlatformCall): SampleAnswer | undefined
}

/** One thing that must hold. `run` throws when it does not. */
export interface Claim {
  about: string
  name: string
  run(): void | Promise<void>
}

export function tenantOf<D extends Definition>(subject: ConformanceSubject<D>, settings: unknown = subject.settings): TenantView<SettingsOf<D>> {
  return deepFreeze({
    id: settings === subject.settings ? '3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30' : '9a4d2b60-1c3e-4e8f-8a71-5b0c9d2e4f61',
    name: 'ACME',
    settings: subject.definition.settings.parse(settings) as SettingsOf<D>,
    state: settings === subject.settings ? { ...subject.state } : {},
    options: { showSystemMessages: true, prefixAgentName: false },
    webhookUrl: `https://um.example.com${subject.definition.ingress ?? ''}`,
  })
}

export function hookOf(sample: SampleHook): Webhook {
  return {
    method: sample.method ?? 'POST',
    path: sample.path ?? '',
    query: new URLSearchParams(sample.query),
    headers: new Headers(sample.headers),
    raw: Buffer.from(sample.body),
  }
}
export function answerOf(sample: SampleAnswer): PlatformAnswer {
  return { status: sample.status ?? 200, headers: new Headers(sample.headers), body: sample.body }
}
export const plainCall: PlatformCall = { method: 'POST', path: '/' }

/** Values of the settings that are marked secret; a map's values count one by one. */
export function secretsOf(subject: ConformanceSubject): string[] {
  const settings = subject.definition.settings.parse(subject.settings)
  return Object.entries(subject.definition.settings.shape)
    .filter(([, field]) => isSecret(field))
    .flatMap(([name]) => strings(settings[name]))
    .filter(value => value.length >= 4)
}
function isSecret(field: unknown): boolean {
  return (field as z.ZodType).meta()?.secret === true
}

/** Every string and number below a value, as strings. */
export function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (Array.isArray(value)) return value.flatMap(strings)
  if (value !== null && typeof value === 'object' && !Buffer.isBuffer(value)) return Object.values(value).flatMap(strings)
  return []
}

/** So that a pure function that changes what it was given throws. */
export function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}

/** Deep and strict; values from different realms (JSON.parse under Jest) may be the same. */
export function assertSame(actual: unknown, expected: unknown, message?: string): void {
  assert.deepEqual(structuredClone(actual), structuredClone(expected), message)
}
