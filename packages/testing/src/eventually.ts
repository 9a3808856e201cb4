import { setTimeout as sleep } from 'node:timers/promises'

export interface Patience {
  /** default 10 s */
  withinMs?: number
  /** default 25 ms */
  everyMs?: number
  /** said when it does not come true */
  what?: string
  /** gives up at once when aborted */
  signal?: AbortSignal
}

/**
 * Waits until `check` neither throws nor returns false: `await eventually(() => expect(seen).toEqual([...]))`. Fails with the last error. By its type a
 * check cannot return a value, which would look like success while it is still undefined: for that there is `eventualValue`.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a check is either an assertion, which returns nothing, or a condition
export async function eventually(check: () => void | boolean | Promise<void | boolean>, patience: Patience = {}): Promise<void> {
  await poll(async () => ((await check()) === false ? undefined : true), patience)
}

/** Waits until `find` returns something else than undefined, and returns that. */
export async function eventualValue<T>(find: () => T | undefined | Promise<T | undefined>, patience: Patience = {}): Promise<T> {
  return await poll(find, patience)
}

async function poll<T>(find: () => T | undefined | Promise<T | undefined>, { withinMs = 10_000, everyMs = 25, what, signal }: Patience): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    signal?.throwIfAborted()
    let failure: unknown
    try {
      const value = await find()
      if (value !== undefined) return value
    } catch (error) {
      failure = error
    }
    if (performance.now() >= deadline) throw expired(withinMs, what, failure)
    await sleep(everyMs, undefined, signal === undefined ? {} : { signal }).catch(() => signal?.throwIfAborted())
  }
}

function expired(withinMs: number, what: string | undefined, cause: unknown): Error {
  const reason = cause instanceof Error ? `: ${cause.message}` : ''
  return new Error(`${what ?? 'the condition'} did not come true within ${withinMs} ms${reason}`, { cause })
}
