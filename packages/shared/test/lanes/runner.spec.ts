import { afterEach, describe, expect, it } from '@jest/globals'
import { ConversationRunner, type Parking, type Step } from '../../src/lanes/index.ts'
import { recordingLog } from '../notify/recording-log.ts'

/** Parked conversations in memory, as the service's Redis would keep them. */
class MemoryParking {
  readonly parked = new Map<string, { due: number; bodies: Buffer[] }>()
  hasRoom = true
  load = async () => undefined
  forget = () => undefined
  isParked = (_lane: number, key: string) => this.parked.has(key)
  dueAt = (_lane: number, key: string) => this.parked.get(key)?.due ?? 0
  due = (now: number) => [...this.parked].filter(([, { due }]) => due <= now).map(([conversation]) => ({ lane: 0, conversation }))
  park = async (_lane: number, key: string, bodies: readonly Buffer[], due: number) => {
    if (!this.hasRoom) return false
    this.parked.set(key, { due, bodies: [...(this.parked.get(key)?.bodies ?? []), ...bodies] })
    return true
  }
  postpone = async (_lane: number, key: string, due: number) => {
    const parked = this.parked.get(key)
    if (parked !== undefined) parked.due = due
  }
  head = async (_lane: number, key: string) => this.parked.get(key)?.bodies[0]
  shift = async (_lane: number, key: string) => {
    const parked = this.parked.get(key)
    parked?.bodies.shift()
    if (parked?.bodies.length === 0) this.parked.delete(key)
  }
  free = async (_lane: number, key: string) => void this.parked.delete(key)
}

const runners: ConversationRunner[] = []
afterEach(() => {
  for (const runner of runners.splice(0)) runner.stopTimer()
})

/** A runner on lane 0 whose handler is answered by the test. */
async function bench() {
  const parking = new MemoryParking()
  const handled: string[] = []
  const acknowledged: string[] = []
  const open = new Map<string, (step: Step) => void>()
  const runner = new ConversationRunner({
    handle: body => {
      const text = body.toString()
      handled.push(text)
      return new Promise(resolve => open.set(text, resolve))
    },
    parking: parking as unknown as Parking,
    log: recordingLog([]),
  })
  runners.push(runner)
  await runner.open(0)
  const accept = (conversation: string, text: string, publishedAt = 0) =>
    runner.accept({ lane: 0, conversation, body: Buffer.from(text), publishedAt, ack: () => acknowledged.push(text) })
  const answer = async (text: string, step: Step = { kind: 'done' }) => {
    await until(() => open.has(text))
    open.get(text)?.(step)
    open.delete(text)
  }
  return { runner, parking, handled, acknowledged, accept, answer }
}
/** Lets everything run that waits for nothing but its turn. */
async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5000
  while (!condition()) {
    if (performance.now() > end) throw new Error('not in time')
    await new Promise(resolve => setImmediate(resolve))
  }
}

