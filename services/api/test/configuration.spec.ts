import { describe, expect, it } from '@jest/globals'
import { fleetKeys, type Storage, unseal } from '@um/shared/settings'
import { changedPointers } from '../src/audit/changes.ts'
import { configEnvelope, keys, writesOf } from '../src/config/changes.ts'
import { readApiEnvironment } from '../src/environment.ts'

const { seal } = fleetKeys('a secret key for tests')
const id = '11111111-1111-4111-8111-111111111111'
const storage: Storage = { id, type: 'aws', name: 'S', isDefault: true, purgeDelay: 300, settings: { secretAccessKey: 'very secret' } }

describe('writesOf', () => {
  it('gives each change a revision of its own, in order', () => {
    const { commands, last } = writesOf(
      [
        { op: 'put', collection: 'storages', id, document: storage },
        { op: 'delete', collection: 'storages', id, document: storage },
      ],
      41,
      seal,
    )

    const outbox = commands.filter(([command, key]) => command === 'ZADD' && key === keys.outbox).map(([, , score, event]) => [score, JSON.parse(event ?? '')])
    expect(last).toBe(42)
    expect(outbox.map(([score, event]) => [score, event.op, event.revision])).toEqual([
      ['41', 'put', 41],
      ['42', 'delete', 42],
    ])
  })

  it('stores what the event tells: revision and sealed document', () => {
    const { commands } = writesOf([{ op: 'put', collection: 'storages', id, document: storage }], 7, seal)

    const [, key, text] = commands.find(([command]) => command === 'SET') ?? []
    const { revision, sealed } = JSON.parse(text ?? '')
    expect(key).toBe(`config:storages:${id}`)
    expect(revision).toBe(7)
    expect(unseal(sealed, seal, `storages/${id}`)).toEqual(storage)
  })

  it('writes no secret in the clear', () => {
    const { commands } = writesOf(
      [
        { op: 'put', collection: 'storages', id, document: storage },
        { op: 'delete', collection: 'storages', id, document: storage },
      ],
      1,
      seal,
    )

    expect(JSON.stringify(commands)).not.toContain('very secret')
  })

  it('removes the document with its deletion and remembers that it is gone', () => {
    const { commands } = writesOf([{ op: 'delete', collection: 'storages', id, document: storage }], 9, seal)

    expect(commands).toContainEqual(['DEL', `config:storages:${id}`])
    expect(commands).toContainEqual(['ZREM', keys.index, `storages/${id}`])
    expect(commands).toContainEqual(['ZADD', keys.deleted, '9', `storages/${id}`])
  })
})

describe('configEnvelope', () => {
  it('has the same id when the same event is told again', () => {
    const event = { op: 'put', collection: 'storages', id, revision: 3, sealed: 'v1.x' } as const

    const first = configEnvelope(event, new Date(0))

    expect(configEnvelope(event, new Date(1)).id).toBe(first.id)
    expect(configEnvelope({ ...event, revision: 4 }, new Date(0)).id).not.toBe(first.id)
    expect(first.subject).toBe(`storages/${id}`)
  })
})

describe('changedPointers', () => {
  it('names the leaves that differ, added and removed ones too', () => {
    expect(changedPointers({ a: 1, b: { c: 1, 'd/e': 2 }, f: [1], g: 1 }, { a: 1, b: { c: 2, 'd/e': 3 }, f: [1, 2], h: 1 })).toEqual([
      '/b/c',
      '/b/d~1e',
      '/f',
      '/g',
      '/h',
    ])
  })

  it('finds nothing in equal documents', () => {
    expect(changedPointers({ a: [{ b: 1 }] }, { a: [{ b: 1 }] })).toEqual([])
  })
})

describe('readApiEnvironment', () => {
  it.each([
    [undefined, 43_200],
    ['', 43_200],
    ['30m', 1800],
    ['7d', 604_800],
  ])('TOKEN_LIFETIME=%s is %d seconds', (text, seconds) => {
    expect(readApiEnvironment({ TOKEN_LIFETIME: text }).tokenLifetimeSeconds).toBe(seconds)
  })

  it.each(['12', '0h', '-1h', 'soon', '1w'])('refuses TOKEN_LIFETIME=%s', text => {
    expect(() => readApiEnvironment({ TOKEN_LIFETIME: text })).toThrow('TOKEN_LIFETIME: must be a duration')
  })
  it('keeps journeys for two days, and as many as it is told', () => {
    expect(readApiEnvironment({}).journeys).toEqual({ hours: 48, most: 50_000, mostPerTenant: 25_000 })
    expect(readApiEnvironment({ JOURNEY_HOURS: '72', JOURNEY_LIMIT: '1000', JOURNEY_TENANT_LIMIT: '500' }).journeys).toEqual({
      hours: 72,
      most: 1000,
      mostPerTenant: 500,
    })
  })

  it.each([
    ['JOURNEY_HOURS', '0'],
    ['JOURNEY_HOURS', 'long'],
    ['JOURNEY_LIMIT', '1.5'],
    ['JOURNEY_TENANT_LIMIT', '99'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => readApiEnvironment({ [name]: value })).toThrow(`${name}: `)
  })
})
