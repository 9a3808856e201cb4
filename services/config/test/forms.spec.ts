import { describe, expect, it } from '@jest/globals'
import type { FieldSchema } from '../src/page/api/types.ts'
import { combined, differences } from '../src/page/forms/difference.ts'
import { errorWords } from '../src/page/forms/error-words.ts'
import { choicesOf, defaultsOf, fieldsOf } from '../src/page/forms/model.ts'
import { asNumber } from '../src/page/forms/number-input.tsx'
import { joinPointer, parsePointer, valueAt, withValue } from '../src/page/forms/pointer.ts'

const schema: FieldSchema = {
  type: 'object',
  required: ['token', 'region'],
  properties: {
    token: { type: 'string', secret: true },
    hookSecret: { type: 'string', secret: true, generated: 'token' },
    region: { type: 'string', enum: ['a', 'b'], options: [{ value: 'a', label: 'A' }] },
    key: { type: 'string', secret: true, multiline: true },
    poll: { type: 'integer', default: 60, advanced: true },
    headers: { type: 'object', additionalProperties: { type: 'string' }, secret: true, default: {} },
    scopes: { type: 'array', items: { type: 'string' }, default: ['x'] },
    channels: { type: 'array', items: { type: 'string', enum: ['im', 'group'] } },
    oauth: { type: 'object', properties: { clientId: { type: 'string', default: 'none' } } },
    refreshToken: { type: 'string', secret: true, readOnly: true },
    on: { type: 'boolean', default: true },
  },
}

describe('the form of a schema', () => {
  it('has a control for each kind of field', () => {
    const kinds = Object.fromEntries(fieldsOf(schema).map(({ name, kind }) => [name, kind]))

    expect(kinds).toEqual({
      token: 'secret',
      hookSecret: 'secret',
      region: 'choice',
      key: 'multiline',
      poll: 'number',
      headers: 'map',
      scopes: 'list',
      channels: 'choices',
      oauth: 'group',
      refreshToken: 'secret',
      on: 'toggle',
    })
  })

  it('knows what is required, advanced, secret, generated and only shown', () => {
    const field = (name: string) => fieldsOf(schema).find(each => each.name === name)

    expect(field('token')).toMatchObject({ isRequired: true, isSecret: true, isAdvanced: false })
    expect(field('hookSecret')).toMatchObject({ isRequired: false, generated: 'token' })
    expect(field('poll')).toMatchObject({ isAdvanced: true, isSecret: false })
    expect(field('refreshToken')).toMatchObject({ isReadOnly: true })
    expect(field('oauth')?.fields.map(({ name }) => name)).toEqual(['clientId'])
  })

  it('begins with the defaults, of nested fields too, and leaves out what has none', () => {
    expect(defaultsOf(schema)).toEqual({ poll: 60, headers: {}, scopes: ['x'], oauth: { clientId: 'none' }, on: true })
  })

  it('does not share its defaults with the schema', () => {
    const first = defaultsOf(schema)
    ;(first.scopes as string[]).push('y')

    expect(defaultsOf(schema).scopes).toEqual(['x'])
  })

  it('offers the labelled values where there are any', () => {
    expect(choicesOf(schema.properties?.region ?? {})).toEqual(['a'])
    expect(choicesOf({ enum: ['p', 'q'] })).toEqual(['p', 'q'])
  })

  it.each([
    ['12', 12],
    [' -3 ', -3],
    ['0,5', 0.5],
    ['', undefined],
    ['12 px', '12 px'],
    ['1e3', '1e3'],
  ])('reads the number %j as %j', (text, value) => {
    expect(asNumber(text)).toBe(value)
  })
})

describe('pointers', () => {
  it('escape what has a meaning in them', () => {
    const pointer = joinPointer('/settings', 'a/b', 'c~d')

    expect(pointer).toBe('/settings/a~1b/c~0d')
    expect(parsePointer(pointer)).toEqual(['settings', 'a/b', 'c~d'])
  })

  it('lead into lists, and never to what every object inherits', () => {
    expect(valueAt({ list: [{ id: 1 }] }, '/list/0/id')).toBe(1)
    expect(valueAt({}, '/constructor')).toBeUndefined()
  })

  it('make copies, build what is missing, and take out what becomes undefined', () => {
    const before = { a: { b: 1, c: 2 } }

    const after = withValue(before, '/a/b', undefined)

    expect(after).toEqual({ a: { c: 2 } })
    expect(before).toEqual({ a: { b: 1, c: 2 } })
    expect(withValue({}, '/x/y', null)).toEqual({ x: { y: null } })
  })
})

describe('differences', () => {
  it('are named by their places; an absent member equals an undefined one, and order does not matter', () => {
    expect(differences({ a: 1, b: { c: [1], d: 2 } }, { b: { d: 3, c: [1] }, a: 1, e: undefined })).toEqual(['/b/d'])
  })

  it('of two people are put together, ours where both changed the same', () => {
    const base = { name: 'a', settings: { x: 1, y: 1 }, gone: true }
    const ours = { name: 'ours', settings: { x: 2, y: 1 } }
    const theirs = { name: 'theirs', settings: { x: 1, y: 9 }, gone: true }

    expect(combined<object>(base, ours, theirs)).toEqual({ name: 'ours', settings: { x: 2, y: 9 } })
  })
})

describe('what is wrong with a field', () => {
  const t = (key: string, values?: Record<string, unknown>) => `${key} ${JSON.stringify(values)}`

  it.each([
    ['Too small: expected string to have >=1 characters', 'wrong.required {}'],
    ['Too small: expected string to have >=16 characters', 'wrong.tooShort {"count":"16"}'],
    ['Too big: expected number to be <=100', 'wrong.tooBig {"limit":"100"}'],
    ['must be of type number, not string', 'wrong.number {}'],
    ['must be one of "a"|"b"', 'wrong.oneOf {"values":"\\"a\\"|\\"b\\""}'],
    ['is too easy to guess (strength 1 of 4, at least 3 is needed)', 'wrong.weak {"score":"1","needed":"3"}'],
  ])('is told in the page’s language: %s', (detail, words) => {
    expect(errorWords(t, detail)).toBe(words)
  })

  it('is told by the field’s own words, and as the API says it where there are none', () => {
    expect(errorWords(t, 'must be 0 or at least 15', '0 か 15 以上')).toBe('0 か 15 以上')
    expect(errorWords(t, 'must be 0 or at least 15')).toBe('must be 0 or at least 15')
  })
})
