import type { z } from 'zod'
import { type Context, readJson } from '../contract/index.ts'
import { tried } from './failures.ts'

export interface Question<T> {
  /** in `ctx.store` */
  key: string
  /** its form, as it is kept */
  as: z.ZodType<T>
  /** how long an answer is good */
  seconds: number
  /** how long it is not asked again when there was none; default: it is asked the next time */
  againSeconds?: number
  /** for the log: 'the name of a member could not be had' */
  failed: string
}

/**
 * A fact that changes seldom, asked of the platform once in a while: a name, what a workspace is called. Whatever it is for does not wait for it: undefined when the
 * platform says no, or does not know (`ask` gives undefined).
 */
export async function remembered<T>(
  ctx: Pick<Context<unknown>, 'store' | 'log'>,
  question: Question<T>,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const { key, as, seconds, againSeconds, failed } = question
  const text = await ctx.store.get(key)
  if (text === nothing) return undefined
  const known = text === undefined ? undefined : as.safeParse(readJson(Buffer.from(text)))
  if (known?.success) return known.data
  const answer = await tried(ctx, failed, ask())
  if (answer !== undefined) await ctx.store.set(key, JSON.stringify(answer), seconds)
  else if (againSeconds !== undefined) await ctx.store.set(key, nothing, againSeconds)
  return answer
}
const nothing = 'null'
