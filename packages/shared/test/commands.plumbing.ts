import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, type RabbitServer, type RedisServer, startRabbit, startRedis } from '@um/testing'
import { Broker, commandQueue } from '../src/amqp/index.ts'
import { keptStateCommands, vault } from '../src/backup/index.ts'
import { type CommandClient, type CommandHandlers, commandClient, consumeCommands } from '../src/commands/index.ts'
import { CallFailed, type Context, type Failure } from '../src/contract/index.ts'
import { connectorCommands } from '../src/engine/commands.ts'
import type { Connector, TenantDirectory } from '../src/engine/tenants.ts'
import { createLogger } from '../src/log/index.ts'
import { createRedis, type Redis, whenReady } from '../src/redis/index.ts'
import { fleetKeys, seal, unseal } from '../src/settings/index.ts'
import { alpha } from './support/fakes.ts'

const log = createLogger({ name: 'test', level: 'fatal', flushMilliseconds: 0 })
const key = fleetKeys('a-secret-of-the-tests-0123456789').seal
const now = () => new Date()
let rabbit: RabbitServer
let server: RedisServer
let redis: Redis
let asking: Broker
let client: CommandClient
const brokers: Broker[] = []

beforeAll(async () => {
  rabbit = await startRabbit()
  server = await startRedis()
  redis = createRedis(server.url, log)
  await whenReady(redis)
  asking = new Broker({ url: rabbit.url, queues: [], log })
  client = commandClient({ broker: asking, key, source: '/api', log, now })
  asking.start()
  await asking.whenUp()
})
afterEach(async () => {
  await Promise.all(brokers.splice(0).map(broker => broker.close()))
  await redis.flushall()
})
afterAll(async () => {
  await asking?.close()
  redis?.disconnect()
  await Promise.all([rabbit?.stop(), server?.stop()])
})

/** A service that does as told, until the test is over. */
async function serving(service: string, handlers: CommandHandlers, sealKey = key): Promise<void> {
  const broker = new Broker({ url: rabbit.url, queues: [commandQueue(service)], log })
  consumeCommands({ broker, service, key: sealKey, log, now, handlers })
  brokers.push(broker)
  broker.start()
  await broker.whenUp()
}
const guest = { tenantId: randomUUID(), guest: '+819012345678' }

describe('a command', () => {
  it('is done by the service, and its outcome comes back', async () => {
    const seen: unknown[] = []
    await serving('one', {
      switchUser: async input => {
        seen.push(input)
        return { kind: 'done' }
      },
    })

    const outcome = await client.ask('one', 'switchUser', guest, 5000)

    expect(outcome).toEqual({ kind: 'done' })
    expect(seen).toEqual([guest])
  })

  it('cannot be read at the broker', async () => {
    const broker = new Broker({ url: rabbit.url, queues: [commandQueue('listener')], log })
    const bodies: string[] = []
    broker.onUp(async connection => {
      const channel = await connection.createChannel()
      await channel.consume(commandQueue('listener').name, message => void (message && bodies.push(message.content.toString())), { noAck: true })
    })
    brokers.push(broker)
    broker.start()
    await broker.whenUp()

    await client.tell('listener', 'checkSettings', { name: 'n', settings: { token: 'a very secret token' } }, 0)

    await eventually(() => expect(bodies).toHaveLength(1))
    expect(bodies[0]).not.toContain('secret token')
    expect(bodies[0]).not.toContain('checkSettings')
  })

  it('fails at once when the service was never there', async () => {
    await expect(client.ask('nobody', 'switchUser', guest, 5000)).rejects.toMatchObject({ reason: 'notInstalled', service: 'nobody' })
  })

  it('fails when the answer does not come in time, and is not done later', async () => {
    let done = 0
    const broker = new Broker({ url: rabbit.url, queues: [commandQueue('late')], log })
    broker.start()
    await broker.whenUp()
    await broker.close()
    await expect(client.ask('late', 'switchUser', guest, 200)).rejects.toMatchObject({ reason: 'unanswered' })

    await serving('late', {
      switchUser: async () => {
        done += 1
        return { kind: 'done' }
      },
    })
    await client.ask('late', 'switchUser', guest, 5000)

    expect(done).toBe(1)
  })

  it('says so when the version of the service does not know it, and when it breaks', async () => {
    await serving('old', {})
    await serving('broken', {
      switchUser: async () => {
        throw new Error('a bug')
      },
    })

    await expect(client.ask('old', 'switchUser', guest, 5000)).rejects.toMatchObject({ reason: 'unknown' })
    await expect(client.ask('broken', 'switchUser', guest, 5000)).rejects.toMatchObject({ reason: 'failed' })
  })

  it('of a stranger with another key is not done', async () => {
    let done = 0
    await serving('guarded', { switchUser: async () => ({ kind: 'done', n: done++ }) as never }, fleetKeys('another secret of the tests').seal)

    await expect(client.ask('guarded', 'switchUser', guest, 500)).rejects.toMatchObject({ reason: 'unanswered' })
    expect(done).toBe(0)
  })

  it('that nobody waits for is kept for a service that is yet to come', async () => {
    const heard = await client.tell('future', 'writeKept', { entries: [] }, 0)
    let done = 0
    await serving('future', {
      writeKept: async () => {
        done += 1
        return { filled: [] }
      },
    })

    expect(heard).toBe(false)
    await eventually(() => expect(done).toBe(1))
  })
})

