import { describe, expect, it } from '@jest/globals'
import { defineStorage, field } from '@um/shared/contract'
import type { Storage, Tenant } from '@um/shared/settings'
import { z } from 'zod'
import type { ConfigView } from '../src/config/mirror.ts'
import { checkStorage } from '../src/storages/check.ts'
import { putStorage } from '../src/storages/default.ts'
import { usesOf } from '../src/storages/usage.ts'

const shed = defineStorage({ id: 'shed', label: 'Shed', settings: z.strictObject({ key: field.secret('Key') }) })
const barn = defineStorage({ id: 'barn', label: 'Barn', settings: z.strictObject({ key: field.secret('Key') }) })
const around = {
  storages: new Map([
    ['shed', shed],
    ['barn', barn],
  ]),
  generate: { token: () => 't', uuid: () => 'u' },
}
const [a, b, c] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222', '33333333-3333-4333-8333-333333333333'] as const
function storage(id: string, isDefault: boolean): Storage {
  return { id, type: 'shed', name: id, isDefault, purgeDelay: 300, settings: { key: 'k', prefix: 'gum' } }
}
function view(...storages: Storage[]): ConfigView {
  const entries = storages.map(document => ({ revision: 1, document }))
  return {
    revision: 1,
    unreadable: 0,
    tenants: () => [],
    tenant: () => undefined,
    storages: () => entries,
    storage: id => entries.find(({ document }) => document.id === id),
    settings: () => {
      throw new Error('not asked for')
    },
  }
}

describe('checkStorage', () => {
  it('completes a storage with the defaults, those common to all providers too', () => {
    const checked = checkStorage(a, { type: 'shed', name: 'Shed', settings: { key: 'k' } }, undefined, around)

    expect(checked).toEqual({
      ok: true,
      document: {
        id: a,
        type: 'shed',
        name: 'Shed',
        isDefault: false,
        purgeDelay: 300,
        settings: { key: 'k', prefix: 'gum', maxFileSize: 104_857_600, maxAge: 2_592_000 },
      },
    })
  })

  it('keeps a masked secret and, when it is not mentioned, being the default', () => {
    const checked = checkStorage(a, { type: 'shed', name: 'Renamed', settings: { key: '***' } }, storage(a, true), around)

    expect(checked).toMatchObject({ ok: true, document: { isDefault: true, settings: { key: 'k' } } })
  })

  it('does not change the type of a storage', () => {
    const checked = checkStorage(a, { type: 'barn', name: 'x', settings: { key: 'k' } }, storage(a, true), around)

    expect(checked).toEqual({ ok: false, errors: [{ pointer: '/type', detail: 'cannot be changed: add another storage' }] })
  })

  it('tells where it is wrong', () => {
    const checked = checkStorage(a, { id: b, type: 'shed', name: 'x', purgeDelay: 0, settings: { prefix: '/x' } }, undefined, around)

    expect(checked.ok ? [] : checked.errors.map(({ pointer }) => pointer)).toEqual(['/id', '/settings/key', '/settings/prefix'])
  })

  it('names the types that there are', () => {
    const checked = checkStorage(a, { type: 'attic', name: 'x' }, undefined, around)

    expect(checked).toEqual({ ok: false, errors: [{ pointer: '/type', detail: 'is not one of shed, barn' }] })
  })
})

describe('putStorage', () => {
  const result = (changes: ReturnType<typeof putStorage>) =>
    changes.map(change => [change.id, change.op === 'put' && change.collection === 'storages' && change.document.isDefault])

  it('makes the first storage the default', () => {
    expect(result(putStorage(view(), storage(a, false)))).toEqual([[a, true]])
  })

  it('leaves the default where it is', () => {
    expect(result(putStorage(view(storage(a, true)), storage(b, false)))).toEqual([[b, false]])
  })

  it('takes it from the one that had it', () => {
    expect(result(putStorage(view(storage(a, true), storage(b, false)), storage(c, true)))).toEqual([
      [c, true],
      [a, false],
    ])
  })

  it('does not let the default resign', () => {
    expect(() => putStorage(view(storage(a, true), storage(b, false)), storage(a, false))).toThrow(
      expect.objectContaining({ code: 'invalid', fields: [{ pointer: '/isDefault', detail: expect.any(String) }] }),
    )
  })
})

describe('usesOf', () => {
  const tenant = (name: string, messaging: string | null, cx: string | null) =>
    ({ id: name, name, messaging: { storageId: messaging }, cxPlatform: { storageId: cx } }) as Tenant

  it('finds those that name it, and for the default those that name none', () => {
    const tenants = [tenant('one', a, b), tenant('two', null, a), tenant('three', b, b)]

    expect(usesOf(storage(a, false), tenants)).toEqual([
      { id: 'one', name: 'one', parts: ['messaging'] },
      { id: 'two', name: 'two', parts: ['cxPlatform'] },
    ])
    expect(usesOf(storage(a, true), tenants).map(({ id, parts }) => [id, parts])).toEqual([
      ['one', ['messaging']],
      ['two', ['messaging', 'cxPlatform']],
    ])
  })
})
