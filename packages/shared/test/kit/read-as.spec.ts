import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { entryOf, readAs } from '../../src/kit/index.ts'

describe('a reader', () => {
  const place = readAs(z.object({ lat: z.number() }), ({ lat }, unit: string) => `${lat}${unit}`)

  it('reads what has its form, with what the others are given, too', () => {
    expect(place({ lat: 35.4, more: true }, '°')).toBe('35.4°')
  })

  it('gives nothing for what has another form, nearly the same', () => {
    for (const other of [{ lat: '35.4' }, {}, null, 'lat']) expect(place(other, '°')).toBeUndefined()
  })

  it('is not asked for what could be read and says nothing', () => {
    expect(readAs(z.unknown(), () => undefined)('x')).toBeUndefined()
  })
})

describe('an entry of a table', () => {
  const table = { text: 1 }

  it('is found by its name', () => {
    expect(entryOf(table, 'text')).toBe(1)
  })

  it.each(['constructor', 'toString', '__proto__', 'Text'])('is not %s', name => {
    expect(entryOf(table, name)).toBeUndefined()
  })
})
