import { ApiError, type FieldError } from '@um/shared/errors'

/** A document that is fit to be stored, or what is wrong with it. */
export type Checked<T> = { ok: true; document: T } | { ok: false; errors: FieldError[] }

export type Plain = Record<string, unknown>
export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
export function plain(value: unknown): Plain {
  return isPlain(value) ? value : {}
}

/** Throws ApiError `invalid` with all errors. */
export function documentOf<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.document
  throw new ApiError('invalid', 'See errors.', { fields: checked.errors })
}

/** The same name in other letters is the same name. */
export function sameName(a: string, b: string): boolean {
  return comparableName(a) === comparableName(b)
}
export function comparableName(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

/** An id that is sent back is the document's own, in any letters, or left out. */
export function isOwnId(sent: unknown, id: string): boolean {
  return sent === undefined || (typeof sent === 'string' && sent.toLowerCase() === id)
}
