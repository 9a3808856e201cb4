import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { partsOf, returnPartBuffer, takePartBuffer } from '../src/parts.ts'

async function cut(chunks: number[], size: number): Promise<[string, boolean][]> {
  let next = 0
  const letters = chunks.map(length => Buffer.from(Array.from({ length }, () => 97 + (next++ % 26))))
  const parts: [string, boolean][] = []
  for await (const { bytes, isLast } of partsOf(Readable.from(letters, { objectMode: true }), Buffer.alloc(size))) parts.push([bytes.toString(), isLast])
  return parts
}

describe('partsOf', () => {
  it.each<[string, number[], [string, boolean][]]>([
    ['nothing', [], [['', true]]],
    ['less than a part', [3], [['abc', true]]],
    ['exactly a part', [4], [['abcd', true]]],
    ['exactly a part in pieces', [1, 2, 1], [['abcd', true]]],
    [
      'one byte more',
      [5],
      [
        ['abcd', false],
        ['e', true],
      ],
    ],
    [
      'two parts',
      [8],
      [
        ['abcd', false],
        ['efgh', true],
      ],
    ],
    [
      'pieces across the border',
      [3, 3, 3],
      [
        ['abcd', false],
        ['efgh', false],
        ['i', true],
      ],
    ],
    [
      'a piece of many parts',
      [11],
      [
        ['abcd', false],
        ['efgh', false],
        ['ijk', true],
      ],
    ],
  ])('cuts %s', async (_what, chunks, expected) => {
    expect(await cut(chunks, 4)).toEqual(expected)
  })

  it('ends with the error of the stream', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.alloc(6)
        throw new Error('broken')
      })(),
    )
    const parts = partsOf(broken, Buffer.alloc(4))
    await parts.next()

    await expect(parts.next()).rejects.toThrow('broken')
  })
})

describe('part buffers', () => {
  it('are used again, but not by two at a time', () => {
    const first = takePartBuffer()
    const second = takePartBuffer()
    returnPartBuffer(first)
    const third = takePartBuffer()

    expect(second).not.toBe(first)
    expect(third).toBe(first)
    expect(first).toHaveLength(5_242_880)
  })
})
