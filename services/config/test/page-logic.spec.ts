import { describe, expect, it } from '@jest/globals'
import type { PartState, TenantPartStatus } from '../src/page/api/types.ts'
import { createFormat } from '../src/page/i18n/format.ts'
import { preferredLanguage } from '../src/page/i18n/languages.ts'
import { guessKind, withJourney } from '../src/page/journeys/journey-list.ts'
import { createEventReader, type ServerEvent } from '../src/page/journeys/sse.ts'
import { type BrowserHistory, createRouter, partsOf } from '../src/page/route/router.ts'
import { keptSession } from '../src/page/session/session.ts'
import { checks } from '../src/page/tenants/checks.ts'
import { duplicateOf, readTenantFile } from '../src/page/tenants/handover.ts'
import { errorCounts, sentTenant } from '../src/page/tenants/tenant-document.ts'
import { matches, stateOf } from '../src/page/tenants/tenant-state.ts'

function part(status: PartState, more: Partial<TenantPartStatus> = {}): TenantPartStatus {
  const flow = { state: 'open', why: null, since: null, nextTryAt: null, waitingMessages: 0 } as const
  return { status, webhookUrl: null, lastError: null, facts: {}, steps: [], updatedAt: null, flow, ...more }
}

describe('how a tenant fares', () => {
  it('is how its worse part fares', () => {
    expect(stateOf({ enabled: true, status: { messaging: part('working'), cxPlatform: part('failing') } })).toBe('failing')
    expect(stateOf({ enabled: true, status: { messaging: part('paused'), cxPlatform: part('unknown') } })).toBe('paused')
    expect(stateOf({ enabled: false, status: { messaging: part('failing'), cxPlatform: part('failing') } })).toBe('off')
  })

  it('is found by its name in any width and case, and by its id', () => {
    expect(matches({ id: 'x', name: 'ＡＣＭＥ and Telegram' }, 'acme')).toBe(true)
    expect(matches({ id: 'x', name: 'Other' }, 'acme')).toBe(false)
    expect(matches({ id: 'x', name: 'Other' }, ' X ')).toBe(true)
  })

  it('is told by a list of what has to be there', () => {
    const status = {
      messaging: part('failing', { lastError: 'bad token', steps: [{ step: 'check', ok: false, message: 'Unauthorized', at: '' }] }),
      cxPlatform: part('registering'),
    }
    const tenant = { messaging: { storageId: null }, status } as unknown as Parameters<typeof checks>[0]

    const states = Object.fromEntries(checks(tenant, [], undefined).map(({ id, state, why }) => [id, why === undefined ? state : `${state}: ${why}`]))

    expect(states).toEqual({
      credentials: 'wrong: Unauthorized',
      webhook: 'wrong: bad token',
      cx: 'busy',
      storage: 'open',
      guestMessage: 'open',
      agentMessage: 'open',
    })
  })
})

describe('a tenant’s document', () => {
  it('counts what is wrong on each tab, each place once', () => {
    expect(errorCounts(['/name', '/messaging/settings/a', '/messaging/settings/a', '/messaging/type', '/surprise'])).toEqual({
      general: 2,
      authentication: 0,
      cxPlatform: 0,
      commander: 0,
      messaging: 2,
    })
  })

  it('is sent without the commander that was begun and is not used', () => {
    const settings = { location: 'global' }

    expect(sentTenant({ commander: { enabled: true, useDefault: true, settings } })).toEqual({ commander: { enabled: true, useDefault: true, settings: {} } })
    expect(sentTenant({ commander: { enabled: true, useDefault: false, settings } })).toEqual({ commander: { enabled: true, useDefault: false, settings } })
  })

  it('is duplicated without its own id, and read from files that hold one', () => {
    expect(duplicateOf({ id: '1', name: 'a', messaging: {} }, 'b')).toEqual({ name: 'b', messaging: {} })
    expect(readTenantFile('{"messaging":{"type":"line"}}')).toEqual({ messaging: { type: 'line' } })
    expect(readTenantFile('{"name":"a"}')).toBeUndefined()
    expect(readTenantFile('nothing')).toBeUndefined()
  })
})

describe('the language', () => {
  it.each([
    [['de-DE', 'fr-CA'], 'fr'],
    [['zh-CN'], 'zh-Hans'],
    [['zh-Hant-TW', 'ja'], 'ja'],
    [['pt'], 'en'],
    [['vi-VN', 'en'], 'vi'],
  ])('for %j is %s', (wanted, chosen) => {
    expect(preferredLanguage(wanted)).toBe(chosen)
  })

  it('writes durations with at most two units', () => {
    expect(createFormat('en').duration(5400)).toBe('1 hour, 30 minutes')
    expect(createFormat('en').duration(90_061)).toBe('1 day, 1 hour')
    expect(createFormat('en').duration(0)).toBe('0 seconds')
    expect(createFormat('fr').duration(300)).toBe('5 minutes')
  })

  it('says how long ago something was', () => {
    expect(createFormat('en').relative('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:05:30Z'))).toBe('5 minutes ago')
  })
})

