import { ApiError } from '@um/shared/errors'
import express, { type Request, type RequestHandler } from 'express'

const usualBodyBytes = 1024 * 1024
/** Our deepest document has 6 levels. Without a bound, a hostile body of a million brackets overflows the stack of whoever walks it. */
const maxDepth = 32

/** Reads a JSON body of one of the media types `types` into `req.body`. 415, 413 or 400 when it is not that. */
export function readJson(types: readonly string[], maxBytes = usualBodyBytes): RequestHandler[] {
  return [
    (req, _res, next) => {
      if (!hasBody(req)) throw new ApiError('malformed', 'A JSON body is expected.')
      const type = (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
      if (!types.includes(type)) throw new ApiError('mediaType', `Send the body as ${types.join(' or ')}.`, { headers: { Accept: types.join(', ') } })
      next()
    },
    express.json({ limit: maxBytes, strict: false, type: () => true }),
    (req, _res, next) => {
      if (req.body === undefined) throw new ApiError('malformed', 'A JSON body is expected.')
      if (isDeeperThan(req.body, maxDepth)) throw new ApiError('malformed', `The body is nested deeper than ${maxDepth} levels.`)
      next()
    },
  ]
}

function hasBody(req: Request): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0
}

/** Level by level, without recursion. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  let row: unknown[] = [value]
  for (let depth = 0; depth <= levels; depth++) {
    row = row.flatMap(item => (typeof item === 'object' && item !== null ? Object.values(item) : []))
    if (row.length === 0) return false
  }
  return true
}
