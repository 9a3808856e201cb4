import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually, type RedisServer, startRedis } from '@um/testing'
import { Redis } from 'ioredis'
import type { Broker } from '../src/amqp/index.ts'
import { Budgets, FlowReport, TenantGate } from '../src/flow/index.ts'
import { Parking } from '../src/lanes/index.ts'
import { createMetrics } from '../src/metrics/index.ts'
import type { AnyEnvelope, DataOf } from '../src/model/index.ts'
import { recordingLog } from './notify/recording-log.ts'

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

/** One replica: its gate, its budgets, its parking, and what it tells. */
function replica() {
  const told: DataOf<'um.flow.v1'>[] = []
  const broker = { publishLightly: (_exchange: string, _key: string, { data }: AnyEnvelope) => told.push(data as DataOf<'um.flow.v1'>) } as unknown as Broker
  const gate = new TenantGate({ redis, name: 'line' })
  const budgets = new Budgets(redis)
  const messages = new Parking({ redis, kind: 'message' })
  const events = new Parking({ redis, kind: 'event' })
  const metrics = createMetrics({})
  const report = new FlowReport({
    service: 'line-connector',
    scope: 'line',
    redis,
    broker,
    gate,
    budgets,
    waiting: [messages, events],
    metrics,
    log: recordingLog([]),
  })
  return { told, gate, budgets, messages, events, metrics, report }
}
const bodies = (count: number) => Array.from({ length: count }, (_, index) => Buffer.from(`message ${index}`))

describe('what a service tells of its flow', () => {
  it('is nothing while everything passes', async () => {
    const { report, told } = replica()

    await report.tell()

    expect(told).toMatchObject([{ service: 'line-connector', tenants: [] }])
  })

  it('names a paused tenant, why, and how many of its messages and events wait', async () => {
    const { gate, messages, events, report, told } = replica()
    await gate.pause('t1', 'token refused')
    await messages.park(3, 't1/guest', bodies(2), Date.now() + 60_000)
    await events.park(4, 't1/other', bodies(1), Date.now() + 60_000)
    await messages.park(3, 't2/guest', bodies(1), Date.now() + 60_000)

    await report.tell()

    const [first, second, ...others] = told[0]?.tenants ?? []
    expect(first).toMatchObject({ tenantId: 't1', waiting: 3, gate: { kind: 'paused', why: 'token refused' } })
    expect(Date.parse(first?.gate?.nextTryAt ?? '')).toBeGreaterThan(Date.parse(first?.gate?.since ?? ''))
    expect(second).toEqual({ tenantId: 't2', waiting: 1 })
    expect(others).toEqual([])
  })

  it('counts down as messages go, whoever sends them', async () => {
    const [a, b] = [replica(), replica()]
    await a.messages.park(3, 't1/guest', bodies(2), Date.now())
    await b.messages.load(3)

    await b.messages.shift(3, 't1/guest', Buffer.from('message 0'))
    await a.report.tell()

    expect(a.told[0]?.tenants).toEqual([{ tenantId: 't1', waiting: 1 }])
  })

  it('names a tenant that the platform told to wait, until then and no longer', async () => {
    const { budgets, report, told, metrics } = replica()
    await budgets.block('line', 'token-1', 60, 't1')
    await budgets.block('line', 'token-2', 0.001, 't2')
    await budgets.block('telegram', 'token-3', 60, 't3')

    await eventually(async () => {
      await report.tell()
      expect(metrics.render()).toContain('um_tenants_held{reason="rate_limited"} 1')
    })

    expect(told[0]?.tenants).toContainEqual({ tenantId: 't1', waiting: 0, rateLimitedUntil: expect.stringMatching(/Z$/) })
    expect(told[0]?.tenants.map(({ tenantId }) => tenantId)).not.toContain('t3')
  })

  it('is told by one replica, and exported by all', async () => {
    const [a, b] = [replica(), replica()]
    await a.gate.pause('t1', 'token refused')

    await a.report.tell()
    await b.report.tell()

    expect([a.told.length, b.told.length]).toEqual([1, 0])
    for (const { metrics } of [a, b]) {
      expect(metrics.render()).toContain('um_tenants_held{reason="paused"} 1')
      expect(metrics.render()).toContain('um_tenants_held{reason="broken"} 0')
    }
  })

  it('forgets a tenant whose gate has opened', async () => {
    const { gate, report, metrics } = replica()
    await gate.pause('t1', 'token refused')
    await report.tell()

    await gate.worked('t1')
    await report.tell()

    expect(metrics.render()).toContain('um_tenants_held{reason="paused"} 0')
  })
})
