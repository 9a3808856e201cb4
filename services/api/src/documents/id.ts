import { randomUUID } from 'node:crypto'
import { ApiError } from '@um/shared/errors'
import { z } from 'zod'
import { isPlain } from './checked.ts'

const Id = z.uuid()

/** The id of a document to be made: the caller's own, or a new one. */
export function newId(body: unknown): string {
  if (!isPlain(body) || body.id === undefined) return randomUUID()
  const id = Id.safeParse(body.id)
  if (!id.success) throw new ApiError('invalid', 'See errors.', { fields: [{ pointer: '/id', detail: 'is not a UUID' }] })
  return id.data.toLowerCase()
}