describe('a conversation', () => {
  it('is handled one message after the other, others beside it', async () => {
    const { accept, answer, handled, acknowledged } = await bench()
    accept('t/a', 'a1')
    accept('t/a', 'a2')
    accept('t/b', 'b1')
    await until(() => handled.length === 2)

    expect(handled).toEqual(['a1', 'b1'])
    await answer('a1')
    await until(() => handled.includes('a2'))

    expect(acknowledged).toEqual(['a1'])
  })

  it('lets nothing overtake a message that must wait a moment', async () => {
    const { accept, answer, handled, acknowledged, parking } = await bench()
    accept('t/a', 'a1')
    accept('t/a', 'a2')

    await answer('a1', { kind: 'later', milliseconds: 5 })
    await until(() => handled.length === 2)
    await answer('a1')
    await until(() => handled.length === 3)

    expect(handled).toEqual(['a1', 'a1', 'a2'])
    expect(acknowledged).toEqual(['a1'])
    expect(parking.parked.size).toBe(0)
  })

  it('lets others pass one that they may overtake, and comes back to it', async () => {
    const { handled, acknowledged, accept, answer } = await bench()
    accept('ann', 'report')
    accept('ann', 'hello')

    await answer('report', { kind: 'later', milliseconds: 50, passable: true })
    await answer('hello')
    await answer('report')

    await until(() => acknowledged.length === 2)
    expect(handled).toEqual(['report', 'hello', 'report'])
    expect(acknowledged).toEqual(['hello', 'report'])
  })

  it('keeps the order of those behind one that they may overtake', async () => {
    const { handled, acknowledged, accept, answer } = await bench()
    for (const text of ['report', 'a', 'b']) accept('ann', text)

    await answer('report', { kind: 'later', milliseconds: 400, passable: true })
    await answer('a', { kind: 'later', milliseconds: 1 })
    await answer('a')
    await answer('b')

    await until(() => acknowledged.length === 2)
    expect(handled.slice(0, 4)).toEqual(['report', 'a', 'a', 'b'])
  })

  it('forgets all but what is in hand when the broker’s channel is gone, wherever that stands', async () => {
    const { runner, handled, acknowledged, accept, answer } = await bench()
    for (const text of ['report', 'a', 'b']) accept('ann', text)
    await answer('report', { kind: 'later', milliseconds: 20, passable: true })
    await until(() => handled.includes('a'))

    runner.forgetQueued(0)
    await answer('a')

    await until(() => runner.size === 0)
    expect(handled).toEqual(['report', 'a'])
    expect(acknowledged).toEqual(['a'])
  })

  it('is set aside whole when it must wait longer, in its order, and the broker may forget it', async () => {
    const { accept, answer, acknowledged, parking } = await bench()
    accept('t/a', 'a1')
    accept('t/a', 'a2')

    await answer('a1', { kind: 'later', milliseconds: 60_000 })
    await until(() => acknowledged.length === 2)
    accept('t/a', 'a3')
    await until(() => acknowledged.length === 3)

    expect(parking.parked.get('t/a')?.bodies.map(String)).toEqual(['a1', 'a2', 'a3'])
  })

  it('goes on in order once its time has come', async () => {
    const { accept, answer, handled, parking } = await bench()
    accept('t/a', 'a1')
    await answer('a1', { kind: 'later', milliseconds: 60_000 })
    await until(() => parking.parked.size === 1)
    accept('t/a', 'a2')
    await until(() => parking.parked.get('t/a')?.bodies.length === 2)

    await parking.postpone(0, 't/a', 0)
    await answer('a1')
    await answer('a2')
    await until(() => parking.parked.size === 0)

    expect(handled).toEqual(['a1', 'a1', 'a2'])
  })

  it('lets nothing that arrives while it goes on overtake what was set aside', async () => {
    const { accept, answer, handled, acknowledged, parking } = await bench()
    await parking.park(0, 't/a', ['a1', 'a2'].map(Buffer.from), 0)
    await until(() => handled.length === 1)

    accept('t/a', 'a3')
    await answer('a1')
    await until(() => handled.length === 2)
    accept('t/a', 'a4')
    for (const text of ['a2', 'a3', 'a4']) await answer(text)
    await until(() => acknowledged.length === 2)

    expect(handled).toEqual(['a1', 'a2', 'a3', 'a4'])
    expect(acknowledged).toEqual(['a3', 'a4'])
  })

  it('is set aside behind what was set aside when that must wait once more', async () => {
    const { accept, answer, handled, acknowledged, parking } = await bench()
    await parking.park(0, 't/a', ['a1', 'a2'].map(Buffer.from), 0)
    await until(() => handled.length === 1)

    accept('t/a', 'a3')
    await answer('a1')
    await answer('a2', { kind: 'later', milliseconds: 60_000 })
    await until(() => acknowledged.length === 1)

    expect(handled).toEqual(['a1', 'a2'])
    expect(parking.parked.get('t/a')?.bodies.map(String)).toEqual(['a2', 'a3'])
    expect(acknowledged).toEqual(['a3'])
  })

  it('stays with the broker when there is no room to set it aside', async () => {
    const { accept, answer, acknowledged, parking, runner } = await bench()
    parking.hasRoom = false
    accept('t/a', 'a1')

    await answer('a1', { kind: 'later', milliseconds: 2000 })
    await new Promise(resolve => setImmediate(resolve))

    expect([acknowledged, parking.parked.size, runner.size]).toEqual([[], 0, 1])
  })
})

describe('the oldest message that could be handled', () => {
  it('is none while there is nothing to do', async () => {
    const { runner } = await bench()

    expect(runner.oldest()).toBeUndefined()
  })

  it('is the one published first, of all conversations', async () => {
    const { runner, accept } = await bench()
    accept('t/a', 'a1', 5000)
    accept('t/b', 'b1', 3000)
    accept('t/b', 'b2', 1000)

    expect(runner.oldest()).toBe(3000)
  })

  it('is not one that is set aside', async () => {
    const { runner, accept, answer, parking } = await bench()
    accept('t/a', 'a1', 1000)
    accept('t/b', 'b1', 3000)

    await answer('a1', { kind: 'later', milliseconds: 60_000 })
    await until(() => parking.parked.has('t/a'))

    expect(runner.oldest()).toBe(3000)
  })
})
