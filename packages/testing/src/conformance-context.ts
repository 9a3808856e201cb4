import { Readable } from 'node:stream'
import {
  type Agenda,
  CallFailed,
  type Context,
  type Failure,
  type OpenMedia,
  type PlatformAnswer,
  type PlatformCall,
  type Store,
  type TenantView,
} from '@um/shared/contract'
import { answerOf, type SampleAnswer } from './conformance-subject.ts'

/** What a scripted context has seen so far. */
export interface Seen {
  calls: PlatformCall[]
  opened: unknown[]
  kept: { guest: string; sourceId: string }[]
  logged: { fields: object; message: string }[]
}
export interface ScriptedContext<V> extends Context<V> {
  readonly seen: Seen
  /** the tenant's state after every `saveState`; `tenant` itself shows it only in the next context, as in the engine */
  readonly state: Record<string, string>
}
export interface Script<V> {
  tenant: TenantView<V>
  classify(answer: PlatformAnswer, call: PlatformCall): Failure | undefined
  /** the platform; nothing returned: it knows no such call, which fails the test */
  platform?(call: PlatformCall): SampleAnswer | undefined
  /** bytes of the media that are opened */
  media?: OpenMedia
  now?: () => Date
}

/** A Context without a network: the platform is a function, Redis a map, the clock stands still. Failures come from the connector's own `classify`. */
export function scriptedContext<V>(script: Script<V>): ScriptedContext<V> {
  const seen: Seen = { calls: [], opened: [], kept: [], logged: [] }
  const state: Record<string, string> = { ...script.tenant.state }
  const agendas = new Map<string, Agenda>()
  const log = (fields: object, message: string): void => void seen.logged.push({ fields, message })
  return {
    seen,
    state,
    tenant: script.tenant,
    http: {
      async call(call, schema) {
        seen.calls.push(call)
        const sample = script.platform?.(call)
        if (sample === undefined) throw new Error(`the script has no answer to ${call.method} ${call.path}`)
        const answer = answerOf(sample)
        const failure = script.classify(answer, call)
        if (failure) throw new CallFailed(failure)
        return schema.parse(answer.body)
      },
    },
    store: memoryStore(),
    vault: memoryStore(),
    agenda(name) {
      const agenda = agendas.get(name) ?? memoryAgenda()
      agendas.set(name, agenda)
      return agenda
    },
    once: (_key, _ttlSeconds, work) => work(),
    media: {
      async open(media, how) {
        seen.opened.push(media)
        const opened = script.media ?? { body: Readable.from([Buffer.from('bytes')]), mime: 'application/octet-stream' }
        return how?.accept === undefined ? opened : how.accept(opened)
      },
      async keep(media, guest, sourceId) {
        seen.kept.push({ guest, sourceId })
        media.body.destroy()
        return { url: `https://storage.example.com/${encodeURIComponent(sourceId)}` }
      },
    },
    async saveState(facts) {
      Object.assign(state, facts)
    },
    resume: async () => undefined,
    log: { debug: log, info: log, warn: log },
    now: script.now ?? (() => new Date('2026-01-01T00:00:00Z')),
  }
}

function memoryStore(): Store {
  const values = new Map<string, string>()
  return {
    get: async key => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async key => void values.delete(key),
  }
}
function memoryAgenda(): Agenda {
  const dues = new Map<string, Date>()
  return {
    put: async (key, due) => void dues.set(key, due),
    remove: async key => void dues.delete(key),
    due: async (now, limit) =>
      [...dues]
        .filter(([, due]) => due <= now)
        .sort(([, a], [, b]) => a.getTime() - b.getTime())
        .slice(0, limit)
        .map(([key]) => key),
  }
}
