import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { eventually } from '@um/testing/eventually'
import { laneQueues } from '../../src/amqp/index.ts'
import { ConversationRunner, LaneConsumer, LaneOwnership, type LaneWorker, type Parking } from '../../src/lanes/index.ts'
import { laneCount } from '../../src/model/index.ts'
import { recordingLog } from '../notify/recording-log.ts'
import { fakeIntervals } from './fake-intervals.ts'
import { MemoryBroker } from './memory-broker.ts'
import { MemoryLeases } from './memory-leases.ts'

const lane = 5
const log = recordingLog([])
beforeEach(fakeIntervals)
afterEach(() => {
  jest.useRealTimers()
})

async function owner(worker: LaneWorker) {
  const leases = new MemoryLeases()
  const ownership = new LaneOwnership({ redis: leases.redis, replica: 'this replica', worker, log })
  await ownership.start()
  return { leases, ownership }
}
/** Tells what becomes of the lane; it is left when the test says so. */
function slowWorker() {
  const told: string[] = []
  const left = Promise.withResolvers<void>()
  const worker: LaneWorker = {
    start: async number => void (number === lane && told.push('taken')),
    stop: async number => {
      if (number !== lane) return
      told.push('to be left')
      await left.promise
      told.push('left')
    },
  }
  return { told, leave: left.resolve, worker }
}

describe('a lane of which the lease is lost and comes back while a message is in hand', () => {
  it('is left once, and not taken again before it has been left', async () => {
    const { told, leave, worker } = slowWorker()
    const { leases, ownership } = await owner(worker)

    leases.give(lane, 'another replica')
    await leases.beat()
    await leases.beat()
    leases.free(lane)
    await leases.beat()
    await leases.beat()
    expect(told).toEqual(['taken', 'to be left'])
    expect(ownership.lanes().has(lane)).toBe(false)
    leave()
    await turn()
    await leases.beat()

    expect(told).toEqual(['taken', 'to be left', 'left', 'taken'])
    expect(ownership.lanes().has(lane)).toBe(true)
  })

  it('is consumed again, in order and one message at a time', async () => {
    const handled: string[] = []
    const slow = Promise.withResolvers<void>()
    const parking = { load: async () => undefined, forget: () => undefined, isParked: () => false, due: () => [] } as unknown as Parking
    const runner = new ConversationRunner({
      handle: async body => {
        handled.push(body.toString())
        if (body.toString() === 'slow') await slow.promise
        return { kind: 'done' }
      },
      parking,
      log,
    })
    const rabbit = new MemoryBroker()
    const queue = (number: number) => laneQueues('pigeon', number).messages
    const { name } = queue(lane)
    const { leases, ownership } = await owner(new LaneConsumer({ broker: rabbit.broker, queues: [{ queue, runner }], log }))
    rabbit.publish(name, 'tenant/guest', 'slow')
    await eventually(() => expect(handled).toEqual(['slow']))

    leases.give(lane, 'another replica')
    await leases.beat()
    rabbit.publish(name, 'tenant/guest', 'meanwhile')
    leases.free(lane)
    await leases.beat()
    await leases.beat()
    expect(handled).toEqual(['slow'])
    slow.resolve()
    await turn()
    await leases.beat()
    await turn()
    rabbit.publish(name, 'tenant/guest', 'afterwards')

    await eventually(() => expect(handled).toEqual(['slow', 'meanwhile', 'afterwards']))
    await eventually(() => expect(rabbit.left(name)).toEqual([]))
    await ownership.stop()
    runner.stopTimer()
  })
})

describe('a replica that stops', () => {
  it('keeps a lane for as long as a message is in hand there, longer than a lease if need be, and then gives it back', async () => {
    const { told, leave, worker } = slowWorker()
    const { leases, ownership } = await owner(worker)
    const stopped = ownership.stop()

    for (let beats = 0; beats < 10; beats += 1) await leases.beat()

    expect(leases.ownerOf(lane)).toBe('this replica')
    expect(leases.ownerOf(lane + 1)).toBeUndefined()
    leave()
    await stopped
    expect(leases.ownerOf(lane)).toBeUndefined()
    expect(told).toEqual(['taken', 'to be left', 'left'])
  })

  it.each(['lease', 'release'] as const)('gives a lane back for good, although the answer about its %s is late', async asked => {
    const { told, leave, worker } = slowWorker()
    const { leases, ownership } = await owner(worker)
    const late = Promise.withResolvers<void>()
    leases.answers[asked] = late.promise
    const stopped = ownership.stop()

    await leases.beat()
    leave()
    await turn()
    await leases.beat()
    late.resolve()
    await stopped

    expect(told).toEqual(['taken', 'to be left', 'left'])
    expect(leases.ownerOf(lane)).toBeUndefined()
  })

  it('keeps nothing of what it takes while it still starts', async () => {
    const leases = new MemoryLeases()
    let stopped: Promise<void> | undefined
    const worker: LaneWorker = {
      start: async () => {
        stopped ??= ownership.stop()
      },
      stop: async () => undefined,
    }
    const ownership = new LaneOwnership({ redis: leases.redis, replica: 'this replica', worker, log })

    await ownership.start()
    await stopped

    expect(stopped).toBeDefined()
    expect(jest.getTimerCount()).toBe(0)
    expect(ownership.lanes().size).toBe(0)
    expect(Array.from({ length: laneCount }, (_, number) => leases.ownerOf(number))).toEqual(Array(laneCount).fill(undefined))
  })

  it('is not counted on from the beginning, and beats no more once it has stopped', async () => {
    const { leave, worker } = slowWorker()
    const { leases, ownership } = await owner(worker)
    expect(leases.heartbeats).toBe(1)

    const stopped = ownership.stop()
    await leases.beat()
    await leases.beat()
    leave()
    await stopped

    expect(jest.getTimerCount()).toBe(0)
    expect(leases.heartbeats).toBe(1)
    expect(ownership.lanes().size).toBe(0)
    expect(leases.ownerOf(lane)).toBeUndefined()
  })
})
