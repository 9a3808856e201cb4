import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { startProcess } from '@um/testing'
import { type RedisServer, startRedis } from '@um/testing/redis'
import { temporaryFolder } from '@um/testing/temporary-folder'
import { adminPassword, type RunningApi, startApi } from './support/running-api.ts'

/** Nothing listens there: logging in needs no broker. */
const noBroker = 'amqp://127.0.0.1:1'
let redis: RedisServer
let api: RunningApi
let twin: RunningApi

beforeAll(async () => {
  redis = await startRedis()
  api = await startApi({ REDIS_URL: redis.url, RABBITMQ_URL: noBroker })
  twin = await startApi({ REDIS_URL: redis.url, RABBITMQ_URL: noBroker })
})
afterAll(async () => {
  await Promise.all([api?.stop(), twin?.stop()])
  await redis?.stop()
})
afterEach(async () => {
  const keys = await api.service.redis.keys('attempts:*')
  if (keys.length > 0) await api.service.redis.del(...keys)
})
const logIn = (password: string, replica = api, user = 'admin') => replica.call('POST', '/auth/login', { user, password })

describe('login', () => {
  it("answers exactly as the guide prints it, and its token works with the guide's scheme at every replica", async () => {
    const { status, body } = await logIn(adminPassword)
    const used = await twin.call('GET', '/storages', undefined, { Authorization: `bearer ${body.token}` })

    expect(status).toBe(200)
    expect(body).toEqual({ type: 'Bearer', token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) })
    expect(used).toMatchObject({ status: 200, body: [] })
  })

  it('works while RabbitMQ is away, and so does saving', async () => {
    const saved = await api.admin('PUT', '/settings', { outboundProxy: null, notifiers: [] })

    expect(saved.status).toBe(200)
  })

  it('makes a user wait after repeated failures, at every replica', async () => {
    for (let count = 0; count < 5; count++) expect((await logIn('wrong', count % 2 === 0 ? api : twin)).status).toBe(401)

    const answer = await logIn(adminPassword, twin)

    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('makes an address wait that tries many users', async () => {
    await failedBefore('127.0.0.1', 49)

    const last = await logIn('wrong', api, 'user50')
    const answer = await logIn(adminPassword, twin)

    expect(last.status).toBe(401)
    expect(answer.status).toBe(429)
  })

  it('believes the proxy in front, not the client, where a request comes from', async () => {
    await failedBefore('203.0.113.9', 49)
    const from = (header: string) => api.call('POST', '/auth/login', { user: header, password: 'wrong' }, { 'X-Forwarded-For': header })

    const last = await from('198.51.100.1, 203.0.113.9')
    const same = await from('1.2.3.4, 203.0.113.9')
    const other = await from('203.0.113.9, 1.2.3.4')

    expect([last, same, other].map(({ status }) => status)).toEqual([401, 429, 401])
  })

  async function failedBefore(address: string, times: number): Promise<void> {
    await api.service.redis.set(`attempts:failed:address:${address}`, String(times))
  }
})

describe('a token', () => {
  it('ends with its logout, at every replica, and no other does', async () => {
    const [one, two] = [(await logIn(adminPassword)).body.token, (await logIn(adminPassword)).body.token]

    const out = await api.call('POST', '/auth/logout', undefined, { Authorization: `Bearer ${one}` })

    expect(out.status).toBe(204)
    expect((await twin.call('GET', '/auth/me', undefined, { Authorization: `Bearer ${one}` })).status).toBe(401)
    expect((await twin.call('GET', '/auth/me', undefined, { Authorization: `Bearer ${two}` })).status).toBe(200)
  })

  it('can be exchanged for a fresh one', async () => {
    const { body } = await api.admin('POST', '/auth/refresh')

    const me = await api.call('GET', '/auth/me', undefined, { Authorization: `Bearer ${body.token}` })

    expect(me.body).toMatchObject({ user: 'admin', tokenExpiresAt: expect.stringMatching(/Z$/) })
  })
})

describe('changing the password', () => {
  const strong = 'glacier-tundra-47-marmot'

  it('wants the present one, and a strong new one, with advice', async () => {
    const wrong = await api.admin('PUT', '/auth/password', { current: 'wrong', new: strong })
    const weak = await api.admin('PUT', '/auth/password', { current: adminPassword, new: 'S3cr3t P@ssw0rd!'.slice(0, 9) })

    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/current', detail: 'is not your password' }] } })
    expect(weak.status).toBe(422)
    expect(weak.body.errors.every(({ pointer }: { pointer: string }) => pointer === '/new')).toBe(true)
  })

  it('voids all earlier tokens; it survives a restart and ADMIN_PASSWORD', async () => {
    const before = (await logIn(adminPassword)).body.token

    const changed = await api.admin('PUT', '/auth/password', { current: adminPassword, new: strong })
    const restarted = await startApi({ REDIS_URL: redis.url, RABBITMQ_URL: noBroker })
    const answers = await Promise.all([
      twin.call('GET', '/auth/me', undefined, { Authorization: `Bearer ${before}` }),
      restarted.call('GET', '/auth/me', undefined, { Authorization: `Bearer ${changed.body.token}` }),
      logIn(adminPassword, restarted),
      logIn(strong, restarted),
    ])
    await restarted.stop()

    expect(answers.map(({ status }) => status)).toEqual([401, 200, 401, 200])
  })
})

describe('set-admin-password', () => {
  const folder = temporaryFolder('api')
  afterAll(() => folder.remove())
  const run = async (password: string, url: string) => {
    const child = await startProcess(process.execPath, [join(import.meta.dirname, '../src/index.ts'), 'set-admin-password'], {
      env: { PATH: process.env.PATH ?? '', REDIS_URL: url, SECRET_KEY: 'x'.repeat(16), INTERNAL_TOKEN: 'x'.repeat(16), ADMIN_PASSWORD: password },
      logFile: join(folder.path, `${Math.random()}.log`),
    })
    const { code } = await child.exited
    return { code, output: child.output() }
  }

  it('sets a strong password, refuses a weak one with the reason, and keeps one that was changed', async () => {
    const fresh = await startRedis()

    const weak = await run('password', fresh.url)
    const strong = await run('marble-otter-92-lantern', fresh.url)
    const changed = await run('marble-otter-92-lantern', redis.url)
    await fresh.stop()

    expect(weak).toEqual({ code: 1, output: expect.stringContaining('too easy to guess') })
    expect(strong).toEqual({ code: 0, output: 'the password of "admin" is set\n' })
    expect(changed).toEqual({ code: 0, output: expect.stringContaining('stays as it is') })
  })
})

describe('while Redis is away', () => {
  it('everything that needs it answers 503, what does not goes on, and it comes back by itself', async () => {
    await api.admin('GET', '/tenants')
    await redis.kill9()

    const answers = await Promise.all([
      api.admin('GET', '/tenants'),
      logIn('x'),
      api.call('GET', '/openapi'),
      api.call('POST', '/messages', { tenant: 'x', userId: 'u', message: 'x' }),
    ])
    const health = await fetch(`http://127.0.0.1:${api.healthPort}/healthz/readiness`)
    await redis.restart()

    expect(answers.map(({ status }) => status)).toEqual([503, 503, 200, 503])
    expect(health.status).toBe(503)
    await expect(back()).resolves.toBe(200)
  })

  async function back(): Promise<number> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const { status } = await api.call('POST', '/auth/login', { user: 'nobody', password: 'x' })
      if (status === 401) return 200
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    return 503
  }
})
