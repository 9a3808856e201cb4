import { describe, expect, it } from '@jest/globals'
import { KeyedQueues, type Task, type TaskResult } from '../../src/kit/keyed-queues.ts'

/** Tasks that end when the test says so, and a log of what ran. */
function bench(concurrency: number) {
  const queues = new KeyedQueues(concurrency)
  const ran: string[] = []
  const ending = new Map<string, (result: TaskResult) => void>()
  const task = (name: string): Task => ({
    run: () => {
      ran.push(name)
      return new Promise(resolve => ending.set(name, resolve))
    },
  })
  const end = async (name: string, result: TaskResult = { done: true }) => {
    ending.get(name)?.(result)
    await new Promise(resolve => setImmediate(resolve))
  }
  return { queues, ran, push: (key: string, name: string) => queues.push(key, task(name)), end }
}

describe('KeyedQueues', () => {
  it('runs one task of a key at a time, and keys side by side', async () => {
    const { push, ran, end } = bench(10)
    push('a', 'a1')
    push('a', 'a2')
    push('b', 'b1')

    expect(ran).toEqual(['a1', 'b1'])
    await end('a1')
    expect(ran).toEqual(['a1', 'b1', 'a2'])
  })

  it('runs no more than allowed at once', async () => {
    const { push, ran, end } = bench(2)
    for (const key of ['a', 'b', 'c']) push(key, key)

    expect(ran).toEqual(['a', 'b'])
    await end('b')
    expect(ran).toEqual(['a', 'b', 'c'])
  })

  it('runs a task again before its successors', async () => {
    const { push, ran, end, queues } = bench(10)
    push('a', 'a1')
    push('a', 'a2')
    await end('a1', { againInMs: 0 })
    await new Promise(resolve => setTimeout(resolve, 5))

    expect(ran).toEqual(['a1', 'a1'])
    expect(queues.size).toBe(2)
  })

  it('lets the next task go first, also when it comes later', async () => {
    const { push, ran, end } = bench(10)
    push('a', 'a1')
    await end('a1', { behindWithinMs: 60_000 })
    push('a', 'a2')
    await end('a2')

    expect(ran).toEqual(['a1', 'a2', 'a1'])
  })

  it('waits while paused and goes on afterwards', async () => {
    const { queues, push, ran } = bench(10)
    queues.pause()
    push('a', 'a1')
    const before = [...ran]
    queues.resume()

    expect(before).toEqual([])
    expect(ran).toEqual(['a1'])
  })

  it('takes a failed task for done', async () => {
    const queues = new KeyedQueues(1)
    queues.push('a', { run: () => Promise.reject(new Error('bug')) })
    await new Promise(resolve => setImmediate(resolve))

    expect(queues.size).toBe(0)
  })

  it('forgets everything when cleared, and works on', async () => {
    const { queues, push, ran, end } = bench(1)
    push('a', 'old')
    push('a', 'older')
    queues.clear()
    push('a', 'new')
    await end('old')

    expect(ran).toEqual(['old', 'new'])
    expect(queues.size).toBe(1)
  })
})
