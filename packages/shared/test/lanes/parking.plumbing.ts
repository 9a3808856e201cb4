import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually, type RedisServer, startRedis } from '@um/testing'
import { Redis } from 'ioredis'
import { ConversationRunner, Parking } from '../../src/lanes/index.ts'
import { recordingLog } from '../notify/recording-log.ts'

const lane = 3
const conversation = 'tenant/guest'
let server: RedisServer
let redis: Redis
let runner: ConversationRunner | undefined
beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.url)
}, 60_000)
beforeEach(() => redis.flushall())
afterEach(() => runner?.stopTimer())
afterAll(async () => {
  redis?.disconnect()
  await server?.stop()
}, 60_000)

/** What becomes of a command: `send` lets Redis hear it. */
type Fate = (send: () => Promise<unknown>) => Promise<unknown>
const heard: Fate = async send => {
  await send()
  throw new Error('Connection is closed.')
}
const unheard: Fate = async () => {
  throw new Error('Connection is closed.')
}

/** A connection to Redis on which the next transaction, or the next script, meets its fate. */
function breaking(fates: { exec?: Fate; eval?: Fate }): Redis {
  const meet = (command: 'exec' | 'eval', send: () => Promise<unknown>) => {
    const fate = fates[command]
    delete fates[command]
    return fate === undefined ? send() : fate(send)
  }
  return new Proxy(redis, {
    get: (target, name) => {
      if (name === 'eval') return (...given: Parameters<Redis['eval']>) => meet('eval', () => target.eval(...given))
      if (name === 'multi') {
        return () => {
          const transaction = target.multi()
          const exec = transaction.exec.bind(transaction)
          return Object.assign(transaction, { exec: () => meet('exec', exec) })
        }
      }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** What is still parked for the replica that has the lane next. */
async function parkedForTheNext(): Promise<number> {
  const parking = new Parking({ redis, kind: 'message' })
  await parking.load(lane)
  return parking.count() + (await parking.byTenant()).size
}

describe('messages of which it is not known whether they were parked', () => {
  it.each([
    ['only the answer of Redis got lost', heard],
    ['Redis never heard of it', unheard],
  ])('take effect once and in order, and are not parked for good, when %s', async (_name, fate) => {
    const effects: string[] = []
    const acknowledged: string[] = []
    const fates = { exec: fate }
    let mustWait = true
    const handle = async (body: Buffer) => {
      if (mustWait) {
        mustWait = false
        return { kind: 'later', milliseconds: 1500 } as const
      }
      // what comes again is recognised, as services do by its mark
      if (!effects.includes(body.toString())) effects.push(body.toString())
      return { kind: 'done' } as const
    }
    runner = new ConversationRunner({ handle, parking: new Parking({ redis: breaking(fates), kind: 'message' }), log: recordingLog([]) })
    await runner.open(lane)
    const accept = (text: string) => runner?.accept({ lane, conversation, body: Buffer.from(text), publishedAt: 0, ack: () => void acknowledged.push(text) })

    accept('a1')
    accept('a2')
    await eventually(() => fates.exec === undefined)
    accept('a3')
    await eventually(() => expect([...acknowledged].sort()).toEqual(['a1', 'a2', 'a3']))
    await eventually(() => runner?.size === 0)

    expect(effects).toEqual(['a1', 'a2', 'a3'])
    expect(await parkedForTheNext()).toBe(0)
  })
})

describe('a parked message that has been handled', () => {
  it('takes no other with it when Redis hears of that only while the next is in hand', async () => {
    const handled: string[] = []
    let late: (() => Promise<unknown>) | undefined
    const parking = new Parking({
      redis: breaking({
        eval: async send => {
          late = send
          throw new Error('Command timed out')
        },
      }),
      kind: 'message',
    })
    runner = new ConversationRunner({
      handle: async body => {
        handled.push(body.toString())
        if (body.toString() === 'a2') await late?.()
        return { kind: 'done' }
      },
      parking,
      log: recordingLog([]),
    })
    await runner.open(lane)

    await parking.park(
      lane,
      conversation,
      ['a1', 'a2', 'a3'].map(text => Buffer.from(text)),
      0,
    )
    await eventually(async () => expect(await parkedForTheNext()).toBe(0))

    expect(handled).toEqual(['a1', 'a1', 'a2', 'a3'])
  })
})
