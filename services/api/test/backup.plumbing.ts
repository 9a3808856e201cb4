import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import { type RabbitServer, startRabbit } from '@um/testing/rabbitmq'
import { type RedisServer, startRedis } from '@um/testing/redis'
import { Redis } from 'ioredis'
import { type FakeTelegram, startFakeTelegram } from './support/fake-telegram.ts'
import { type Answer, type RunningApi, startApi, storage, tenantNamed } from './support/running-api.ts'

const count = 1000
const otherKey = 'the secret key of another fleet'
const passphrase = 'a passphrase for tests'
let servers: [RabbitServer, RabbitServer, RedisServer, RedisServer, RedisServer, RedisServer]
let old: { api: RunningApi; telegram: FakeTelegram }
let fresh: { api: RunningApi; telegram: FakeTelegram }
let ids: string[]
let backup: object

beforeAll(async () => {
  servers = await Promise.all([startRabbit(), startRabbit(), startRedis(), startRedis(), startRedis(), startRedis()])
  const [rabbit, rabbit2, redis, redis2, redisTelegram, redisTelegram2] = servers
  old = {
    api: await startApi({ REDIS_URL: redis.url, RABBITMQ_URL: rabbit.url }),
    telegram: await startFakeTelegram({ REDIS_URL: redisTelegram.url, RABBITMQ_URL: rabbit.url }),
  }
  fresh = {
    api: await startApi({ REDIS_URL: redis2.url, RABBITMQ_URL: rabbit2.url, SECRET_KEY: otherKey }),
    telegram: await startFakeTelegram({ REDIS_URL: redisTelegram2.url, RABBITMQ_URL: rabbit2.url, SECRET_KEY: otherKey }),
  }
  await Promise.all([old.api.service.broker.whenUp(), fresh.api.service.broker.whenUp()])
  await old.api.admin('POST', '/storages', storage)
  ids = []
  for (let index = 0; index < count; index++) ids.push((await old.api.admin('POST', '/tenants', tenantNamed(`Tenant ${index}`))).body.id)
}, 120_000)
afterAll(async () => {
  await Promise.all([old, fresh].flatMap(fleet => (fleet === undefined ? [] : [fleet.api.stop(), fleet.telegram.stop()])))
  await Promise.all((servers ?? []).map(server => server.stop()))
})

const make = (body: object): Promise<Answer> => old.api.admin('POST', '/backup', body)
const restore = (body: object, api = fresh.api): Promise<Answer> => api.admin('POST', '/restore', body)
/** What the API answers of the configuration, without what the fleet itself has found out since. */
async function answersOf({ admin }: RunningApi): Promise<unknown> {
  const tenants = (await admin('GET', '/tenants')).body.map(({ status: _own, ...tenant }: { status: unknown }) => tenant)
  const storages = (await admin('GET', '/storages')).body.map(({ status: _own, ...shed }: { status: unknown }) => shed)
  return { tenants, storages, settings: (await admin('GET', '/settings')).body }
}

