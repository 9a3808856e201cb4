import { z } from 'zod'
import { CallFailed, type Context } from '../contract/index.ts'

export interface TokenPair {
  access: string
  refresh: string
  expiresInSeconds: number
}
export interface RotatingTokens<V> {
  /** For `authorize`: a token that works until `until`. Throws what `missing` gives, or what `renew` throws. */
  current(ctx: Context<V>): Promise<{ access: string; until: Date }>
  /** For a job: where nobody writes for months the refresh token must not end. Does nothing where there is none. */
  renewInTime(ctx: Context<V>): Promise<void>
  /** A pair that people have just granted. */
  keep(ctx: Context<V>, pair: TokenPair): Promise<void>
  forget(ctx: Context<V>): Promise<void>
}

/** `used`: it was handed out */
const Kept = z.object({
  access: z.string(),
  refresh: z.string(),
  madeAt: z.number().default(0),
  renewAt: z.number(),
  endsAt: z.number(),
  used: z.boolean(),
})
type Kept = z.infer<typeof Kept>
const key = 'tokens'
const lockSeconds = 60
/** Renewed this long before its end, or in the last quarter of a shorter life. */
const marginMilliseconds = 6 * 3600_000
/** While the platform cannot renew a token that is still good, it is asked again so often. */
const againMilliseconds = 600_000
/** Whoever asks again so soon comes for the same reason as the one before, mostly another replica: it gets what that one got. */
const settlingMilliseconds = 10_000

/**
 * The tokens of a tenant at a platform that makes both anew at each renewal and takes a refresh token once. They have one place, one replica at a time renews them, and what is new is
 * kept before anybody uses it. `renew` calls the platform; when its answer is lost the refresh token may be used up, which the next attempt with the same one shows.
 */
export function rotatingTokens<V>(how: {
  renew(refresh: string, ctx: Context<V>): Promise<TokenPair>
  missing(ctx: Context<V>): CallFailed
}): RotatingTokens<V> {
  const alone = <T>(ctx: Context<V>, work: () => Promise<T>): Promise<T> => ctx.once(key, lockSeconds, work)
  const read = async (ctx: Context<V>): Promise<Kept | undefined> => {
    const text = await ctx.vault.get(key)
    return text === undefined ? undefined : Kept.parse(JSON.parse(text))
  }
  const write = async (ctx: Context<V>, kept: Kept): Promise<Kept> => {
    await ctx.vault.set(key, JSON.stringify(kept))
    return kept
  }
  const renew = async (ctx: Context<V>, { refresh }: Kept): Promise<Kept> => write(ctx, keptOf(await how.renew(refresh, ctx), ctx))
  /** Asked before its time: it was refused, or whoever had it knows it no longer. */
  const fresh = async (ctx: Context<V>, kept: Kept): Promise<Kept> => {
    if (!isDue(kept, ctx)) return kept.used && kept.madeAt + settlingMilliseconds <= ctx.now().getTime() ? renew(ctx, kept) : kept
    return renew(ctx, kept).catch(error => {
      const isTemporary = error instanceof CallFailed && (error.failure.kind === 'retryable' || error.failure.kind === 'rateLimited')
      if (isTemporary && kept.endsAt > ctx.now().getTime() + againMilliseconds) return kept
      throw error
    })
  }
  return {
    current: ctx =>
      alone(ctx, async () => {
        const kept = await read(ctx)
        if (kept === undefined) throw how.missing(ctx)
        const { access, renewAt } = await write(ctx, { ...(await fresh(ctx, kept)), used: true })
        return { access, until: new Date(Math.max(renewAt, ctx.now().getTime() + againMilliseconds)) }
      }),
    renewInTime: ctx =>
      alone(ctx, async () => {
        const kept = await read(ctx)
        if (kept !== undefined && isDue(kept, ctx)) await renew(ctx, kept)
      }),
    keep: (ctx, pair) => alone(ctx, async () => void (await write(ctx, keptOf(pair, ctx)))),
    forget: ctx => alone(ctx, () => ctx.vault.delete(key)),
  }
}

function isDue({ renewAt }: Kept, { now }: Pick<Context<unknown>, 'now'>): boolean {
  return renewAt <= now().getTime()
}
function keptOf({ access, refresh, expiresInSeconds }: TokenPair, { now }: Pick<Context<unknown>, 'now'>): Kept {
  const life = expiresInSeconds * 1000
  const madeAt = now().getTime()
  const endsAt = madeAt + life
  return { access, refresh, madeAt, endsAt, renewAt: endsAt - Math.min(marginMilliseconds, life / 4), used: false }
}
