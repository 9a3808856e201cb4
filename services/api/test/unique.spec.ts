import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { connectors } from '@um/catalog'
import { defineConnector, field } from '@um/shared/contract'
import { Tenant } from '@um/shared/settings'
import { z } from 'zod'
import { assertUniqueSettings, repeatedClaims } from '../src/tenants/unique.ts'

const chat = defineConnector({
  id: 'chat',
  role: 'messaging',
  label: 'Chat',
  media: 'Chat',
  settings: z.strictObject({
    token: field.secret('Token', { unique: { part: '^(\\d+):' } }),
    hook: field.optionalSecret('Hook', { unique: true }),
    note: field.optionalText('Note'),
  }),
  capabilities: {},
})
const desk = defineConnector({
  ...chat,
  id: 'desk',
  role: 'cx',
  settings: z.strictObject({
    client: field.text('Client', { unique: { together: 'integration' } }),
    name: field.text('Name', { unique: { together: 'integration' } }),
  }),
})
const known = new Map([chat, desk].map(definition => [definition.id, definition]))

function tenantOf(name: string, messaging: Record<string, unknown>, cx: Record<string, unknown> = { client: name, name }): Tenant {
  return Tenant.parse({ id: randomUUID(), name, messaging: { type: 'chat', settings: messaging }, cxPlatform: { type: 'desk', settings: cx } })
}
const refusalOf = (tenant: Tenant, ...others: Tenant[]) => {
  try {
    assertUniqueSettings(tenant, others, known)
    return undefined
  } catch (error) {
    return error
  }
}
const first = tenantOf('First', { token: '123:abc', hook: 'h' })

describe('a setting that only one tenant may have', () => {
  it('is refused with the name of the tenant that has it', () => {
    expect(refusalOf(tenantOf('Second', { token: '124:abc', hook: 'h' }), first)).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('The tenant "First" has the same already'),
      fields: [{ pointer: '/messaging/settings/hook', detail: 'is used by the tenant "First"' }],
      members: { usedBy: [{ id: first.id, name: 'First' }] },
    })
  })

  it('counts only by the part that is named: another token of the same bot is the same bot', () => {
    expect(refusalOf(tenantOf('Second', { token: '123:xyz' }), first)).toMatchObject({ fields: [{ pointer: '/messaging/settings/token' }] })
    expect(refusalOf(tenantOf('Second', { token: '1234:abc' }), first)).toBeUndefined()
  })

  it('may stay with the tenant itself', () => {
    expect(refusalOf({ ...first, name: 'Renamed' }, first)).toBeUndefined()
  })

  it('claims nothing when it is not set', () => {
    expect(refusalOf(tenantOf('A', { token: '1:a' }), tenantOf('B', { token: '2:a' }))).toBeUndefined()
    expect(refusalOf(tenantOf('A', { token: '1:a', hook: '' }), tenantOf('B', { token: '2:a', hook: '' }))).toBeUndefined()
  })

  it('counts together with others of its group, not alone', () => {
    const other = tenantOf('B', { token: '2:a' }, { client: 'c', name: 'n' })

    expect(refusalOf(tenantOf('A', { token: '1:a' }, { client: 'c', name: 'other' }), other)).toBeUndefined()
    expect(refusalOf(tenantOf('A', { token: '1:a' }, { client: 'other', name: 'n' }), other)).toBeUndefined()
    expect(refusalOf(tenantOf('A', { token: '1:a' }, { client: 'c', name: 'n' }), other)).toMatchObject({
      fields: [{ pointer: '/cxPlatform/settings/client' }, { pointer: '/cxPlatform/settings/name' }],
    })
  })

  it('does not meet the same value on another platform', () => {
    const elsewhere = { ...first, id: randomUUID(), messaging: { ...first.messaging, type: 'other' } }

    expect(refusalOf(tenantOf('Second', { token: '123:abc' }), elsewhere)).toBeUndefined()
  })

  it('is found in a whole configuration', () => {
    const second = tenantOf('Second', { token: '123:xyz' })
    const third = tenantOf('Third', { token: '9:xyz' })

    expect(repeatedClaims([first, second, third], known)).toEqual([{ first, second, fields: ['token'] }])
  })
})

describe('the platforms', () => {
  it.each([
    ['telegram', ['apiToken', 'webhookSecret']],
    ['gcloudcx', ['clientId', 'integrationName']],
  ])('%s marks what cannot be shared', (id, fields) => {
    const shape = connectors.get(id)?.settings.shape as Record<string, z.ZodType>

    const marked = Object.entries(shape).filter(([, each]) => (each.meta() as { unique?: object } | undefined)?.unique !== undefined)

    expect(marked.map(([name]) => name)).toEqual(fields)
  })
})
