import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type RedisServer, startRedis } from '../../../testing/src/redis.ts'
import { Fleet, type Replica, ShelfError, token } from './shelf.ts'

let redis: RedisServer
let fleet: Fleet
let replica: Replica
let door: Server
/** what the shelf's public address does */
let answer: (key: string) => { status: number; body: Buffer | string; location?: string }

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  fleet = new Fleet(redis.url)
  replica = await fleet.replica()
  answer = key => ({ status: 200, body: fleet.shelf.objects.get(key)?.bytes ?? 'gone' })
  door = createServer((req, res) => {
    const { status, body, location } = answer((req.url ?? '').slice(1))
    res.writeHead(req.headers.authorization === undefined ? status : 500, location === undefined ? {} : { location }).end(body)
  })
  await new Promise<void>(resolve => door.listen(0, '127.0.0.1', () => resolve()))
  fleet.shelf.baseUrl = `http://127.0.0.1:${(door.address() as AddressInfo).port}`
})
afterEach(async () => {
  door.closeAllConnections()
  door.close()
  await fleet.end()
})

async function check(
  body: object = { settings: { code: 'x' } },
): Promise<{ status: number; report: { ok: boolean; steps: { step: string; ok: boolean; message?: string }[]; advice?: string } }> {
  const res = await fetch(`${replica.url}/internal/check`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(body) })
  return { status: res.status, report: (await res.json()) as Awaited<ReturnType<typeof check>>['report'] }
}
const outcome = (steps: { step: string; ok: boolean }[]): string => steps.map(({ step, ok }) => `${step}:${ok}`).join(' ')

describe('checking settings', () => {
  it('stores, fetches, compares and removes', async () => {
    const { report } = await check()

    expect(report.ok).toBe(true)
    expect(outcome(report.steps)).toBe('store:true fetch:true compare:true remove:true')
    expect(fleet.shelf.objects.size).toBe(0)
    expect(fleet.shelf.removals[0]?.[0]).toMatch(/^gum\/check\/probe\/[0-9a-f]{32}-probe\.bin$/)
  })

  it('follows redirects to the bytes', async () => {
    const direct = answer
    answer = key => (key.startsWith('moved/') ? direct(key.slice(6)) : { status: 302, body: '', location: `/moved/${key}` })

    expect((await check()).report.ok).toBe(true)
  })

  it('does not follow them for ever', async () => {
    answer = key => ({ status: 302, body: '', location: `/${key}` })

    const { report } = await check()

    expect(outcome(report.steps)).toBe('store:true fetch:false remove:true')
    expect(report.steps[1]?.message).toContain('redirects')
  })

  it('says what the provider said when storing fails, and gives its advice', async () => {
    fleet.shelf.beforePut = () => Promise.reject(new ShelfError({ kind: 'subscription', why: 'KeyRevoked: no such key' }))

    const { status, report } = await check()

    expect(status).toBe(200)
    expect(report).toMatchObject({
      ok: false,
      advice: 'Ask the shelf.',
      steps: [{ step: 'store', ok: false, message: 'KeyRevoked: no such key', at: '2026-03-04T05:06:07.000Z' }],
    })
  })

  it('tells that strangers cannot read, and tidies up', async () => {
    answer = () => ({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' })

    const { report } = await check()

    expect(report.ok).toBe(false)
    expect(outcome(report.steps)).toBe('store:true fetch:false remove:true')
    expect(report.steps[1]?.message).toBe('the public URL answers 403 (AccessDenied)')
    expect(fleet.shelf.objects.size).toBe(0)
  })

  it('tells that the URL leads elsewhere', async () => {
    answer = () => ({ status: 200, body: 'welcome!' })

    expect(outcome((await check()).report.steps)).toBe('store:true fetch:true compare:false remove:true')
  })

  it('tells that the URL gives far more than was stored', async () => {
    answer = () => ({ status: 200, body: Buffer.alloc(1_000_000) })

    expect((await check()).report.steps[1]?.message).toContain('something else')
  })

  it('tells that nobody is there', async () => {
    fleet.shelf.baseUrl = 'http://127.0.0.1:1'

    expect((await check()).report.steps[1]?.message).toBe('the public URL cannot be reached: ECONNREFUSED')
  })

  it('tells that the probe could not be removed', async () => {
    fleet.shelf.beforeRemove = () => {
      throw new ShelfError({ kind: 'subscription', why: 'not allowed' })
    }

    const { report } = await check()

    expect(report.ok).toBe(false)
    expect(report.steps.at(-1)).toMatchObject({ step: 'remove', ok: false, message: 'not allowed' })
  })

  it.each<[object, number, object]>([
    [{ settings: { code: 5, colour: 'red' } }, 422, { errors: [{ pointer: '/settings/code' }, { pointer: '/settings/colour' }] }],
    [{}, 422, { errors: [{ pointer: '/settings' }] }],
  ])('names the fields of %j that are wrong', async (body, status, problem) => {
    const answered = await check(body)

    expect(answered.status).toBe(status)
    expect(answered.report).toMatchObject(problem)
  })

  it('reads JSON of a sensible size only', async () => {
    const headers = { authorization: `Bearer ${token}` }

    const broken = await fetch(`${replica.url}/internal/check`, { method: 'POST', headers, body: '{' })
    const large = await fetch(`${replica.url}/internal/check`, { method: 'POST', headers, body: ' '.repeat(300_000) })

    expect([broken.status, large.status]).toEqual([400, 413])
  })
})
