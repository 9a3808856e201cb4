import { describe, expect, it } from '@jest/globals'
import { type Definition, defineConnector, field } from '@um/shared/contract'
import type { Tenant } from '@um/shared/settings'
import { z } from 'zod'
import type { Checked } from '../src/documents/checked.ts'
import { mergePatch } from '../src/documents/merge-patch.ts'
import { openFlow } from '../src/reports/flow.ts'
import { checkTenant } from '../src/tenants/check.ts'
import { nothingKnown, presentTenant } from '../src/tenants/present.ts'

const pigeon = defineConnector({
  id: 'pigeon',
  role: 'messaging',
  label: 'Pigeon',
  media: 'Pigeon',
  settings: z.strictObject({
    token: field.secret('Token', { pattern: /^t-/, hint: 'must begin with t-' }),
    hookSecret: field.secret('Hook', { generated: 'token' }),
    headers: field.map('Headers', { secret: true }),
    speed: field.integer('Speed', { min: 1, max: 9, default: 5 }),
  }),
  capabilities: {},
})
const desk = defineConnector({
  id: 'desk',
  role: 'cx',
  label: 'Desk',
  media: 'Desk',
  settings: z.strictObject({ region: field.text('Region') }),
  capabilities: {},
})
const id = '259bb4e2-f7e5-4b06-9a51-c528f412404b'
const storageId = '11111111-1111-4111-8111-111111111111'
let made = 0
const around = {
  connectors: new Map<string, Definition>([
    ['pigeon', pigeon],
    ['desk', desk],
  ]),
  storageIds: new Set([storageId]),
  generate: { token: () => `token ${++made}`, uuid: () => `uuid ${++made}` },
}
const sent = {
  name: ' ACME ',
  authentication: { type: 'basic', username: 'ivr', password: 'secret' },
  cxPlatform: { type: 'desk', settings: { region: 'eu' } },
  messaging: { type: 'pigeon', settings: { token: 't-1', headers: { a: 'x', b: 'y' } } },
}
function fine(checked: Checked<Tenant>): Tenant {
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors))
  return checked.document
}
function errors(checked: Checked<Tenant>) {
  return checked.ok ? [] : checked.errors
}
const stored = fine(checkTenant(id, sent, undefined, around))

describe('checkTenant', () => {
  it('completes a tenant with the defaults of the document and of the platforms', () => {
    expect(stored).toMatchObject({
      id,
      name: 'ACME',
      subscriptionId: null,
      enabled: true,
      commander: { enabled: false, useDefault: true, prefix: '>', settings: {} },
      messaging: { storageId: null, showSystemMessages: false, settings: { speed: 5, hookSecret: 'token 1' } },
    })
  })

  it('ignores the read-only status of an answer', () => {
    const checked = checkTenant(id, { ...sent, status: { messaging: 1 } }, undefined, around)

    expect(checked.ok).toBe(true)
    expect(fine(checked)).not.toHaveProperty('status')
  })

  it('keeps every secret that comes back masked', () => {
    const masked = presentTenant(stored, nothingKnown, around.connectors)

    const again = fine(checkTenant(id, masked, stored, around))

    expect(again).toEqual(stored)
  })

  it('takes a new secret beside a masked one, also inside a map', () => {
    const change = { ...sent, messaging: { type: 'pigeon', settings: { token: '***', headers: { a: '***', b: 'new' } } } }

    const { messaging } = fine(checkTenant(id, change, stored, around))

    expect(messaging.settings).toMatchObject({ token: 't-1', headers: { a: 'x', b: 'new' } })
  })

  it('keeps a generated value that is left out, and makes an empty one anew', () => {
    const settings = (hookSecret?: string) => ({
      ...sent,
      messaging: { type: 'pigeon', settings: { token: 't-1', ...(hookSecret === undefined ? {} : { hookSecret }) } },
    })

    const kept = fine(checkTenant(id, settings(), stored, around))
    const anew = fine(checkTenant(id, settings(''), stored, around))
    const given = fine(checkTenant(id, settings('mine'), stored, around))

    expect(kept.messaging.settings.hookSecret).toBe('token 1')
    expect(anew.messaging.settings.hookSecret).toMatch(/^token [2-9]/)
    expect(given.messaging.settings.hookSecret).toBe('mine')
  })

  it('says of a mask without a stored value that the value is needed', () => {
    const checked = checkTenant(
      id,
      { ...sent, messaging: { type: 'pigeon', settings: { token: '***' } }, authentication: { type: 'basic', username: 'u', password: '***' } },
      undefined,
      around,
    )

    expect(errors(checked)).toEqual([
      { pointer: '/authentication/password', detail: 'is required' },
      { pointer: '/messaging/settings/token', detail: 'is masked, but no value is stored: give the value' },
    ])
  })

  it('never takes a secret over to another platform', () => {
    const carrier = { ...pigeon, id: 'carrier' }
    const connectors = new Map([...around.connectors, ['carrier', carrier]])

    const checked = checkTenant(id, { ...sent, messaging: { type: 'carrier', settings: { token: '***' } } }, stored, { ...around, connectors })

    expect(errors(checked).map(({ pointer }) => pointer)).toEqual(['/messaging/settings/token'])
  })

  it('tells all errors at once, each with its place', () => {
    const checked = checkTenant(
      id,
      {
        id: storageId,
        name: '',
        subscriptionId: 'x',
        unknown: 1,
        cxPlatform: { type: 'pigeon', storageId: id },
        messaging: { type: 'pigeon', settings: { token: 'x', speed: 0, extra: true } },
        commander: { enabled: true, useDefault: false },
      },
      undefined,
      around,
    )

    expect(
      errors(checked)
        .map(({ pointer }) => pointer)
        .sort(),
    ).toEqual(
      [
        '/commander/settings/clientEmail',
        '/commander/settings/privateKey',
        '/commander/settings/privateKeyId',
        '/commander/settings/projectId',
        '/cxPlatform/storageId',
        '/cxPlatform/type',
        '/id',
        '/messaging/settings/extra',
        '/messaging/settings/speed',
        '/messaging/settings/token',
        '/name',
        '/subscriptionId',
        '/unknown',
      ].sort(),
    )
    expect(errors(checked)).toContainEqual({ pointer: '/cxPlatform/type', detail: 'is not one of desk' })
    expect(errors(checked)).toContainEqual({ pointer: '/messaging/settings/token', detail: 'must begin with t-' })
  })

  it('takes a storage that exists', () => {
    const checked = checkTenant(id, { ...sent, messaging: { ...sent.messaging, storageId } }, undefined, around)

    expect(fine(checked).messaging.storageId).toBe(storageId)
  })

  it.each([null, 1, 'x', [], undefined])('refuses %p as a tenant', input => {
    expect(errors(checkTenant(id, input, undefined, around))).toEqual([{ pointer: '', detail: 'must be an object' }])
  })

  it.each(['__proto__', 'constructor', 'toString'])('does not know a platform named %s', type => {
    const checked = checkTenant(id, { ...sent, messaging: { type, settings: {} } }, undefined, around)

    expect(errors(checked)).toEqual([{ pointer: '/messaging/type', detail: 'is not one of pigeon' }])
  })

  it('refuses settings that are no object', () => {
    const checked = checkTenant(id, { ...sent, messaging: { type: 'pigeon', settings: [] } }, undefined, around)

    expect(errors(checked)).toContainEqual({ pointer: '/messaging/settings', detail: 'must be an object' })
  })
})

