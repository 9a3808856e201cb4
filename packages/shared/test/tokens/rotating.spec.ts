import { beforeEach, describe, expect, it } from '@jest/globals'
import { scriptedContext } from '@um/testing/conformance'
import { CallFailed, type Failure, type TenantView } from '../../src/contract/index.ts'
import { rotatingTokens } from '../../src/tokens/index.ts'

const hour = 3600_000
const start = Date.UTC(2026, 0, 1)
let clock: number
let refreshed: string[]
let failure: Failure | undefined
/** while somebody waits for it */
let renewing: PromiseWithResolvers<void> | undefined
const make = () =>
  rotatingTokens<unknown>({
    async renew(refresh) {
      refreshed.push(refresh)
      await renewing?.promise
      if (failure !== undefined) throw new CallFailed(failure)
      return { access: `access-${refreshed.length + 1}`, refresh: `refresh-${refreshed.length + 1}`, expiresInSeconds: 25 * 3600 }
    },
    missing: () => new CallFailed({ kind: 'subscription', why: 'nobody has granted it' }),
  })
const contextOf = () => scriptedContext<unknown>({ tenant: { id: 't1' } as TenantView<unknown>, classify: () => undefined, now: () => new Date(clock) })
async function granted(expiresInSeconds = 25 * 3600) {
  const ctx = contextOf()
  const tokens = make()
  await tokens.keep(ctx, { access: 'access-1', refresh: 'refresh-1', expiresInSeconds })
  return { ctx, tokens }
}
beforeEach(() => {
  clock = start
  refreshed = []
  failure = undefined
  renewing = undefined
})

describe('tokens that rotate', () => {
  it('are missing until they are granted, and when they are forgotten', async () => {
    const { ctx, tokens } = await granted()
    await tokens.forget(ctx)

    await expect(tokens.current(ctx)).rejects.toMatchObject({ failure: { kind: 'subscription' } })
    await tokens.renewInTime(ctx)
    expect(refreshed).toEqual([])
  })

  it('work until six hours before their end', async () => {
    const { ctx, tokens } = await granted()

    expect(await tokens.current(ctx)).toEqual({ access: 'access-1', until: new Date(start + 19 * hour) })
    expect(refreshed).toEqual([])
  })

  it('work for three quarters of a short life', async () => {
    const { ctx, tokens } = await granted(3600)

    expect(await tokens.current(ctx)).toMatchObject({ until: new Date(start + 0.75 * hour) })
  })

  it('are renewed when they are asked for again before that, since the platform refuses them', async () => {
    const { ctx, tokens } = await granted()
    await tokens.current(ctx)
    clock += 30_000

    expect(await tokens.current(ctx)).toMatchObject({ access: 'access-2' })
    expect(refreshed).toEqual(['refresh-1'])
  })

  it('are not renewed again for those who ask within ten seconds of a renewal, since they ask for the same reason', async () => {
    const { ctx, tokens } = await granted()
    await tokens.current(ctx)
    clock += 31_000
    const given = []
    for (const milliseconds of [0, 400, 9_599]) {
      clock += milliseconds
      given.push((await tokens.current(ctx)).access)
    }

    expect(given).toEqual(['access-2', 'access-2', 'access-2'])
    expect(refreshed).toEqual(['refresh-1'])

    clock += 1
    expect(await tokens.current(ctx)).toMatchObject({ access: 'access-3' })
    expect(refreshed).toEqual(['refresh-1', 'refresh-2'])
  })

  it('are not renewed for those who ask at once after they were granted', async () => {
    const { ctx, tokens } = await granted()
    for (const milliseconds of [0, 400, 500]) {
      clock += milliseconds
      expect(await tokens.current(ctx)).toMatchObject({ access: 'access-1' })
    }

    clock = start + 31_000
    expect(await tokens.current(ctx)).toMatchObject({ access: 'access-2' })
  })

  it('that an older release kept are renewed when they are asked for again', async () => {
    const { ctx, tokens } = await granted()
    const { madeAt: _madeAt, ...older } = JSON.parse((await ctx.vault.get('tokens')) ?? '{}') as Record<string, unknown>
    await ctx.vault.set('tokens', JSON.stringify({ ...older, used: true }))

    expect(await tokens.current(ctx)).toMatchObject({ access: 'access-2' })
  })

  it('stay forgotten when they are just being renewed', async () => {
    const { ctx, tokens } = await granted()
    clock = start + 20 * hour
    renewing = Promise.withResolvers()
    let last: Promise<unknown> = Promise.resolve()
    // one at a time, as in the engine
    const once = <T>(_key: string, _ttlSeconds: number, work: () => Promise<T>): Promise<T> => {
      const done = last.then(work)
      last = done
      return done
    }
    const inTurn = { ...ctx, once }

    const renewed = tokens.current(inTurn)
    const forgotten = tokens.forget(inTurn)
    renewing.resolve()
    await Promise.all([renewed, forgotten])

    expect(refreshed).toEqual(['refresh-1'])
    await expect(tokens.current(ctx)).rejects.toMatchObject({ failure: { kind: 'subscription' } })
  })

  it('are renewed with the newest refresh token, each used once', async () => {
    const { ctx, tokens } = await granted()
    for (const hours of [0, 19, 38, 57]) {
      clock = start + hours * hour
      await tokens.current(ctx)
    }

    expect(refreshed).toEqual(['refresh-1', 'refresh-2', 'refresh-3'])
  })

  it('serve on while the platform cannot renew them, and not beyond their end', async () => {
    const { ctx, tokens } = await granted()
    failure = { kind: 'retryable', certain: false, why: 'away' }
    clock = start + 20 * hour

    expect(await tokens.current(ctx)).toEqual({ access: 'access-1', until: new Date(clock + 600_000) })

    clock = start + 24.9 * hour
    await expect(tokens.current(ctx)).rejects.toThrow('away')
    expect(refreshed).toEqual(['refresh-1', 'refresh-1'])
  })

  it('do not serve on once the platform says that nothing more is granted', async () => {
    const { ctx, tokens } = await granted()
    failure = { kind: 'subscription', why: 'revoked' }
    clock = start + 20 * hour

    await expect(tokens.current(ctx)).rejects.toThrow('revoked')
  })

  it('are renewed by the job only when it is time', async () => {
    const { ctx, tokens } = await granted()
    await tokens.renewInTime(ctx)
    clock = start + 18.9 * hour
    await tokens.renewInTime(ctx)
    expect(refreshed).toEqual([])

    clock = start + 19 * hour
    await tokens.renewInTime(ctx)

    expect(refreshed).toEqual(['refresh-1'])
    expect(await tokens.current(ctx)).toMatchObject({ access: 'access-2' })
  })
})
