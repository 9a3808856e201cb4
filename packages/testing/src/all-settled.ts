/**
 * As `Promise.all`, but waits for all of them also when one fails: what is still on its way when the rest is tidied up would be left behind.
 */
export async function allSettled<const T extends readonly unknown[]>(tasks: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(tasks)
  return await Promise.all(tasks)
}
