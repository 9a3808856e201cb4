import type { z } from 'zod'

/** A function that reads payloads of one form; of another form, they are undefined: the caller keeps them as `unsupported`. */
export function readAs<S extends z.ZodType, R, M extends readonly unknown[]>(
  schema: S,
  read: (value: z.infer<S>, ...more: M) => R,
): (payload: unknown, ...more: M) => R | undefined {
  return (payload, ...more) => {
    const known = schema.safeParse(payload)
    return known.success ? read(known.data, ...more) : undefined
  }
}
