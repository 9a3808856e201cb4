import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type RedisServer, startRedis } from '@um/testing'
import { Redis } from 'ioredis'
import type { Authorization, Context } from '../src/contract/index.ts'
import { Authorizations } from '../src/engine/authorizations.ts'
import { createContext } from '../src/engine/context.ts'
import type { Connector, View } from '../src/engine/tenants.ts'
import { gateOf, TenantGate } from '../src/flow/index.ts'

/** Tenants with several accounts at their platform: workspaces in which an app is installed. */
let server: RedisServer
let redis: Redis
beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.url)
}, 60_000)
beforeEach(() => redis.flushall())
afterAll(async () => {
  redis?.disconnect()
  await server?.stop()
})

const sealKey = randomBytes(32)
const view = (settings: object = { secret: 's' }): View => ({ id: 't1', settings }) as unknown as View

describe('authorizations', () => {
  let asked: (string | undefined)[]
  let expiresAt: Date | undefined
  beforeEach(() => {
    asked = []
    expiresAt = undefined
  })
  const replica = () => {
    const authorize = async (_ctx: unknown, account?: string): Promise<Authorization> => {
      asked.push(account)
      return { headers: { authorization: `Bearer ${account}-${asked.length}` }, ...(expiresAt === undefined ? {} : { expiresAt }) }
    }
    const connector = { implementation: { authorize } } as unknown as Connector
    return new Authorizations({ connector, redis, sealKey, contextOf: () => ({}) as Context<unknown> })
  }
  const headerOf = async (from: Authorizations, account?: string, of = view()) => (await from.of(of, account)).headers?.authorization

  it('are asked for once per account, whatever the number of replicas', async () => {
    const [a, b] = [replica(), replica()]

    const headers = await Promise.all([headerOf(a, 'A'), headerOf(b, 'A'), headerOf(a, 'A')])
    await headerOf(b, 'B')

    expect(new Set(headers).size).toBe(1)
    expect(asked).toEqual(['A', 'B'])
  })

  it('are asked for without an account where a tenant has none', async () => {
    await headerOf(replica())

    expect(asked).toEqual([undefined])
  })

  it('are forgotten for one account, or for all', async () => {
    const a = replica()
    for (const account of ['A', 'B']) await headerOf(a, account)

    await a.forget('t1', 'A')
    for (const account of ['A', 'B']) await headerOf(a, account)
    expect(asked).toEqual(['A', 'B', 'A'])
    await a.forget('t1')
    for (const account of ['A', 'B']) await headerOf(a, account)

    expect(asked).toEqual(['A', 'B', 'A', 'A', 'B'])
  })

  it('that are refused are dropped for all, unless another replica has fetched a newer one for the same reason', async () => {
    const [a, b] = [replica(), replica()]
    const first = await a.of(view(), 'A')
    await b.of(view(), 'A')

    await a.refuse('t1', 'A', first)
    const second = await headerOf(a, 'A')
    await b.refuse('t1', 'A', first)

    expect(second).toBe('Bearer A-2')
    expect([await headerOf(b, 'A'), await headerOf(a, 'A')]).toEqual([second, second])
    expect(asked).toEqual(['A', 'A'])
  })

  it('are void once they have come to their end, and with new settings', async () => {
    const a = replica()
    expiresAt = new Date(Date.now() - 1)
    await headerOf(a, 'A')
    expiresAt = undefined
    await headerOf(a, 'A')
    expect(asked).toHaveLength(2)

    await headerOf(a, 'A', view({ secret: 'another' }))

    expect(asked).toHaveLength(3)
  })

  it('lie in Redis sealed', async () => {
    const header = await headerOf(replica(), 'A')

    const stored = JSON.stringify(await redis.hgetall('tokens:t1'))
    expect(stored).toContain('v1.')
    expect(stored).not.toContain(header)
  })
})

describe('the gate of an account', () => {
  const gate = () => new TenantGate({ redis, name: 'slack' })

  it('stops that account alone, and people see that something of the tenant waits', async () => {
    const of = gate()
    await of.pause(gateOf('t1', 'A'), 'revoked')

    expect(await of.enter(gateOf('t1', 'A'))).toBeGreaterThan(0)
    expect(await of.enter(gateOf('t1', 'B'))).toBe(0)
    expect(await of.enter(gateOf('t1', undefined))).toBe(0)
    expect((await of.all()).get('t1')).toMatchObject({ kind: 'paused', why: 'revoked' })
  })

  it('is found open at once by a replica that hears of it, however new its own knowledge is', async () => {
    const [a, b] = [gate(), gate()]
    await a.pause(gateOf('t1', 'A'), 'revoked')
    expect(await b.enter(gateOf('t1', 'A'))).toBeGreaterThan(0)
    await a.open(gateOf('t1', 'A'))

    b.expire()

    expect(await b.enter(gateOf('t1', 'A'))).toBe(0)
  })

  it('opens with the gate of its tenant, and that of another tenant does not', async () => {
    const [a, b] = [gate(), gate()]
    await a.pause(gateOf('t1', 'A'), 'revoked')
    await a.pause(gateOf('t10', 'A'), 'revoked')

    expect(await b.openAll('t1')).toMatchObject({ kind: 'paused' })

    expect(await gate().state(gateOf('t1', 'A'))).toBeUndefined()
    expect(await gate().state(gateOf('t10', 'A'))).toMatchObject({ kind: 'paused' })
  })
})

describe('the vault', () => {
  const contextOf = (id: string, key = sealKey) => createContext({ ...view(), id }, { redis, sealKey: key } as unknown as Parameters<typeof createContext>[1])

  it('gives back what was put in, and Redis shows nothing of it', async () => {
    await contextOf('t1').vault.set('workspace:A', 'xoxb-secret')

    expect(await contextOf('t1').vault.get('workspace:A')).toBe('xoxb-secret')
    expect(await redis.keys('*')).toEqual(['store:t1:sealed:workspace:A'])
    expect(await redis.get('store:t1:sealed:workspace:A')).not.toContain('xoxb')
    await contextOf('t1').vault.delete('workspace:A')
    expect(await contextOf('t1').vault.get('workspace:A')).toBeUndefined()
  })

  it('does not open what was copied from another tenant, or with another key', async () => {
    await contextOf('t1').vault.set('a', 'secret')
    await redis.set('store:t2:sealed:a', (await redis.get('store:t1:sealed:a')) ?? '')

    await expect(contextOf('t2').vault.get('a')).rejects.toThrow()
    await expect(contextOf('t1', randomBytes(32)).vault.get('a')).rejects.toThrow()
  })
})
