import { describe, expect, it } from '@jest/globals'
import { BoundedMap, newest } from '../../src/kit/bounded-map.ts'
import { Fifo } from '../../src/kit/fifo.ts'
import { MediaStore } from '../../src/kit/media-store.ts'
import { seeded } from '../../src/kit/random.ts'
import { FixedWindow, TokenBucket } from '../../src/kit/rate-limit.ts'
import { Ring } from '../../src/kit/ring.ts'
import { Tally } from '../../src/kit/tally.ts'

describe('Ring', () => {
  it('keeps the last items, oldest first, and says what fell out', () => {
    const ring = new Ring<number>(3)

    const fallen = [1, 2, 3, 4, 5].map(item => ring.push(item))

    expect(fallen).toEqual([undefined, undefined, undefined, 1, 2])
    expect(ring.all()).toEqual([3, 4, 5])
    expect(ring.last(2)).toEqual([4, 5])
    expect([ring.size, ring.total, ring.truncated]).toEqual([3, 5, true])
  })

  it('is not truncated while everything is there', () => {
    const ring = new Ring<number>(2)
    ring.push(1)
    ring.push(2)

    expect(ring.truncated).toBe(false)
  })
})

describe('BoundedMap', () => {
  it('forgets the entry that was not touched for longest', () => {
    const forgotten: string[] = []
    const map = new BoundedMap<string, number>(2, key => forgotten.push(key))
    map.set('a', 1)
    map.set('b', 2)
    map.touch('a')
    map.set('c', 3)

    expect(forgotten).toEqual(['b'])
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3])
  })

  it('is listed newest first, with a word on whether there is more', () => {
    const map = new BoundedMap<string, number>(9)
    for (const number of [1, 2, 3, 4]) map.set(String(number), number)

    expect(newest(map, 2)).toEqual({ items: [4, 3], more: true })
    expect(newest(map, 2, number => number < 3)).toEqual({ items: [2, 1], more: false })
  })
})

describe('Fifo', () => {
  it('gives back thousands of items in order', () => {
    const fifo = new Fifo<number>()
    for (let item = 0; item < 5000; item += 1) fifo.push(item)

    const taken = Array.from({ length: 5000 }, () => fifo.shift())

    expect(taken).toEqual(Array.from({ length: 5000 }, (_, item) => item))
    expect([fifo.shift(), fifo.size]).toEqual([undefined, 0])
  })
})

describe('Tally', () => {
  it('names what was seen more than once', () => {
    const tally = new Tally(10)
    for (const id of ['a', 'b', 'a', 'a']) tally.count(id)

    expect(tally.repeated()).toEqual([{ id: 'a', times: 3 }])
    expect(tally.repeats).toBe(2)
  })
})

describe('MediaStore', () => {
  const file = (name: string, bytes: number) => ({ bytes: Buffer.alloc(bytes), mime: 'text/plain; charset=utf-8', name })

  it('forgets the oldest files when it is full, but never the newest', () => {
    const store = new MediaStore(100)
    const first = store.put(file('1', 60))
    const second = store.put(file('2', 60))
    const huge = store.put(file('3', 500))

    expect([store.get(first.id), store.get(second.id), store.get(huge.id)?.name]).toEqual([undefined, undefined, '3'])
  })

  it('cleans names and types', () => {
    const stored = new MediaStore(100).put(file('../a\u0000b.txt', 1))

    expect([stored.name, stored.mime]).toEqual(['.._a_b.txt', 'text/plain'])
  })
})

describe('limits', () => {
  it('count in fixed windows', () => {
    const window = new FixedWindow(2, 60_000)

    const taken = [1000, 30_000, 60_999, 61_000].map(now => window.take(now))

    expect(taken.map(({ allowed }) => allowed)).toEqual([true, true, false, true])
    expect(taken[2]?.resetMs).toBe(1)
  })

  it('fill up again with time', () => {
    const bucket = new TokenBucket(2, 3)

    expect([bucket.take(0), bucket.take(0), bucket.take(0), bucket.take(0), bucket.take(250), bucket.take(500)]).toEqual([0, 0, 0, 500, 250, 0])
  })
})

describe('seeded', () => {
  it('draws the same numbers for the same seed, and others for another', () => {
    const draws = (seed: number) => Array.from({ length: 5 }, seeded(seed))

    expect(draws(7)).toEqual(draws(7))
    expect(draws(7)).not.toEqual(draws(8))
    expect(draws(7).every(draw => draw >= 0 && draw < 1)).toBe(true)
  })
})
