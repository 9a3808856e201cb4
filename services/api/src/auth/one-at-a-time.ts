import { ApiError } from '@um/shared/errors'

/**
 * Runs work one after the other: password hashing needs memory and CPU, and a count of failures must be seen by the next attempt.
 * More than `maxWaiting` are refused (ApiError `tooMany`).
 */
export function oneAtATime(maxWaiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return async work => {
    if (waiting >= maxWaiting) throw new ApiError('tooMany', 'Too many attempts at the same time.', { headers: { 'Retry-After': '5' } })
    waiting += 1
    const mine = last.then(work).finally(() => {
      waiting -= 1
    })
    last = mine.catch(() => undefined)
    return mine
  }
}
