import { describe, expect, it } from '@jest/globals'
import type { ConfigView } from '../src/config/mirror.ts'
import { neededServices } from '../src/status/needed.ts'

const view = (tenants: { enabled: boolean; messaging: string; cx: string }[], storages: string[]) =>
  ({
    tenants: () => tenants.map(({ enabled, messaging, cx }) => ({ document: { enabled, messaging: { type: messaging }, cxPlatform: { type: cx } } })),
    storages: () => storages.map(type => ({ document: { type } })),
  }) as unknown as ConfigView

describe('the services that are needed', () => {
  it('are those of enabled tenants and of storages, and the API', () => {
    const needed = neededServices(view([{ enabled: true, messaging: 'line', cx: 'gcloudcx' }], ['aws']))

    expect([...needed].sort()).toEqual(['api', 'aws-provider', 'gcloudcx-connector', 'line-connector'])
  })

  it('are not those of a disabled tenant alone', () => {
    expect([...neededServices(view([{ enabled: false, messaging: 'line', cx: 'gcloudcx' }], []))]).toEqual(['api'])
  })
})
