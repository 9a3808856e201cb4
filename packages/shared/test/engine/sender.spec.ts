import { describe, expect, it, jest } from '@jest/globals'
import type { Outgoing, PlatformCall } from '../../src/contract/index.ts'
import type { Offer } from '../../src/degrade/index.ts'
import { GuestBook } from '../../src/engine/guests.ts'
import { Sender } from '../../src/engine/sender.ts'
import type { Redis } from '../../src/redis/index.ts'

const tenantId = '3f0b8c1e-5d7a-4f1c-9b52-0c6a7d1e2f30'
const offers = `offers:${tenantId}/guest-1`
const offer: Offer = { template: 'buttons', menu: false, options: [{ token: 'um:a', payload: 'blue', label: 'Blue' }] }

/** As much of Redis as is needed. */
function redisWith(list: string[]) {
  return {
    hgetall: async () => ({}),
    lindex: async (key: string, index: number) => (key === offers ? (list[index] ?? null) : null),
    lset: async (key: string, index: number, value: string) => {
      if (key !== offers || index >= list.length) throw new Error('ERR no such key')
      list[index] = value
    },
  } as unknown as Redis
}
const menusOf = (list: readonly string[]) => list.map(text => (JSON.parse(text) as Offer).menu)
const native: PlatformCall = { method: 'POST', path: '/native', idempotent: true }

/** Sends one part; the platform does not like what is native. */
async function send(list: string[], plain: Partial<PlatformCall>) {
  const redis = redisWith(list)
  const paths: string[] = []
  type Options = ConstructorParameters<typeof Sender>[0]
  const sender = new Sender({
    redis,
    guests: new GuestBook(redis),
    connector: { implementation: { sent: () => ({ id: 'p-1' }) } } as unknown as Options['connector'],
    platform: {
      send: async (_view: unknown, call: PlatformCall) => {
        paths.push(call.path)
        return call.path === '/native' ? { ok: false, failure: { kind: 'alternative', name: 'plain', why: 'too complex' } } : { ok: true, answer: { body: {} } }
      },
    } as unknown as Options['platform'],
    contextOf: jest.fn() as unknown as Options['contextOf'],
    log: {} as Options['log'],
  })
  const call = { ...native, alternatives: { plain: [{ ...native, path: '/plain', ...plain }] } }
  const data = { guest: 'guest-1', at: '2026-01-01T00:00:00Z', profile: {}, author: 'agent' }
  const result = await sender.send(
    { tenant: { id: tenantId }, view: { id: tenantId } } as unknown as Parameters<Sender['send']>[0],
    { id: 'm-1', data } as unknown as Parameters<Sender['send']>[1],
    { address: {}, profile: {}, profileAt: 0, optedOut: false },
    'guest',
    [{ kind: 'structured', render: (_out: Outgoing<unknown>) => [call] }],
  )
  return { result, paths }
}

describe('an offer that the platform does not like', () => {
  it('is a menu from then on when it went out as numbered lines', async () => {
    const list = [JSON.stringify(offer), JSON.stringify(offer)]

    const { result, paths } = await send(list, { numbered: true })

    expect({ result, paths }).toEqual({ result: { kind: 'sent', platformId: 'p-1' }, paths: ['/native', '/plain'] })
    expect(menusOf(list)).toEqual([true, false])
    expect(JSON.parse(list[0] ?? '')).toEqual({ ...offer, menu: true })
  })

  it('is none when it went out in other words', async () => {
    const list = [JSON.stringify(offer)]

    await send(list, {})

    expect(menusOf(list)).toEqual([false])
  })

  it('is sent as well when nobody remembers what was offered', async () => {
    expect((await send([], { numbered: true })).result).toEqual({ kind: 'sent', platformId: 'p-1' })
  })
})
