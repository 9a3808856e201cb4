import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing/eventually'
import { laneQueues } from '../../src/amqp/index.ts'
import { ConversationRunner, LaneConsumer, type Parking } from '../../src/lanes/index.ts'
import { recordingLog } from '../notify/recording-log.ts'
import { MemoryBroker } from './memory-broker.ts'

const lane = 5
const log = recordingLog([])
const runners: ConversationRunner[] = []
afterEach(() => {
  for (const runner of runners.splice(0)) runner.stopTimer()
})

/** A replica that has just been given the lane; what Redis says of the parked conversations is up to the test. */
async function taken(...loads: (() => Promise<void>)[]) {
  for (const load of loads) {
    const parking = { load, forget: () => undefined, isParked: () => false, due: () => [] } as unknown as Parking
    runners.push(new ConversationRunner({ handle: async () => ({ kind: 'done' }), parking, log }))
  }
  const [events, messages] = runners
  if (events === undefined || messages === undefined) throw new Error('a lane has two queues')
  const consumer = new LaneConsumer({
    broker: new MemoryBroker().broker,
    queues: [
      { queue: number => laneQueues('pigeon', number).events, runner: events },
      { queue: number => laneQueues('pigeon', number).messages, runner: messages },
    ],
    log,
  })
  await consumer.start(lane)
  return { consumer, areOpen: () => runners.map(runner => runner.isOpen(lane)) }
}

describe('a lane that was taken', () => {
  it('stays closed when it is left before Redis has said what is parked there', async () => {
    const redis = Promise.withResolvers<void>()
    const { consumer, areOpen } = await taken(
      () => redis.promise,
      () => redis.promise,
    )

    const left = consumer.stop(lane)
    redis.resolve()
    await left
    await turn()

    expect(areOpen()).toEqual([false, false])
  })

  it('opens when Redis is back, and what was open by then is not opened again', async () => {
    const loads = { events: 0, messages: 0 }

    const { areOpen } = await taken(
      async () => {
        loads.events += 1
      },
      async () => {
        loads.messages += 1
        if (loads.messages === 1) throw new Error('Redis is away')
      },
    )

    await eventually(() => expect(areOpen()).toEqual([true, true]))
    expect(loads).toEqual({ events: 1, messages: 2 })
  })
})
