import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { Id, maybe, maybes, optional } from '../../src/kit/index.ts'

describe('an id', () => {
  it.each([
    ['a-1', 'a-1'],
    [77, '77'],
    ['9007199254740993', '9007199254740993'],
  ])('%p is text', (given, expected) => {
    expect(Id.parse(given)).toBe(expected)
  })

  it.each(['', 1.5, null, undefined, 2 ** 53])('is not %p', given => {
    expect(Id.safeParse(given).success).toBe(false)
  })
})

describe('a member that may be there', () => {
  const Person = z.object({ id: Id, nick: maybe, ...maybes('name', 'mail'), tags: optional(z.array(z.string())) })

  it('is read as it is, numbers as text', () => {
    expect(Person.parse({ id: 1, nick: 'Lena', name: 7, tags: ['a'] })).toEqual({ id: '1', nick: 'Lena', name: '7', tags: ['a'] })
  })

  it('does not cost the rest when it has another form', () => {
    expect(Person.parse({ id: 1, nick: null, name: '', mail: ['x'], tags: [1] })).toEqual({ id: '1' })
  })

  it('is not what makes the rest readable', () => {
    expect(Person.safeParse({ nick: 'Lena' }).success).toBe(false)
  })
})
