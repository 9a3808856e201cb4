import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { field, needed } from '../../src/contract/index.ts'

describe('what only some settings need', () => {
  const settings = z
    .strictObject({ mode: field.choice('Mode', ['plain', 'sealed'], 'plain'), key: field.optionalSecret('Key') })
    .superRefine(needed({ key: [({ mode }) => mode === 'sealed', 'sealed messages'] }))

  it('is asked for by those, at the field that is missing', () => {
    expect(settings.safeParse({ mode: 'sealed' }).error?.issues).toMatchObject([{ path: ['key'], message: 'is needed for sealed messages' }])
    expect(settings.safeParse({ mode: 'sealed', key: '' }).success).toBe(false)
  })

  it('is not by the others', () => {
    expect(settings.safeParse({ mode: 'plain' }).success).toBe(true)
    expect(settings.safeParse({ mode: 'sealed', key: 'k' }).success).toBe(true)
  })
})

describe('several of a kind', () => {
  const colours = field.choices('Colours', ['red', 'blue', 'grey'], ['blue'], { min: 1, help: 'Any of them.', advanced: true })

  it('may be chosen, and have a default', () => {
    expect(colours.parse(undefined)).toEqual(['blue'])
    expect(colours.parse(['red', 'grey'])).toEqual(['red', 'grey'])
    expect(colours.meta()).toMatchObject({ title: 'Colours', description: 'Any of them.', advanced: true })
  })

  it('must be of that kind, and enough of them', () => {
    expect(colours.safeParse(['green']).success).toBe(false)
    expect(colours.safeParse([]).success).toBe(false)
  })

  it('do not share their default', () => {
    colours.parse(undefined).push('red')

    expect(colours.parse(undefined)).toEqual(['blue'])
  })

  it('may be free text of a form', () => {
    const names = field.list('Names', z.string().regex(/^[a-z]+$/), { min: 1, max: 2, default: ['a'] })

    expect(names.parse(undefined)).toEqual(['a'])
    for (const wrong of [[], ['A'], ['a', 'b', 'c']]) expect(names.safeParse(wrong).success).toBe(false)
    expect(field.list('Names', z.string()).parse(undefined)).toEqual([])
  })
})
