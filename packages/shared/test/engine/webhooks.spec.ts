import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import express from 'express'
import type { Context, InboundEvent, Webhook } from '../../src/contract/index.ts'
import type { Connector, KnownTenant } from '../../src/engine/tenants.ts'
import { mountWebhooks } from '../../src/engine/webhooks.ts'

type Parts = Parameters<typeof mountWebhooks>[1]
const known = (id: string, enabled = true) => ({ tenant: { id, enabled }, view: { id } }) as unknown as KnownTenant

let server: Server
let taken: { tenant: string; path: string }[]
let drawn: string[]
let wait: number
let isSynced: boolean
beforeEach(async () => {
  taken = []
  drawn = []
  wait = 0
  isSynced = true
  const parse = (hook: Webhook, { id }: { id: string }): InboundEvent[] => {
    taken.push({ tenant: id, path: hook.path })
    return []
  }
  const implementation = {
    paths: ['/events'],
    locate: ({ raw }: Webhook) => (raw.toString() === '{}' ? { refused: 'ignored', why: 'only looks whether somebody is there' } : 'shared'),
    verify: (hook: Webhook, { id }: { id: string }) => (hook.headers.get('x-secret') === id ? undefined : { refused: 'unauthenticated', why: `not ${id}` }),
    parse,
    pages: [
      {
        method: 'GET',
        path: '/register',
        handle: async (_hook: Webhook, desks: readonly Context<unknown>[], resting: readonly { id: string }[]) => ({
          status: 200,
          body: `${desks.map(({ tenant }) => tenant.id).join()}; ${resting.map(({ id }) => id).join()}`,
        }),
      },
      { method: 'GET', path: '', handle: async () => ({ status: 200, body: 'front' }) },
      { method: 'GET', path: '/join/*', handle: async ({ path }: Webhook) => ({ status: 200, body: path }) },
    ],
  }
  const tenants = [known('t1'), known('t2'), known('t3', false)]
  const parts = {
    connector: { definition: { id: 'acme', ingress: '/acme', role: 'messaging' }, implementation } as unknown as Connector,
    tenants: { all: () => tenants, locate: () => tenants.filter(({ tenant }) => tenant.enabled), active: () => undefined },
    budgets: {
      draw: async (_scope: string, [rule]: { key: string }[]) => {
        drawn.push(rule?.key ?? '')
        return wait
      },
    },
    contextOf: (tenant: unknown) => ({ tenant }),
    isSynced: () => isSynced,
    counter: { increment: () => undefined },
    log: { info: () => undefined, error: () => undefined },
  }
  const app = express()
  app.set('trust proxy', true)
  mountWebhooks(app, parts as unknown as Parts)
  await new Promise<void>(resolve => {
    server = app.listen(0, '127.0.0.1', () => resolve())
  })
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})
const ask = (path: string, headers: Record<string, string> = {}, method = 'POST', body?: string) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })

describe('a key that tenants share', () => {
  it('leads to the one whose proof fits, whatever the order', async () => {
    for (const secret of ['t1', 't2']) expect((await ask('/acme', { 'x-secret': secret })).status).toBe(200)

    expect(taken.map(({ tenant }) => tenant)).toEqual(['t1', 't2'])
  })

  it('lets nobody in whose proof fits none of them, or one that is disabled', async () => {
    expect((await ask('/acme', { 'x-secret': 't4' })).status).toBe(401)
    expect((await ask('/acme', { 'x-secret': 't3' })).status).toBe(401)
    expect(taken).toEqual([])
  })
})

describe('a path of a connector', () => {
  it('takes webhooks as the ingress path does, and no other does', async () => {
    expect((await ask('/acme/events', { 'x-secret': 't1' })).status).toBe(200)
    expect((await ask('/acme/event', { 'x-secret': 't1' })).status).toBe(404)
    expect(taken).toEqual([{ tenant: 't1', path: '/events' }])
  })
})

describe('what nobody wants', () => {
  it('is answered with an empty 200 where the connector says so, and reaches nobody', async () => {
    const answer = await ask('/acme', {}, 'POST', '{}')

    expect([answer.status, await answer.text()]).toEqual([200, ''])
    expect(taken).toEqual([])
  })
})

describe('a page', () => {
  it('may be at the ingress path itself, where webhooks are posted', async () => {
    expect(await (await ask('/acme', {}, 'GET')).text()).toBe('front')
    expect((await ask('/acme', { 'x-secret': 't1' })).status).toBe(200)
    expect((await ask('/acme', {}, 'HEAD')).status).toBe(200)
  })

  it('may leave its last part open, and no more than that', async () => {
    expect(await (await ask('/acme/join/t1', {}, 'GET')).text()).toBe('/join/t1')
    for (const path of ['/acme/join', '/acme/join/', '/acme/join/t1/x', '/acme/joins/t1']) expect((await ask(path, {}, 'GET')).status).toBe(404)
  })

  it('is given the enabled tenants to act for, and knows the disabled ones', async () => {
    expect(await (await ask('/acme/register', {}, 'GET')).text()).toBe('t1,t2; t3')
  })

  it('is not shown to an address that asks too often', async () => {
    wait = 12_000

    const answer = await ask('/acme/register', { 'x-forwarded-for': '203.0.113.7' }, 'GET')

    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('12')
    expect(drawn).toEqual(['203.0.113.7'])
  })
})

describe('a webhook that no tenant takes', () => {
  const nobody = `/acme/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`

  it('is refused once it is certain that nobody does', async () => {
    expect((await ask(nobody)).status).toBe(401)
  })

  it('is to be sent again while the configuration has not come yet', async () => {
    isSynced = false

    const answer = await ask(nobody)

    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
  })

  it('is answered by the connector itself where that says so, whenever it comes', async () => {
    isSynced = false

    expect((await ask('/acme', {}, 'POST', '{}')).status).toBe(200)
  })
})