describe('presentTenant', () => {
  it('shows no secret, and the status of both parts', () => {
    const shown = presentTenant(stored, nothingKnown, around.connectors)

    expect(shown.authentication).toEqual({ type: 'basic', username: 'ivr', password: '***' })
    expect(shown.messaging.settings).toEqual({ token: '***', hookSecret: '***', headers: { a: '***', b: '***' }, speed: 5 })
    expect(shown.status.messaging).toEqual({ status: 'unknown', webhookUrl: null, lastError: null, facts: {}, steps: [], updatedAt: null, flow: openFlow })
    expect(shown.status.cxPlatform.status).toBe('unknown')
  })

  it('shows nothing of settings whose platform is not known any more', () => {
    const shown = presentTenant(stored, nothingKnown, new Map([['desk', desk]]))

    expect(shown.messaging.settings).toEqual({})
  })

  it('shows what the service of the present platform says, not that of an earlier one', () => {
    const state = { collection: 'tenants', id, part: 'messaging', at: '2026-02-03T04:05:06Z' } as const
    const reports = new Map([
      ['messaging/pigeon-connector', { ...state, service: 'pigeon-connector', status: 'working' as const, lastError: 'was away' }],
      ['messaging/raven-connector', { ...state, service: 'raven-connector', status: 'removed' as const }],
    ])

    const shown = presentTenant(stored, { ...nothingKnown, reports }, around.connectors)

    expect(shown.status.messaging).toMatchObject({ status: 'working', lastError: 'was away' })
  })

  it('shows where its messages wait, and at which part', () => {
    const waiting = { ...openFlow, state: 'limited' as const, waitingMessages: 3 }
    const flows = new Map([
      ['pigeon-connector', new Map([[id, waiting]])],
      ['desk-connector', new Map([['another tenant', waiting]])],
    ])

    const shown = presentTenant(stored, { reports: undefined, flows }, around.connectors)

    expect(shown.status.messaging.flow).toEqual(waiting)
    expect(shown.status.cxPlatform.flow).toEqual(openFlow)
  })
})

describe('mergePatch', () => {
  // https://www.rfc-editor.org/rfc/rfc7396#appendix-A
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j patched with %j is %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result)
  })

  it('leaves prototypes alone', () => {
    const result = mergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}')) as object

    expect(Object.getPrototypeOf(result)).toBe(Object.prototype)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    expect(Object.keys(result)).toEqual(['__proto__'])
  })
})
