import { CallFailed, type Context, type Failure } from '../contract/index.ts'

type Kind = Failure['kind']

/** Did the platform say no, in one of these ways? Without kinds: in any. */
export function isFailure(error: unknown, ...kinds: readonly Kind[]): error is CallFailed {
  return error instanceof CallFailed && (kinds.length === 0 || kinds.includes(error.failure.kind))
}

/** The answer, or undefined when the platform said no in one of these ways (none named: in any). Everything else is thrown on. */
export async function unless<T>(answer: Promise<T>, ...kinds: readonly Kind[]): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isFailure(error, ...kinds)) return undefined
    throw error
  }
}

/** Like `unless`, for what is worth a line in the log: `what` says what could not be done. */
export async function tried<T>(ctx: Pick<Context<unknown>, 'log'>, what: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (!isFailure(error)) throw error
    ctx.log.info({ why: error.failure.why }, what)
    return undefined
  }
}
