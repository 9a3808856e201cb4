import { ApiError } from '@um/shared/errors'

export function etagOf(revision: number): string {
  return `"${revision}"`
}

/**
 * 412 when the caller's `If-Match` names another revision than the stored one. Without the header the last writer wins.
 * Weak tags count too: proxies that compress answers weaken them.
 */
export function assertUnchanged(ifMatch: string | undefined, revision: number): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return
  const tags = ifMatch.split(',').map(tag => tag.trim().replace(/^W\//, ''))
  if (tags.includes(etagOf(revision))) return
  throw new ApiError('changed', 'It was saved by someone else since you read it. Read it again, apply your change, and save.', {
    headers: { ETag: etagOf(revision) },
  })
}
