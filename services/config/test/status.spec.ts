import { describe, expect, it } from '@jest/globals'
import i18next from 'i18next'
import type { DeadLetter, PartFlow, PartState, Tenant, TenantPartStatus } from '../src/page/api/types.ts'
import { en } from '../src/page/i18n/en.ts'
import type { Translate } from '../src/page/i18n/i18n.tsx'
import { countDeadLetters } from '../src/page/status/dead-letter-counts.ts'
import { errorsOf } from '../src/page/status/service-errors.ts'
import { flowWords } from '../src/page/tenants/flow-words.ts'

const open: PartFlow = { state: 'open', why: null, since: null, nextTryAt: null, waitingMessages: 0 }
function part(status: PartState, flow: Partial<PartFlow> = {}): TenantPartStatus {
  return { status, webhookUrl: null, lastError: null, facts: {}, steps: [], updatedAt: null, flow: { ...open, ...flow } }
}
function tenant(messaging: TenantPartStatus, cxPlatform: TenantPartStatus, enabled = true) {
  const common = { storageId: null, settings: {} }
  return {
    enabled,
    messaging: { ...common, type: 'line', showSystemMessages: true, prefixAgentName: false },
    cxPlatform: { ...common, type: 'gcloudcx' },
    status: { messaging, cxPlatform },
  } satisfies Partial<Tenant>
}

describe('the errors of a service', () => {
  it('are its tenants in trouble, each once, and its dead letters', () => {
    const tenants = [
      tenant(part('working'), part('working')),
      tenant(part('failing', { state: 'broken' }), part('working')),
      tenant(part('paused', { state: 'paused' }), part('working')),
      tenant(part('working', { state: 'paused' }), part('failing')),
      tenant(part('working', { state: 'limited' }), part('working')),
      tenant(part('working', { state: 'broken' }), part('working')),
    ]
    const dead = new Map([['line-connector', 7]])

    expect(errorsOf('line-connector', tenants, dead)).toEqual({ dead: 7, failing: 1, paused: 2, held: 2 })
    expect(errorsOf('gcloudcx-connector', tenants, dead)).toEqual({ dead: 0, failing: 1, paused: 0, held: 0 })
    expect(errorsOf('api', tenants, undefined)).toEqual({ dead: undefined, failing: 0, paused: 0, held: 0 })
  })

  it('are not those of tenants that are switched off, nor messages that wait where they pass', () => {
    const tenants = [tenant(part('failing'), part('failing'), false), tenant(part('working', { waitingMessages: 3 }), part('registering'))]

    expect(errorsOf('line-connector', tenants, new Map())).toEqual({ dead: 0, failing: 0, paused: 0, held: 0 })
  })
})

describe('the dead letters of each service', () => {
  it('are counted over all pages, by the service that gave them up', async () => {
    const letters = ['line-connector', 'api', 'line-connector'].map((service, number): Pick<DeadLetter, 'id' | 'service'> => ({ id: `${number}`, service }))
    const pages = [letters.slice(0, 2), letters.slice(2)]
    const call = async <T>() => ({ data: (pages.shift() ?? []) as T, etag: undefined, headers: new Headers({ 'x-total-count': '3' }) })

    const counts = await countDeadLetters({ call }, new AbortController().signal)

    expect([...counts]).toEqual([
      ['line-connector', 2],
      ['api', 1],
    ])
  })
})

describe('why messages do not move', () => {
  const english = i18next.createInstance()
  void english.init({
    lng: 'en',
    resources: { en: { translation: en } },
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    interpolation: { escapeValue: false },
  })
  const t: Translate = (key, values) => english.t(key, values ?? {})
  const words = (flow: Partial<PartFlow>) => flowWords(t, { time: iso => iso.slice(11, 16) }, { ...open, ...flow })

  it('is told with how many wait, and when they are tried again', () => {
    const nextTryAt = '2026-04-01T12:03:00.000Z'

    expect(words({ state: 'broken', why: 'HTTP 503.', nextTryAt, waitingMessages: 3 })).toBe('3 messages wait: HTTP 503, next try 12:03')
    expect(words({ state: 'paused', why: 'Unauthorized', nextTryAt, waitingMessages: 1 })).toBe('1 message waits: Unauthorized, next try 12:03')
    expect(words({ state: 'paused', why: 'Unauthorized' })).toBe('Messages are held up: Unauthorized')
  })

  it('is told in words of ours where the platform has set a limit', () => {
    expect(words({ state: 'limited', why: 'anything', waitingMessages: 2 })).toBe('2 messages wait: the platform has told us to wait')
  })

  it('is not told where they pass, but that some still wait is', () => {
    expect(words({})).toBeUndefined()
    expect(words({ waitingMessages: 2 })).toBe('2 messages wait')
  })
})