describe('a connector', () => {
  const settings = { secret: 'saved', apiUrl: 'https://alpha.example', idempotent: true, perSecond: 0 }
  const tenant = { id: guest.tenantId, name: 'ACME', settings, state: { token: 'kept' } }
  const contexts: Context<unknown>[] = []
  const forgotten: string[] = []
  const commandsOf = (effects: object): Required<Pick<CommandHandlers, 'switchUser' | 'checkSettings'>> => {
    const connector: Connector = { ...alpha, implementation: { ...alpha.implementation, ...effects } }
    const known = { view: tenant } as never
    const tenants = {
      active: (id: string) => (id === tenant.id ? known : undefined),
      find: (id: string) => (id === tenant.id ? known : undefined),
    } as unknown as TenantDirectory
    const handlers = connectorCommands({
      ...{ connector, tenants, webhookUrl: 'https://um.example.org/alpha' },
      contextOf: view => ({ tenant: view }) as Context<unknown>,
      forget: async id => void forgotten.push(id),
    })
    return handlers as ReturnType<typeof commandsOf>
  }
  const failing = (failure: Failure) => async () => {
    throw new CallFailed(failure)
  }

  it('switches a guest through its effect', async () => {
    const seen: unknown[] = []
    const { switchUser } = commandsOf({
      switchUser: async (...[who, to, ctx]: [string, string | undefined, Context<unknown>]) => void seen.push([who, to, ctx.tenant.name]),
    })

    expect(await switchUser({ ...guest, to: 'other' })).toEqual({ kind: 'done' })
    expect(seen).toEqual([[guest.guest, 'other', 'ACME']])
  })

  it('tells why the platform did not, that it has no such thing, and that it does not know the tenant', async () => {
    const refusing = commandsOf({ switchUser: failing({ kind: 'recipient', why: 'no such guest' }) })

    expect(await refusing.switchUser(guest)).toEqual({ kind: 'failed', failure: { kind: 'recipient', why: 'no such guest' } })
    expect(await refusing.switchUser({ ...guest, tenantId: randomUUID() })).toEqual({ kind: 'unknownTenant' })
    expect(await commandsOf({}).switchUser(guest)).toEqual({ kind: 'unsupported' })
  })

  it('checks saved settings with what it keeps for the tenant, and others apart from it', async () => {
    const { checkSettings } = commandsOf({ check: async (ctx: Context<unknown>) => void contexts.push(ctx) })

    await checkSettings({ tenantId: tenant.id, name: 'ACME', settings })
    await checkSettings({ tenantId: tenant.id, name: 'ACME', settings: { ...settings, secret: 'new' } })

    const [saved, unsaved] = contexts.map(ctx => ctx.tenant)
    expect(saved).toBe(tenant)
    expect(unsaved).toMatchObject({ settings: { secret: 'new' }, state: {}, webhookUrl: 'https://um.example.org/alpha' })
    expect(unsaved?.id).not.toBe(tenant.id)
    expect(forgotten).toEqual([unsaved?.id])
  })

  it('refuses settings that are none', async () => {
    const { checkSettings } = commandsOf({ check: async () => undefined })

    expect(await checkSettings({ name: 'x', settings: { nonsense: 1 } })).toMatchObject({ kind: 'failed', failure: { kind: 'content' } })
  })
})