describe('server-sent events', () => {
  it('are read whatever their chunks, and comments say nothing', () => {
    const events: ServerEvent[] = []
    const read = createEventReader(event => events.push(event))

    for (const chunk of [': hello\n\neve', 'nt: journey\nda', 'ta: {"a":1}\r\ndata: 2\n', '\ndata: x\n\n']) read(chunk)

    expect(events).toEqual([
      { name: 'journey', data: '{"a":1}\n2' },
      { name: 'message', data: 'x' },
    ])
  })
})

describe('journeys', () => {
  const journey = (message: string, startedAt: string, state = 'underway') => ({ message, startedAt, state }) as Parameters<typeof withJourney>[1]

  it('are listed once each, the latest first', () => {
    const list = [journey('b', '2'), journey('a', '1')]

    expect(withJourney(list, journey('a', '3'), { most: 5, state: undefined }).map(({ message }) => message)).toEqual(['a', 'b'])
    expect(withJourney(list, journey('c', '0'), { most: 2, state: undefined }).map(({ message }) => message)).toEqual(['b', 'a'])
  })

  it('leave a list of one state with that state, and come into it', () => {
    const list = [journey('b', '2', 'stuck'), journey('a', '1', 'stuck')]
    const heard = (state: string, message: string) =>
      withJourney(list, journey(message, '3', state), { most: 5, state: 'stuck' }).map(each => `${each.message} ${each.state}`)

    expect(heard('done', 'b')).toEqual(['a stuck'])
    expect(heard('done', 'c')).toEqual(['b stuck', 'a stuck'])
    expect(heard('stuck', 'c')).toEqual(['c stuck', 'b stuck', 'a stuck'])
  })

  it('are searched for by our id when it looks like one', () => {
    expect(guessKind('259bb4e2-f7e5-4b06-9a51-c528f412404b', undefined)).toBe('message')
    expect(guessKind('5000000001', undefined)).toBe('guest')
    expect(guessKind('259bb4e2-f7e5-4b06-9a51-c528f412404b', 'key')).toBe('key')
  })
})

describe('the place', () => {
  function browser(): BrowserHistory & { back(path: string): void } {
    let popped: () => void = () => undefined
    const location = { pathname: '/tenants', search: '' }
    const move = (_data: unknown, _unused: string, url: string) => {
      const [path = '', search] = url.split('?')
      location.pathname = path
      location.search = search === undefined ? '' : `?${search}`
    }
    return {
      location,
      history: { pushState: move, replaceState: move },
      addEventListener: (_type, listener) => {
        popped = listener
      },
      back(path) {
        location.pathname = path
        popped()
      },
    }
  }

  it('is left only as the guard allows, forwards and backwards', () => {
    const fake = browser()
    const router = createRouter(fake)
    let leave: (() => void) | undefined
    const release = router.guard(go => {
      leave = go
      return false
    })

    router.go('/storages')
    expect(router.place.get().path).toBe('/tenants')
    fake.back('/status')
    expect([router.place.get().path, fake.location.pathname]).toEqual(['/tenants', '/tenants'])
    leave?.()
    expect(router.place.get().path).toBe('/status')
    release()
    router.go('/journeys')
    expect(router.place.get().path).toBe('/journeys')
  })

  it('keeps its query when one part of it changes', () => {
    const router = createRouter(browser())

    router.refine({ search: 'a b', state: 'failing' })
    router.refine({ state: undefined })

    expect(router.place.get().query.toString()).toBe('search=a+b')
  })

  it('is read in its parts, or not at all', () => {
    expect(partsOf('/')).toEqual([''])
    expect(partsOf('/journeys/a%2Fb%25')).toEqual(['journeys', 'a/b%'])
    expect(partsOf('/tenants/%')).toBeUndefined()
  })
})

describe('the session', () => {
  const keep = (text: string | null) => ({ getItem: () => text }) as unknown as Storage
  const stored = JSON.stringify({ token: 't', user: 'admin', expiresAt: '2026-01-01T12:00:00Z' })

  it('survives a reload until the token’s end', () => {
    expect(keptSession(keep(stored), Date.parse('2026-01-01T11:59:59Z'))).toMatchObject({ is: 'in', user: 'admin' })
    expect(keptSession(keep(stored), Date.parse('2026-01-01T12:00:00Z'))).toEqual({ is: 'out' })
    expect(keptSession(keep('broken'), 0)).toEqual({ is: 'out' })
  })
})
