import { ApiError, fieldErrors } from '@um/shared/errors'
import type { NextFunction, Request, Response } from 'express'
import { z } from 'zod'

/** The body as the schema has it; ApiError `invalid` names each field that is not. */
export function readInput<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const read = schema.safeParse(value)
  if (!read.success) throw new ApiError('invalid', 'The body is not valid.', { fields: fieldErrors(read.error) })
  return read.data
}

export function limitOf(req: Request, fallback: number, most = 1000): number {
  const read = z.coerce.number().int().min(1).max(most).default(fallback).safeParse(req.query.limit)
  if (!read.success) throw new ApiError('invalid', 'The query is not valid.', { fields: [{ pointer: '/limit', detail: `must be a number from 1 to ${most}` }] })
  return read.data
}
export function queryText(req: Request, name: string): string | undefined {
  const value = req.query[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
export function pathText(req: Request, name: string): string {
  const value = req.params[name]
  return typeof value === 'string' ? value : ''
}

/**
 * Other sites must not drive the Lab through a visitor's browser: a writing request that names its origin must come from the Lab's own page.
 * Programs name none and pass.
 */
export function onlyOwnOrigin(req: Request, _res: Response, next: NextFunction): void {
  if (req.method === 'GET' || req.method === 'HEAD') return next()
  const site = req.headers['sec-fetch-site']
  const { origin, host } = req.headers
  const isForeignSite = site !== undefined && site !== 'same-origin' && site !== 'none'
  const isForeignOrigin = origin !== undefined && URL.parse(origin)?.host !== host
  if (isForeignSite || isForeignOrigin) throw new ApiError('forbidden', 'Only the Lab itself may ask for this from a browser.')
  next()
}
