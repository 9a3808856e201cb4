import { z } from 'zod'

/** An id, which platforms write as a string or as a number. */
export const Id = z.union([z.string().min(1), z.int()]).transform(String)

/** For schemas of platforms' payloads: what is missing, null, empty or of another type is all the same to us. Numbers that are told as text elsewhere are text. */
export const maybe = z
  .unknown()
  .transform(value => (typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined))
  .optional()
export function maybes<N extends string>(...names: N[]): Record<N, typeof maybe> {
  return Object.fromEntries(names.map(name => [name, maybe])) as Record<N, typeof maybe>
}
export function optional<T extends z.ZodType>(type: T) {
  return type.nullish().catch(undefined)
}
