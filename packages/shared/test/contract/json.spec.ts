import { describe, expect, it } from '@jest/globals'
import { parseJson, readJson } from '../../src/contract/index.ts'

describe('parseJson', () => {
  it('keeps integers exact that a number cannot hold', () => {
    expect(parseJson('{"id":9007199254740993,"neg":-9007199254740993,"list":[12345678901234567890]}')).toEqual({
      id: '9007199254740993',
      neg: '-9007199254740993',
      list: ['12345678901234567890'],
    })
  })

  it('leaves integers alone that a number can hold', () => {
    expect(parseJson('{"max":9007199254740991,"min":-9007199254740991,"more":9007199254740993}')).toEqual({
      max: 9007199254740991,
      min: -9007199254740991,
      more: '9007199254740993',
    })
  })

  it('leaves fractions and powers alone', () => {
    expect(parseJson('[48.20817430000000001, 1e20, 1234567890123456.5, 12345678901234567890]')).toEqual([
      48.2081743,
      1e20,
      1234567890123456.5,
      '12345678901234567890',
    ])
  })

  it('leaves digits in strings and keys alone', () => {
    expect(parseJson('{"12345678901234567890":"12345678901234567890"}')).toEqual({ '12345678901234567890': '12345678901234567890' })
  })

  it('is JSON.parse otherwise', () => {
    expect(parseJson('{"a":[null,true,{"b":1.5}]}')).toEqual({ a: [null, true, { b: 1.5 }] })
    for (const text of ['', '{', '{"id":12345678901234567890']) expect(() => parseJson(text)).toThrow(SyntaxError)
  })
})

describe('readJson', () => {
  it('reads the bytes of a body', () => {
    expect(readJson(Buffer.from('{"id":9007199254740993,"text":"é"}'))).toEqual({ id: '9007199254740993', text: 'é' })
  })

  it.each(['', '{', 'text'])('has nothing to say about %j', body => {
    expect(readJson(Buffer.from(body))).toBeUndefined()
  })
})
