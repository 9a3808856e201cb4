import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, type RabbitServer, startRabbit } from '@um/testing'
import { type Channel, connect } from 'amqplib'
import { Broker, connectorQueues, consumeQueue, type Direction, exchanges, messageKey } from '../../src/amqp/index.ts'
import { envelope, laneName } from '../../src/model/index.ts'
import { recordingLog } from '../notify/recording-log.ts'

let rabbit: RabbitServer
let broker: Broker
beforeAll(async () => {
  rabbit = await startRabbit()
}, 90_000)
afterEach(() => broker?.close())
afterAll(async () => {
  await rabbit?.stop()
}, 60_000)

const answered = { id: 'x', source: '/test', subject: 'x', time: new Date('2026-02-03T04:05:06Z') }
const queues = connectorQueues('pigeon')
const names = queues.map(({ name }) => name)
const first = names[0] ?? ''

async function startedBroker(): Promise<Broker> {
  broker = new Broker({ url: rabbit.url, queues, log: recordingLog([]) })
  broker.start()
  await broker.whenUp()
  return broker
}
async function administer<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
  const connection = await connect(rabbit.url)
  const channel = await connection.createChannel()
  channel.on('error', () => undefined)
  try {
    return await work(channel)
  } finally {
    await connection.close()
  }
}
const exists = (queue: string): Promise<boolean> =>
  administer(channel =>
    channel.checkQueue(queue).then(
      () => true,
      () => false,
    ),
  )
const remove = (...gone: string[]): Promise<void> =>
  administer(async channel => {
    for (const queue of gone) await channel.deleteQueue(queue)
  })
/** All connections are cut; resolves when the broker has connected again. */
async function cut(): Promise<void> {
  let ups = 0
  broker.onUp(async () => {
    ups += 1
  })
  await rabbit.ctl('close_all_connections', 'test')
  await eventually(() => expect(ups).toBeGreaterThanOrEqual(1), { withinMs: 20_000 })
  await broker.whenUp()
}

/** Fails when no queue takes it. */
const publish = (to: Broker, direction: Direction): Promise<void> =>
  to.publish(exchanges.messages, messageKey(direction, 'pigeon', laneName(0)), envelope('um.answer.v1', answered, { of: 'x', sealed: 'x' }))
async function publishToAll(from: Broker): Promise<void> {
  for (const direction of ['event', 'inbound', 'outbound'] as const) await publish(from, direction)
}

describe('the topology', () => {
  it('is declared at the first connection', async () => {
    await startedBroker()

    expect(await Promise.all(names.map(exists))).not.toContain(false)
  })

  it('is declared again when a reconnection finds an emptied broker', async () => {
    await startedBroker()
    await remove(...names)

    await cut()

    expect(await Promise.all(names.map(exists))).not.toContain(false)
  })

  it('is whole again when a reconnection finds an exchange gone, with all that was bound to it', async () => {
    const started = await startedBroker()
    await administer(channel => channel.deleteExchange(exchanges.messages))

    await cut()

    await publishToAll(started)
  })

  it('is whole again soon after somebody publishes to an exchange that is gone', async () => {
    const started = await startedBroker()
    await administer(channel => channel.deleteExchange(exchanges.messages))

    await expect(publish(started, 'event')).rejects.toThrow()

    await eventually(() => publish(started, 'event'), { withinMs: 20_000 })
    await publishToAll(started)
  })

  it('is made up for when a queue that is consumed is deleted', async () => {
    const started = await startedBroker()
    const consumption = consumeQueue({ broker: started, queue: first, prefetch: 1, log: recordingLog([]), handle: async () => undefined })
    await cut()
    await remove(first)

    await eventually(async () => expect(await exists(first)).toBe(true), { withinMs: 20_000 })
    await consumption.stop()
  })

  it('is left alone, and the connection too, when somebody looks for a queue that was never there', async () => {
    const started = await startedBroker()
    let changes = 0
    started.onChange(() => {
      changes += 1
    })

    const channel = await started.channel()
    channel?.on('error', () => undefined)
    await channel?.checkQueue('of a service that is not installed').catch(() => undefined)
    await started.publish('gum.commands', 'nobody', envelope('um.answer.v1', answered, { of: 'x', sealed: 'x' })).catch(() => undefined)

    expect([started.isUp, changes]).toEqual([true, 0])
  })
})
