import { EventEmitter } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import type { ChannelModel } from 'amqplib'
import { ConfigProjection } from '../../src/config/index.ts'
import type { Logger } from '../../src/log/index.ts'
import { type AnyEnvelope, type DataOf, derivedId, envelope } from '../../src/model/index.ts'
import type { Redis } from '../../src/redis/index.ts'
import { documentContext, documentSchemas, seal } from '../../src/settings/index.ts'

const key = Buffer.alloc(32)
const silent = { debug() {}, info() {}, warn() {}, error() {} } as unknown as Logger

/** A projection whose connections to RabbitMQ are made here, and which counts what it asks. */
function projection() {
  const asked: DataOf<'um.config.v1'>[] = []
  let up: (connection: ChannelModel) => Promise<void> = async () => undefined
  const config = new ConfigProjection({
    service: 'line-connector',
    redis: { set: async () => 'OK', del: async () => 1 } as unknown as Redis,
    broker: {
      onUp: hook => {
        up = hook
      },
      publish: async (_exchange: string, _key: string, message: AnyEnvelope) => void asked.push(message.data as DataOf<'um.config.v1'>),
    },
    key,
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
    const answer = (last: boolean, page = 0, documents: { collection: 'tenants'; id: string; revision: number; sealed: string }[] = []) => {
      const data = { op: 'snapshot' as const, page, last, revision: 1, documents }
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

describe('snapshots of several pages', () => {
  const pages = ['a', 'b', 'c'].map((id, at) => {
    const tenant = documentSchemas.tenants.parse({
      id: `3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f3${at}`,
      name: id,
      messaging: { type: 'line', settings: {} },
      cxPlatform: { type: 'gcloudcx', settings: {} },
    })
    return [{ collection: 'tenants' as const, id: tenant.id, revision: 1, sealed: seal(tenant, key, documentContext('tenants', tenant.id)) }]
  })
  const names = (config: ConfigProjection) => config.tenants().map(({ name }) => name)

  it('that two replicas of the API send at the same time remove nothing', async () => {
    const { config, connect } = projection()
    const { answer } = await connect()

    for (const page of [0, 1, 0, 2, 1, 2]) answer(page === 2, page, pages[page])

    await eventually(() => expect(config.isSynced).toBe(true))
    expect(names(config).sort()).toEqual(['a', 'b', 'c'])
  })

  it('that were begun on a connection that has ended count for nothing', async () => {
    const { config, asked, connect } = projection()
    const first = await connect()
    first.answer(false, 0, pages[0])
    await eventually(() => expect(names(config)).toEqual(['a']))
    first.end()
    const second = await connect()
    const before = asked.length

    first.answer(true, 1, pages[1])

    await eventually(() => expect(asked.length).toBeGreaterThanOrEqual(before + 2))
    expect(names(config)).toEqual(['a'])
    second.end()
  })
})
