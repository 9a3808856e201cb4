import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { ConversationRunner, type Parking, type Step } from '../../src/lanes/index.ts'
import { recordingLog } from '../notify/recording-log.ts'
import { fakeIntervals } from './fake-intervals.ts'

afterEach(() => {
  jest.useRealTimers()
})

const nothingParked = { load: async () => undefined, forget: () => undefined, isParked: () => false, due: () => [] } as unknown as Parking

describe('a lane that was released', () => {
  it('keeps nothing of what still comes on its old channel', async () => {
    const handled: string[] = []
    const runner = new ConversationRunner({
      handle: async body => {
        handled.push(body.toString())
        return { kind: 'done' }
      },
      parking: nothingParked,
      log: recordingLog([]),
    })
    const accept = (text: string) => runner.accept({ lane: 4, conversation: 'tenant/guest', body: Buffer.from(text), publishedAt: 0, ack: () => undefined })
    await runner.open(4)
    await runner.close(4)

    accept('belongs to the next owner')
    await runner.open(4)
    accept('comes when the lane is back')

    await new Promise(resolve => setImmediate(resolve))
    expect(handled).toEqual(['comes when the lane is back'])
    expect(runner.size).toBe(0)
    runner.stopTimer()
  })

  it('has nothing in hand any more, although parked conversations came due while it was left', async () => {
    fakeIntervals()
    const slow = Promise.withResolvers<Step>()
    const parking = { ...nothingParked, due: () => [{ lane: 4, conversation: 'tenant/parked' }] } as unknown as Parking
    const runner = new ConversationRunner({ handle: () => slow.promise, parking, log: recordingLog([]) })
    await runner.open(4)
    runner.accept({ lane: 4, conversation: 'tenant/guest', body: Buffer.from('slow'), publishedAt: 0, ack: () => undefined })

    const closed = runner.close(4)
    jest.advanceTimersByTime(1000)
    slow.resolve({ kind: 'done' })
    await closed

    expect(runner.size).toBe(0)
    runner.stopTimer()
  })
})
