import { describe, expect, it } from '@jest/globals'
import type { z } from 'zod'
import { fieldErrors } from '../../src/errors/index.ts'
import { FleetSettings, Storage, Tenant } from '../../src/settings/index.ts'

const id = '259bb4e2-f7e5-4b06-9a51-c528f412404b'
const tenant = { id, name: 'ACME', cxPlatform: { type: 'gcloudcx' }, messaging: { type: 'line' } }
const pointersOf = (schema: z.ZodType, document: unknown) => {
  const read = schema.safeParse(document)
  return read.success ? [] : fieldErrors(read.error).map(({ pointer }) => pointer)
}

describe('a tenant', () => {
  it('has defaults for all that may be left out', () => {
    expect(Tenant.parse(tenant)).toEqual({
      id,
      name: 'ACME',
      subscriptionId: null,
      enabled: true,
      authentication: { type: 'none' },
      cxPlatform: { type: 'gcloudcx', storageId: null, settings: {} },
      commander: { enabled: false, useDefault: true, prefix: '>', settings: {} },
      messaging: { type: 'line', storageId: null, showSystemMessages: false, prefixAgentName: false, settings: {} },
    })
  })

  it('keeps settings that only its platform knows', () => {
    expect(Tenant.parse({ ...tenant, messaging: { type: 'line', settings: { channelId: '1', map: { a: 'b' } } } }).messaging.settings).toEqual({
      channelId: '1',
      map: { a: 'b' },
    })
  })

  it.each<[string, object, string[]]>([
    ['an unknown field', { colour: 'red' }, ['/colour']],
    ['unknown fields inside', { messaging: { type: 'line', a: 1, 'b/c~d': 2 } }, ['/messaging/a', '/messaging/b~1c~0d']],
    ['no name', { name: '  ' }, ['/name']],
    ['a name of 101 letters', { name: 'x'.repeat(101) }, ['/name']],
    ['an id that is none', { id: 'x' }, ['/id']],
    ['a storage that is none', { cxPlatform: { type: 'gcloudcx', storageId: 'x' } }, ['/cxPlatform/storageId']],
    ['no platform', { messaging: {} }, ['/messaging/type']],
    ['a user without password', { authentication: { type: 'basic', username: 'ivr', password: '' } }, ['/authentication/password']],
    ['an unknown authentication', { authentication: { type: 'oauth' } }, ['/authentication/type']],
    ['too long a prefix', { commander: { prefix: '123456' } }, ['/commander/prefix']],
  ])('is refused with a pointer: %s', (_name, more, pointers) => {
    expect(pointersOf(Tenant, { ...tenant, ...more })).toEqual(pointers)
  })

  it('is refused for each of its faults at once', () => {
    expect(pointersOf(Tenant, { ...tenant, id: 'x', name: '', enabled: 'yes' })).toEqual(['/id', '/name', '/enabled'])
  })
})

describe('a storage', () => {
  it('has defaults', () => {
    expect(Storage.parse({ id, type: 'aws', name: ' Files ' })).toEqual({ id, type: 'aws', name: 'Files', isDefault: false, purgeDelay: 300, settings: {} })
  })

  it.each<[object, string[]]>([
    [{ purgeDelay: -1 }, ['/purgeDelay']],
    [{ purgeDelay: 1.5 }, ['/purgeDelay']],
    [{ purgeDelay: 31_536_001 }, ['/purgeDelay']],
    [{ purgeDelay: 0 }, []],
    [{ bucket: 'b' }, ['/bucket']],
  ])('with %j is refused at %j', (more, pointers) => {
    expect(pointersOf(Storage, { id, type: 'aws', name: 'Files', ...more })).toEqual(pointers)
  })
})

describe('the settings of the fleet', () => {
  const notifier = { id, type: 'slack', settings: { webhookUrl: 'https://hooks.slack.com/services/x' } }

  it('are empty at first', () => {
    expect(FleetSettings.parse({})).toEqual({ outboundProxy: null, notifiers: [], commander: {} })
  })

  it('have notifiers with defaults', () => {
    expect(FleetSettings.parse({ notifiers: [notifier] }).notifiers).toEqual([{ ...notifier, topic: 'Default', enabled: true }])
  })

  it.each<[object, string[]]>([
    [{ notifiers: [notifier, { ...notifier, topic: 'Other' }] }, ['/notifiers/1/topic']],
    [{ notifiers: [{ ...notifier, type: 'mail' }] }, ['/notifiers/0/type']],
    [{ notifiers: [{ ...notifier, channel: '#dev' }] }, ['/notifiers/0/channel']],
    [{ notifiers: Array.from({ length: 51 }, () => notifier) }, ['/notifiers']],
    [{ proxy: 'http://p' }, ['/proxy']],
  ])('are refused with a pointer', (settings, pointers) => {
    expect(pointersOf(FleetSettings, settings)).toEqual(pointers)
  })
})
