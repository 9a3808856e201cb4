import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { CallFailed } from '../../src/contract/index.ts'
import { Registrar } from '../../src/engine/registrar.ts'
import type { KnownTenant } from '../../src/engine/tenants.ts'
import type { Redis } from '../../src/redis/index.ts'

/** As much of Redis as the registrar and its lock use. */
function fakeRedis(): Redis {
  const kept = new Map<string, string>()
  const redis = {
    get: async (key: string) => kept.get(key) ?? null,
    set: async (key: string, value: string, ...how: unknown[]) => {
      if (how.includes('NX') && kept.has(key)) return null
      kept.set(key, value)
      return 'OK'
    },
    del: async (key: string) => Number(kept.delete(key)),
    // the lock's release
    eval: async (_script: string, _keys: number, key: string) => Number(kept.delete(key)),
  }
  return redis as unknown as Redis
}

let known: KnownTenant
let isAuthorised: boolean
let tries: number
let reports: string[]
let registrar: Registrar
beforeEach(() => {
  jest.useFakeTimers()
  known = { tenant: { id: 't1', name: 'One', enabled: true }, view: { id: 't1', state: {} }, fingerprint: 'f', revision: 1 } as unknown as KnownTenant
  isAuthorised = false
  tries = 0
  reports = []
  const register = async () => {
    tries += 1
    if (!isAuthorised) throw new CallFailed({ kind: 'subscription', why: 'somebody has to give the permission' })
    return { link: 'https://acme.example' }
  }
  registrar = new Registrar({
    connector: { implementation: { register } },
    tenants: {
      find: () => known,
      active: () => (known.tenant.enabled ? known : undefined),
      all: () => [known],
      onChange: () => undefined,
      reloadState: async () => undefined,
    },
    redis: fakeRedis(),
    gate: { openAll: async () => undefined, all: async () => new Map() },
    trouble: { pause: async () => undefined, recovered: async () => undefined },
    contextOf: () => ({ saveState: async () => undefined }),
    emit: async () => undefined,
    report: async (_id: string, { status }: { status: string }) => void reports.push(status),
    wake: async () => undefined,
    forgetToken: async () => undefined,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    stopping: new AbortController().signal,
  } as unknown as ConstructorParameters<typeof Registrar>[0])
})
afterEach(async () => {
  await registrar.stop()
  jest.useRealTimers()
})
const after = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds)

describe('a tenant whose platform wants a permission first', () => {
  beforeEach(async () => {
    registrar.start()
    await after(10)
  })

  it('is tried again only after minutes by itself', async () => {
    isAuthorised = true

    await after(200_000)
    const early = tries
    await after(200_000)

    expect([early, tries]).toEqual([1, 2])
  })

  it('is registered at once when its credentials work', async () => {
    isAuthorised = true

    await registrar.resumed('t1')
    await after(10)

    expect(tries).toBe(2)
    expect(reports).toEqual(['registering', 'failing', 'registering', 'working'])
  })

  it('is not tried by that when it is switched off', async () => {
    known = { ...known, tenant: { ...known.tenant, enabled: false } }

    await registrar.resumed('t1')
    await after(10)

    expect(tries).toBe(1)
  })

  it('is not registered once more when it is already, until it is saved again', async () => {
    isAuthorised = true
    await registrar.resumed('t1')
    await after(10)

    await registrar.resumed('t1')
    await after(10)
    const asItWas = [tries, reports.length]
    known = { ...known, revision: 2 }
    await registrar.resumed('t1')
    await after(10)

    expect([asItWas, tries]).toEqual([[2, 4], 3])
  })
})
