import { describe, expect, it } from '@jest/globals'
import { Slots } from '../../src/flow/index.ts'

/** Begins work that ends when it is told to; answers who has begun. */
function workers(slots: Slots) {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const begin = (name: string, key: string) =>
    slots.take(key).then(leave => {
      begun.push(name)
      ends.set(name, leave)
    })
  return { begun, begin, end: (name: string) => ends.get(name)?.() }
}
const turn = () => new Promise(setImmediate)

describe('slots', () => {
  it('let so many work at a time, and the next when one has ended', async () => {
    const { begun, begin, end } = workers(new Slots({ total: 2 }))
    for (const name of ['a', 'b', 'c', 'd']) void begin(name, name)
    await turn()
    expect(begun).toEqual(['a', 'b'])

    end('b')

    await turn()
    expect(begun).toEqual(['a', 'b', 'c'])
  })

  it('leave room for others beside one that wants them all', async () => {
    const { begun, begin } = workers(new Slots({ total: 4, perKey: 2 }))

    for (const name of ['hog1', 'hog2', 'hog3', 'hog4']) void begin(name, 'hog')
    void begin('other', 'other')

    await turn()
    expect(begun).toEqual(['hog1', 'hog2', 'other'])
  })

  it('let those behind go on when a large one gives up waiting', async () => {
    const slots = new Slots({ total: 4 })
    await slots.take('a')
    const patience = new AbortController()
    const large = slots.take('b', { weight: 4, signal: patience.signal })
    const small = slots.take('c')

    patience.abort(new Error('too long'))

    await expect(large).rejects.toThrow('too long')
    await small
    expect(slots.waiting).toBe(0)
  })

  it('come back once, however often they are given back', async () => {
    const slots = new Slots({ total: 2 })
    const leave = await slots.take('a')
    await slots.take('b')

    leave()
    leave()

    await slots.take('c')
    void slots.take('d')
    expect(slots.waiting).toBe(1)
  })
})
