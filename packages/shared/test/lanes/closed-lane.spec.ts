import { describe, expect, it } from '@jest/globals'
import { ConversationRunner, type Parking } from '../../src/lanes/index.ts'
import { recordingLog } from '../notify/recording-log.ts'

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
})
