import { expect, it, jest } from '@jest/globals'
import type { Outgoing, PlatformCall } from '../../src/contract/index.ts'
import { Sender } from '../../src/engine/sender.ts'
import type { Redis } from '../../src/redis/index.ts'

type Options = ConstructorParameters<typeof Sender>[0]
const batch = { hset: () => batch, expire: () => batch, exec: async () => [] }
const redis = { hgetall: async () => ({}), multi: () => batch, pipeline: () => batch, hset: async () => 1, expire: async () => 1 } as unknown as Redis

/** Sends a message of three calls, the first of which only prepares; what is remembered of its ids. */
async function remembered(implementation: object): Promise<unknown[]> {
  const told: unknown[] = []
  const sender = new Sender({
    redis,
    guests: { rememberSent: async (...facts: unknown[]) => void told.push(facts) } as unknown as Options['guests'],
    connector: {
      implementation: { sent: (_answer: unknown, call: PlatformCall) => ({ id: call.path }), ...implementation },
    } as unknown as Options['connector'],
    platform: { send: async () => ({ ok: true, answer: { body: {} } }) } as unknown as Options['platform'],
    contextOf: jest.fn() as unknown as Options['contextOf'],
    log: {} as Options['log'],
  })
  const calls = ['/upload', '/words', '/picture'].map(
    (path): PlatformCall => ({ method: 'POST', path, idempotent: true, ...(path === '/upload' ? { auxiliary: true } : {}) }),
  )
  const result = await sender.send(
    { tenant: { id: 't-1' }, view: { id: 't-1', settings: { seen: 'all' } } } as unknown as Parameters<Sender['send']>[0],
    { id: 'm-1', data: { guest: 'g', at: '2026-01-01T00:00:00Z', profile: {}, author: 'agent' } } as unknown as Parameters<Sender['send']>[1],
    { address: {}, profile: {}, profileAt: 0, optedOut: false },
    'agent',
    [{ kind: 'attachment', render: (_out: Outgoing<unknown>) => calls }],
  )
  expect(result).toEqual({ kind: 'sent', platformId: '/words' })
  return told
}
const message = { id: 'm-1', guest: 'g' }

it('remembers each id by which the platform may report on a message, and nothing of what only prepares it', async () => {
  expect(await remembered({ receiptWindowSeconds: 60 })).toEqual([
    ['t-1', '/words', message, 60, false],
    ['t-1', '/picture', message, 60, false],
  ])
})
it('remembers their order where the tenant has it that one look sees all', async () => {
  const readCoversEarlier = (settings: { seen: string }): boolean => settings.seen === 'all'

  expect(await remembered({ receiptWindowSeconds: 60, readCoversEarlier })).toEqual([
    ['t-1', '/words', message, 60, true],
    ['t-1', '/picture', message, 60, true],
  ])
})
it('remembers nothing where the platform reports nothing', async () => {
  expect(await remembered({})).toEqual([])
})
