import { describe, expect, it } from '@jest/globals'
import { markOf, readMark, utterances } from '../src/load/utterances.ts'

const shape = { seed: 7, messages: 400, conversations: 20, media: 0.1 }

describe('the load', () => {
  it('is the same for the same seed, and another for another', () => {
    expect([...utterances(shape)]).toEqual([...utterances(shape)])
    expect([...utterances(shape)]).not.toEqual([...utterances({ ...shape, seed: 8 })])
  })

  it('has as many messages as asked for, numbered per conversation and direction without a gap', () => {
    const said = [...utterances(shape)]

    const numbers = new Map<string, number[]>()
    for (const { conversation, direction, number } of said) {
      const key = `${conversation} ${direction}`
      numbers.set(key, [...(numbers.get(key) ?? []), number])
    }
    expect(said).toHaveLength(400)
    for (const found of numbers.values()) expect(found).toEqual(found.map((_, index) => index + 1))
  })

  it('begins every conversation with its guest, and is about half answers', () => {
    const said = [...utterances(shape)]

    for (let conversation = 0; conversation < 20; conversation += 1) expect(said.find(each => each.conversation === conversation)?.direction).toBe('toAgent')
    const answers = said.filter(({ direction }) => direction === 'toGuest').length
    expect(answers).toBeGreaterThan(140)
    expect(answers).toBeLessThan(240)
  })

  it('has photos in their share, and none when none are wanted', () => {
    const photos = [...utterances(shape)].filter(({ photo }) => photo).length

    expect(photos).toBeGreaterThan(15)
    expect(photos).toBeLessThan(80)
    expect([...utterances({ ...shape, media: 0 })].some(({ photo }) => photo)).toBe(false)
  })
})

describe('marks', () => {
  it('are read back from the words, wherever they stand', () => {
    const mark = { conversation: 12, direction: 'toGuest', number: 345 } as const

    expect(markOf(mark)).toBe('#c12a345')
    expect(readMark(`${markOf(mark)} Thanks! 👍🏽`)).toEqual(mark)
    expect(readMark('#c3g1')).toEqual({ conversation: 3, direction: 'toAgent', number: 1 })
    expect(readMark('[image photo.jpg cannot be shown]\n#c3g1 Thanks!')).toEqual({ conversation: 3, direction: 'toAgent', number: 1 })
  })

  it.each(['', 'hello', 'a#c1g1', '#c1x1 hm', '#c1g hm', '#cg1', '#c1g1hm'])('are not read from %j', text => {
    expect(readMark(text)).toBeUndefined()
  })
})
