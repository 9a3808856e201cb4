import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { defineStorage, field } from '../../src/contract/index.ts'
import { storageSettings } from '../../src/storage/index.ts'

const shelf = defineStorage({ id: 'shelf', label: 'Shelf', settings: z.strictObject({ code: field.secret('Code') }) })
const schema = storageSettings(shelf)

describe('storageSettings', () => {
  it('adds the common fields with their defaults', () => {
    expect(schema.parse({ code: 'x' })).toEqual({ code: 'x', prefix: 'gum', maxFileSize: 104_857_600, maxAge: 2_592_000 })
  })

  it('goes on refusing unknown fields', () => {
    expect(schema.safeParse({ code: 'x', codes: 'y' }).success).toBe(false)
  })

  it('keeps the rules that a provider has between its fields', () => {
    const settings = z.strictObject({ a: field.optionalText('A'), b: field.optionalText('B') }).refine(value => value.a !== undefined || value.b !== undefined)
    const either = storageSettings(defineStorage({ id: 'either', label: 'Either', settings }))

    expect(either.safeParse({}).success).toBe(false)
    expect(either.safeParse({ b: 'x' }).success).toBe(true)
  })

  it.each([
    ['gum', 'gum'],
    ['', ''],
    ['a/b-c_d.e/', 'a/b-c_d.e'],
  ])('takes the prefix %j', (prefix, expected) => {
    expect(schema.parse({ code: 'x', prefix }).prefix).toBe(expected)
  })

  it.each(['/gum', 'a//b', 'a/../b', '..', 'a b', 'é', 'a%2F'])('refuses the prefix %j', prefix => {
    expect(schema.safeParse({ code: 'x', prefix }).success).toBe(false)
  })

  it.each([
    ['maxFileSize', 0],
    ['maxFileSize', 1.5],
    ['maxFileSize', 5_368_709_121],
    ['maxAge', -1],
  ])('refuses %s %d', (name, value) => {
    expect(schema.safeParse({ code: 'x', [name]: value }).success).toBe(false)
  })

  it('describes every common field for the form', () => {
    for (const name of ['prefix', 'maxFileSize', 'maxAge'])
      expect(schema.shape[name as 'prefix'].meta()).toMatchObject({ title: expect.any(String), advanced: true })
  })
})