describe('a backup', () => {
  it('waits for nobody in vain: a connector that tenants need and that does not answer is named, unless a partial one will do', async () => {
    const { telegram, api } = old
    // gcloudcx was never installed in this fleet, so that it can keep nothing
    await telegram.stop()

    const refused = await make({})
    const partial = await make({ partial: true })
    old.telegram = await startFakeTelegram({ REDIS_URL: telegram.redisUrl, RABBITMQ_URL: api.environment.rabbitUrl })

    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable', silent: ['telegram-connector'] } })
    expect(partial).toMatchObject({ status: 200, body: { contents: { tenants: count, kept: 0 } } })
  }, 60_000)

  it('holds all tenants, and what only their connectors know, and no secret that can be read', async () => {
    const redis = new Redis(old.telegram.redisUrl)
    for (const id of ids) await redis.set(`store:${id}:refresh`, `used once by ${id}`)
    await redis.quit()

    const { status, body, headers } = await make({ passphrase })
    backup = body

    expect(status).toBe(200)
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="universal-messaging-\d{8}T\d{6}\.json"$/)
    expect(body).toMatchObject({ format: 'universal-messaging-backup', contents: { tenants: count, storages: 1, users: 1, kept: count } })
    expect(JSON.stringify(body)).not.toContain('used once')
  }, 60_000)

  it.each<[string, (whole: Record<string, unknown>) => object, string]>([
    ['a wrong passphrase', whole => ({ backup: whole, passphrase: 'another passphrase' }), 'The passphrase is wrong.'],
    ['no passphrase', whole => ({ backup: whole }), 'The backup is encrypted: give its passphrase.'],
    [
      'a damaged one',
      whole => ({ backup: { ...whole, payload: String(whole.payload).replace(/.{4}/, 'AAAA') }, passphrase }),
      'The backup is damaged: its checksum is wrong.',
    ],
    ['a part of one', whole => ({ backup: { ...whole, payload: undefined }, passphrase }), 'The backup is damaged: its member payload is not right.'],
    ['another file', () => ({ backup: { hello: 'world' } }), 'This is not a backup of Universal Messaging.'],
  ])('is not restored with %s, says why in one line, and changes nothing', async (_what, spoil, why) => {
    const before = await answersOf(fresh.api)

    const answer = await restore(spoil(backup as Record<string, unknown>))

    expect(answer).toMatchObject({ status: 422, body: { detail: why } })
    expect(await answersOf(fresh.api)).toEqual(before)
  })

  it('only tells what it would do when that is asked', async () => {
    const answer = await restore({ backup, passphrase, dryRun: true })

    expect(answer).toMatchObject({ status: 200, body: { dryRun: true, tenants: { added: count, changed: 0, removed: 0, unchanged: 0 }, kept: count } })
    expect((await fresh.api.admin('GET', '/tenants')).body).toEqual([])
  })

  it('restored into an empty fleet gives the same answers, and removes what was not in it', async () => {
    await fresh.api.admin('POST', '/tenants', tenantNamed('Not in the backup'))

    const answer = await restore({ backup, passphrase })

    expect(answer).toMatchObject({ status: 200, body: { tenants: { added: count, removed: 1 }, storages: { added: 1 }, kept: count } })
    expect(await answersOf(fresh.api)).toEqual(await answersOf(old.api))
  }, 60_000)

  it('restored into an empty fleet gives working tenants, whose connectors know what they knew', async () => {
    const some = [0, 1, 499, 998, 999].map(index => ids[index] ?? '')
    const redis = new Redis(fresh.telegram.redisUrl)
    await eventually(async () => expect((await fresh.api.admin('GET', `/tenants/${ids[999]}/status`)).body.messaging.status).toBe('working'), {
      withinMs: 60_000,
    })

    const tokens = await redis.mget(ids.map(id => `store:${id}:refresh`))
    await redis.quit()
    for (const id of some) expect((await fresh.api.admin('POST', '/messages', { tenantId: id, userId: `guest of ${id}`, message: 'Hello' })).status).toBe(202)

    expect(tokens).toEqual(ids.map(id => `used once by ${id}`))
    await eventually(() => expect(fresh.telegram.sent.map(({ guest }) => guest).sort()).toEqual(some.map(id => `guest of ${id}`).sort()), { withinMs: 30_000 })
    expect(new Set(fresh.telegram.sent.map(({ token }) => token)).size).toBe(some.length)
  }, 120_000)

  it('restored once more changes nothing, and leaves newer tokens alone', async () => {
    const redis = new Redis(fresh.telegram.redisUrl)
    await redis.set(`store:${ids[0]}:refresh`, 'newer')

    const answer = await restore({ backup, passphrase })

    expect(answer.body.tenants).toEqual({ added: 0, changed: 0, removed: 0, unchanged: count })
    await eventually(async () => expect(await new Promise(resolve => resolve(fresh.api.service.redis.exists('config:kept')))).toBe(0))
    expect(await redis.get(`store:${ids[0]}:refresh`)).toBe('newer')
    await redis.quit()
  }, 60_000)

  it('is written into the audit trail, at both ends', async () => {
    const actionsOf = async (api: RunningApi) => ((await api.admin('GET', '/audit?limit=1000')).body as { action: string }[]).map(({ action }) => action)

    expect(await actionsOf(old.api)).toContain('backup')
    expect(await actionsOf(fresh.api)).toContain('restore')
  })

  it('is for administrators only', async () => {
    const answers = await Promise.all([fresh.api.call('POST', '/backup', {}), fresh.api.call('POST', '/restore', { backup })])

    expect(answers.map(({ status }) => status)).toEqual([401, 401])
  })
})
