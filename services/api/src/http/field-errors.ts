import { type FieldError, fieldErrors } from '@um/shared/errors'
import type { z } from 'zod'

/** zod's issues in words for the person who filled in the form. */
export function readableErrors(error: z.ZodError, root = ''): FieldError[] {
  return fieldErrors(error, root).map(({ pointer, detail }) => ({ pointer, detail: readable(detail) }))
}

function readable(detail: string): string {
  const type = /^Invalid input: expected (\w+), received (\w+)$/.exec(detail)
  if (type?.[2] === 'undefined') return 'is required'
  if (type) return `must be of type ${named(type[1])}, not ${named(type[2])}`
  return detail.replace(/^Invalid option: expected one of /, 'must be one of ')
}

/** zod's word for an object with free member names. */
function named(type: string | undefined): string {
  return type === 'record' ? 'object' : (type ?? '')
}
