import { EventEmitter } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import type { ChannelModel } from 'amqplib'
import { ConfigProjection } from '../../src/config/index.ts'
import type { Logger } from '../../src/log/index.ts'
import { type AnyEnvelope, type DataOf, derivedId, envelope } from '../../src/model/index.ts'
import type { Redis } from '../../src/redis/index.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} } as unknown as Logger

/** A projection whose connections to RabbitMQ are made here, and which counts what it asks. */
function projection() {
  const asked: DataOf<'um.config.v1'>[] = []
  let up: (connection: ChannelModel) => Promise<void> = async () => undefined
  const config = new ConfigProjection({
    service: 'line-connector',
    redis: {} as Redis,
    broker: {
      onUp: hook => {
        up = hook
      },
      publish: async (_exchange: string, _key: string, message: AnyEnvelope) => void asked.push(message.data as DataOf<'um.config.v1'>),
    },
    key: Buffer.alloc(32),
    log: silent,
    askAgainMilliseconds: 5,
  })
  const connect = async () => {
    const ends = new EventEmitter()
    let take: (message: object) => void = () => undefined
    const channel = {
      on: () => undefined,
      assertQueue: async () => ({ queue: 'reply' }),
      bindQueue: async () => undefined,
      consume: async (_queue: string, consumer: (message: object) => void) => {
        take = consumer
      },
    }
    await up(Object.assign(ends, { createChannel: async () => channel }) as unknown as ChannelModel)
    const answer = (last: boolean) => {
      const data = { op: 'snapshot' as const, page: 0, last, revision: 1, documents: [] }
      const facts = { id: derivedId('test', String(Math.random())), source: '/api', subject: 'config', time: new Date() }
      take({ content: Buffer.from(JSON.stringify(envelope('um.config.v1', facts, data))) })
    }
    return { answer, end: () => ends.emit('close') }
  }
  return { config, asked, connect }
}
/** Nothing more is asked, although there was time to do so several times. */
async function isQuiet(asked: readonly unknown[]): Promise<boolean> {
  const before = asked.length
  await new Promise(resolve => setTimeout(resolve, 60))
  return asked.length === before
}

describe('a service that wants the configuration', () => {
  it('asks again when its request, or the answer, got lost', async () => {
    const { asked, connect } = projection()

    const { end } = await connect()

    await eventually(() => expect(asked.length).toBeGreaterThanOrEqual(3))
    expect(asked[2]).toMatchObject({ op: 'sync', service: 'line-connector', replyTo: 'reply' })
    end()
  })

  it('asks again when only a part of the answer came', async () => {
    const { config, asked, connect } = projection()
    const { answer, end } = await connect()

    answer(false)

    await eventually(() => expect(asked.length).toBeGreaterThanOrEqual(2))
    expect(config.isSynced).toBe(false)
    end()
  })

  it('asks no more once it has it all', async () => {
    const { config, asked, connect } = projection()
    const { answer } = await connect()

    answer(true)

    await eventually(() => expect(config.isSynced).toBe(true))
    expect(await isQuiet(asked)).toBe(true)
  })

  it('asks anew at its next connection, although it had it before', async () => {
    const { config, asked, connect } = projection()
    const first = await connect()
    first.answer(true)
    await eventually(() => expect(config.isSynced).toBe(true))
    first.end()
    const before = asked.length

    const { end } = await connect()

    await eventually(() => expect(asked.length).toBeGreaterThanOrEqual(before + 2))
    end()
  })

  it('asks no more when its connection has ended', async () => {
    const { asked, connect } = projection()
    const { end } = await connect()

    end()

    expect(await isQuiet(asked)).toBe(true)
  })
})