describe('what a service keeps for its tenants', () => {
  const [one, two] = [randomUUID(), randomUUID()]
  const other = fleetKeys('the key of another fleet entirely').seal
  const given: string[] = []
  const from = () => keptStateCommands({ redis, sealKey: key, now }) as Required<CommandHandlers>
  const to = () => keptStateCommands({ redis, sealKey: other, now, given: async ids => void given.push(...ids) }) as Required<CommandHandlers>

  it('is moved to a fleet with another key, with what is sealed and how long it lasts, but without caches', async () => {
    await redis.hset(`state:${one}`, { integrationId: 'i-1' })
    await redis.set(`store:${one}:plain:with:colons`, 'value')
    await redis.set(`store:${one}:sealed:refresh`, seal('used once', key, vault.context(one, 'refresh')), 'EX', 90 * 86_400)
    await redis.set(`store:${one}:cache`, 'gone soon', 'EX', 600)
    await redis.set(`store:${randomUUID()}:x`, 'of nobody that was asked for')

    const { entries, rest } = await from().readKept({ ids: [one, two] })
    await redis.flushall()
    const { filled } = await to().writeKept({ entries })

    expect(rest).toEqual([])
    expect(entries).toEqual([
      {
        id: one,
        state: { integrationId: 'i-1' },
        store: { 'plain:with:colons': { value: 'value' }, 'sealed:refresh': { value: 'used once', expiresAt: expect.any(Number) } },
      },
    ])
    expect(filled).toEqual([one])
    expect(given).toEqual([one])
    expect(await redis.hgetall(`state:${one}`)).toEqual({ integrationId: 'i-1' })
    expect(await redis.get(`store:${one}:plain:with:colons`)).toBe('value')
    expect(unseal((await redis.get(`store:${one}:sealed:refresh`)) ?? '', other, vault.context(one, 'refresh'))).toBe('used once')
    expect(await redis.ttl(`store:${one}:sealed:refresh`)).toBeGreaterThan(89 * 86_400)
    expect(await redis.ttl(`store:${one}:plain:with:colons`)).toBe(-1)
  })

  it('never replaces what a service has: its token is newer than the backup', async () => {
    await redis.set(`store:${one}:token`, 'newer')
    await redis.hset(`state:${one}`, { a: 'newer' })

    const entry = { id: one, state: { a: 'old', b: 'old' }, store: { token: { value: 'old' }, past: { value: 'x', expiresAt: Date.now() - 1 } } }
    const first = await to().writeKept({ entries: [entry] })
    const second = await to().writeKept({ entries: [entry] })

    expect(await redis.get(`store:${one}:token`)).toBe('newer')
    expect(await redis.hgetall(`state:${one}`)).toEqual({ a: 'newer', b: 'old' })
    expect(await redis.exists(`store:${one}:past`)).toBe(0)
    expect([first.filled, second.filled]).toEqual([[one], []])
  })

  it('is answered in parts when it is much', async () => {
    for (const id of [one, two]) await redis.set(`store:${id}:much`, 'x'.repeat(3_000_000))

    const first = await from().readKept({ ids: [one, two] })
    const second = await from().readKept({ ids: first.rest })

    expect([first.entries.map(({ id }) => id), first.rest]).toEqual([[one], [two]])
    expect([second.entries.map(({ id }) => id), second.rest]).toEqual([[two], []])
  })
})
