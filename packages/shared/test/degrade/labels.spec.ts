import { describe, expect, it } from '@jest/globals'
import { hasClearLabel, inGroups, pressesOf } from '../../src/degrade/index.ts'

describe('a clear label', () => {
  const offered = [{ title: 'Small' }, { title: 'Large' }, { title: 'ＬＡＲＧＥ ' }, { title: 'More', url: 'https://example.com' }]
  it('belongs to one option, however it is written', () => {
    expect(hasClearLabel({ title: 'Small' }, offered)).toBe(true)
    expect(hasClearLabel({ title: 'Large' }, offered)).toBe(false)
  })
  it.each(['', ' ', '12', '٣', 'um:k81aAbCdEf', 'https://example.com'])('is not %j, which means something else', title => {
    expect(hasClearLabel({ title }, [{ title }])).toBe(false)
  })
  it('may begin with a number', () => {
    expect(hasClearLabel({ title: '2 pieces' }, [{ title: '2 pieces' }])).toBe(true)
  })
})

describe('what can be pressed on a card', () => {
  it('are its buttons, else what it stands for itself, else nothing', () => {
    expect(pressesOf({ title: 'A', payload: 'a', actions: [{ title: 'Buy' }] })).toEqual([{ title: 'Buy' }])
    expect(pressesOf({ title: 'A', payload: 'a', actions: [] })).toEqual([{ title: 'A', payload: 'a', actions: [] }])
    expect(pressesOf({ title: 'A', url: 'https://example.com' })).toHaveLength(1)
    expect(pressesOf({ title: 'A' })).toEqual([])
  })
})

it('groups keep the order and the rest', () => {
  expect(inGroups([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(inGroups([], 2)).toEqual([])
})
