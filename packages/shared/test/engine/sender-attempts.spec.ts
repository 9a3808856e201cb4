import { describe, expect, it, jest } from '@jest/globals'
import type { Outgoing, PlatformCall } from '../../src/contract/index.ts'
import { Sender } from '../../src/engine/sender.ts'
import type { Redis } from '../../src/redis/index.ts'

type Options = ConstructorParameters<typeof Sender>[0]
type Answer = { ok: true; answer: { body: unknown } } | { ok: false; failure: object } | { ok: false; waitMilliseconds: number }
const done: Answer = { ok: true, answer: { body: {} } }
const later: Answer = { ok: false, waitMilliseconds: 5 }
const insteadBy = (name: string): Answer => ({ ok: false, failure: { kind: 'alternative', name, why: 'not this way' } })

/** Redis as far as progress is kept in it. */
function memory() {
  const hashes = new Map<string, Map<string, string>>()
  const of = (key: string) => hashes.get(key) ?? hashes.set(key, new Map()).get(key) ?? new Map<string, string>()
  const batch = {
    hset: (key: string, field: string, value: string) => {
      of(key).set(field, value)
      return batch
    },
    expire: () => batch,
    exec: async () => [],
  }
  return {
    hgetall: async (key: string) => Object.fromEntries(of(key)),
    hdel: async (key: string, field: string) => of(key).delete(field),
    multi: () => batch,
  } as unknown as Redis
}

/** Attempts at one message, each by a replica of its own unless `sameReplica`; `answers`: what the platform says to each call, in turn. */
function message(calls: readonly PlatformCall[], answers: Answer[], rememberSent: () => Promise<void> = async () => undefined) {
  const redis = memory()
  const paths: string[] = []
  const replica = () =>
    new Sender({
      redis,
      guests: { rememberSent } as unknown as Options['guests'],
      connector: {
        implementation: { sent: (_answer: unknown, call: PlatformCall) => ({ id: call.path }), receiptWindowSeconds: 60 },
      } as unknown as Options['connector'],
      platform: {
        send: async (_view: unknown, call: PlatformCall, _to: unknown, _priority: unknown, beforeSending?: () => Promise<void>) => {
          const answer = answers.shift() ?? done
          if (!('waitMilliseconds' in answer)) {
            await beforeSending?.()
            paths.push(call.path)
          }
          return answer
        },
      } as unknown as Options['platform'],
      contextOf: jest.fn() as unknown as Options['contextOf'],
      log: {} as Options['log'],
    })
  const attempt = (sender: Sender) =>
    sender.send(
      { tenant: { id: 't-1' }, view: { id: 't-1', settings: {} } } as unknown as Parameters<Sender['send']>[0],
      { id: 'm-1', data: { guest: 'g', at: '2026-01-01T00:00:00Z', profile: {}, author: 'agent' } } as unknown as Parameters<Sender['send']>[1],
      { address: {}, profile: {}, profileAt: 0, optedOut: false },
      'agent',
      [{ kind: 'text', render: (_out: Outgoing<unknown>) => [...calls] }],
    )
  return { paths, replica, attempt }
}
const call = (path: string, more: Partial<PlatformCall> = {}): PlatformCall => ({ method: 'POST', path, idempotent: true, ...more })

describe('a message that goes another way', () => {
  const long = call('/whole', { alternatives: { pieces: [call('/piece-1'), call('/piece-2')] } })

  it('is gone on with at its place by whoever tries next', async () => {
    const { paths, replica, attempt } = message([long], [insteadBy('pieces'), done, later])

    expect(await attempt(replica())).toMatchObject({ kind: 'wait' })
    expect(await attempt(replica())).toEqual({ kind: 'sent', platformId: '/piece-1' })

    expect(paths).toEqual(['/whole', '/piece-1', '/piece-2'])
  })

  it('keeps what stands behind it at its place', async () => {
    const { paths, replica, attempt } = message([long, call('/picture')], [insteadBy('pieces'), done, done, later])

    await attempt(replica())
    await attempt(replica())

    expect(paths).toEqual(['/whole', '/piece-1', '/piece-2', '/picture'])
  })

  it('finds the other way of the other way, too', async () => {
    const twice = call('/whole', { alternatives: { upload: [call('/upload', { alternatives: { pieces: [call('/piece-1'), call('/piece-2')] } })] } })
    const { paths, replica, attempt } = message([twice], [insteadBy('upload'), insteadBy('pieces'), done, later])

    await attempt(replica())
    await attempt(replica())

    expect(paths).toEqual(['/whole', '/upload', '/piece-1', '/piece-2'])
  })
})

describe('a call that may not be repeated', () => {
  it('is known to have gone well, although Redis was away just behind it', async () => {
    let isAway = true
    const rememberSent = jest.fn(async () => {
      if (isAway) throw new Error('Command timed out')
    })
    const { paths, replica, attempt } = message([call('/send', { idempotent: false })], [], rememberSent)
    const sender = replica()
    await expect(attempt(sender)).rejects.toThrow('Command timed out')
    isAway = false

    const result = await attempt(sender)

    expect(result).toEqual({ kind: 'sent', platformId: '/send' })
    expect(paths).toEqual(['/send'])
    expect(rememberSent).toHaveBeenCalledTimes(2)
  })
})
