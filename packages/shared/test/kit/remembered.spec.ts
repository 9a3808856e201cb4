import { beforeEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { CallFailed } from '../../src/contract/index.ts'
import { kept, type Question, remembered } from '../../src/kit/index.ts'

let values: Map<string, string>
let seconds: Map<string, number | undefined>
let asked: number
const store = {
  get: async (key: string) => values.get(key),
  set: async (key: string, value: string, ttlSeconds?: number) => {
    values.set(key, value)
    seconds.set(key, ttlSeconds)
  },
  delete: async (key: string) => void values.delete(key),
}
const silent = () => undefined
const ctx = { store, log: { debug: silent, info: silent, warn: silent } }
const Team = z.object({ name: z.string() })
const question = { key: 'team:1', as: Team, seconds: 3600, failed: 'the name of a team could not be had' }
const ask = (answer: () => { name: string } | undefined, more: Partial<Question<z.infer<typeof Team>>> = {}) =>
  remembered(ctx, { ...question, ...more }, async () => {
    asked += 1
    return answer()
  })
const refuse = () => {
  throw new CallFailed({ kind: 'subscription', why: 'missing scope' })
}
beforeEach(() => {
  values = new Map()
  seconds = new Map()
  asked = 0
})

describe('a fact that changes seldom', () => {
  it('is asked once, and kept as long as it is good', async () => {
    expect(await ask(() => ({ name: 'ACME' }))).toEqual({ name: 'ACME' })
    expect(await ask(() => ({ name: 'other' }))).toEqual({ name: 'ACME' })
    expect([asked, seconds.get('team:1')]).toEqual([1, 3600])
  })

  it('is kept apart from others', async () => {
    await ask(() => ({ name: 'ACME' }))

    expect(await ask(() => ({ name: 'Neighbours' }), { key: 'team:2' })).toEqual({ name: 'Neighbours' })
  })

  it('is asked again the next time when the platform did not tell', async () => {
    expect(await ask(refuse)).toBeUndefined()
    expect(await ask(() => undefined)).toBeUndefined()
    expect(await ask(() => ({ name: 'ACME' }))).toEqual({ name: 'ACME' })
    expect(asked).toBe(3)
  })

  it('is left alone for a while where that is wanted', async () => {
    await ask(refuse, { againSeconds: 60 })

    expect(await ask(() => ({ name: 'ACME' }), { againSeconds: 60 })).toBeUndefined()
    expect([asked, seconds.get('team:1')]).toEqual([1, 60])
  })

  it('is asked again when an earlier version has kept it in another form', async () => {
    values.set('team:1', 'ACME')

    expect(await ask(() => ({ name: 'ACME' }))).toEqual({ name: 'ACME' })
  })

  it('does not hide that a program is wrong', async () => {
    await expect(
      ask(() => {
        throw new TypeError('x')
      }),
    ).rejects.toThrow(TypeError)
  })
})

describe('kept records', () => {
  it('come back in their form, under their own prefix', async () => {
    const teams = kept(store, Team, 'team:')
    await teams.set('9', { name: 'ACME' }, 60)

    expect(await teams.get('9')).toEqual({ name: 'ACME' })
    expect([values.has('team:9'), seconds.get('team:9')]).toEqual([true, 60])
    expect(await kept(store, Team).get('9')).toBeUndefined()
    await teams.delete('9')
    expect(await teams.get('9')).toBeUndefined()
  })

  it('that have another form are not given out', async () => {
    values.set('9', '{"name":7}')

    await expect(kept(store, Team).get('9')).rejects.toThrow()
  })
})
