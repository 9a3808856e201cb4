import { z } from 'zod'

/**
 * Settings fields: zod with the facts that the web form, OpenAPI and masking need.
 * `secret`: never given back by the API, encrypted at rest. `generated`: the API fills it in when it is left out. `advanced`: folded away on the form.
 * `readOnly`: shown, never taken from a request. `unique`: no two tenants of the platform may have the same.
 */
export interface FieldMeta {
  title: string
  description?: string
  secret?: boolean
  generated?: 'token' | 'uuid'
  advanced?: boolean
  multiline?: boolean
  options?: readonly { value: string; label: string }[]
  unique?: Uniqueness
}
/**
 * What must differ between the tenants of a platform. `part`: a regular expression whose first group is what counts of the value (a bot's id in its token); the whole value otherwise.
 * `together`: a name; fields with the same name must not be the same together, each alone may.
 */
export interface Uniqueness {
  readonly part?: string
  readonly together?: string
}
export interface FieldOptions {
  help?: string
  advanced?: boolean
  unique?: boolean | Uniqueness
}

function meta(title: string, options: FieldOptions | undefined, more: Partial<FieldMeta> = {}): FieldMeta & Record<string, unknown> {
  return {
    title,
    ...(options?.help === undefined ? {} : { description: options.help }),
    ...(options?.advanced ? { advanced: true } : {}),
    ...(options?.unique ? { unique: options.unique === true ? {} : options.unique } : {}),
    ...more,
  }
}

const httpUrl = z
  .string()
  .refine(value => {
    if (!URL.canParse(value)) return false
    const { protocol } = new URL(value)
    return protocol === 'https:' || protocol === 'http:'
  }, 'must be an http(s) URL')
  .transform(value => value.replace(/\/+$/, ''))

export const field = {
  /** Required text. */
  text: (title: string, options?: FieldOptions & { pattern?: RegExp; hint?: string; min?: number; max?: number }) =>
    z
      .string()
      .min(options?.min ?? 1)
      .max(options?.max ?? 1000)
      .regex(options?.pattern ?? /^/, options?.hint ?? 'has the wrong form')
      .meta(meta(title, options)),
  /** Text that may be left out; an empty string counts as left out. */
  optionalText: (title: string, options?: FieldOptions & { pattern?: RegExp; hint?: string; max?: number }) =>
    z
      .preprocess(
        value => (value === '' || value === null ? undefined : value),
        z
          .string()
          .max(options?.max ?? 1000)
          .regex(options?.pattern ?? /^/, options?.hint ?? 'has the wrong form')
          .optional(),
      )
      .meta(meta(title, options)),
  /** Required secret: write-only in the API, encrypted at rest, redacted in logs. */
  secret: (title: string, options?: FieldOptions & { pattern?: RegExp; hint?: string; min?: number; max?: number; generated?: 'token' | 'uuid' }) =>
    z
      .string()
      .min(options?.min ?? 1)
      .max(options?.max ?? 8000)
      .regex(options?.pattern ?? /^/, options?.hint ?? 'has the wrong form')
      .meta(meta(title, options, { secret: true, ...(options?.generated ? { generated: options.generated } : {}) })),
  optionalSecret: (title: string, options?: FieldOptions & { pattern?: RegExp; hint?: string }) =>
    z
      .preprocess(
        value => (value === '' || value === null ? undefined : value),
        z
          .string()
          .max(8000)
          .regex(options?.pattern ?? /^/, options?.hint ?? 'has the wrong form')
          .optional(),
      )
      .meta(meta(title, options, { secret: true })),
  /** An http(s) URL without its trailing slashes. */
  url: (title: string, fallback: string, options?: FieldOptions) => httpUrl.default(fallback).meta(meta(title, options)),
  optionalUrl: (title: string, options?: FieldOptions) =>
    z.preprocess(value => (value === '' || value === null ? undefined : value), httpUrl.optional()).meta(meta(title, options)),
  integer: (title: string, limits: { min: number; max: number; default: number }, options?: FieldOptions) =>
    z.number().int().min(limits.min).max(limits.max).default(limits.default).meta(meta(title, options)),
  toggle: (title: string, fallback: boolean, options?: FieldOptions) => z.boolean().default(fallback).meta(meta(title, options)),
  choice: <const V extends readonly [string, ...string[]]>(title: string, values: V, fallback: NoInfer<V[number]>, options?: FieldOptions) =>
    z
      .enum(values as unknown as [V[number], ...V[number][]])
      .default(fallback as never)
      .meta(meta(title, options)),
  /** A choice without a default. `labels` are shown instead of the values. */
  pick: <const V extends readonly [string, ...string[]]>(title: string, values: V, options?: FieldOptions & { labels?: Partial<Record<V[number], string>> }) =>
    z.enum(values as unknown as [V[number], ...V[number][]]).meta(
      meta(title, options, {
        options: values.map(value => ({ value, label: options?.labels?.[value as V[number]] ?? value })),
      }),
    ),
  /** Flat string map (`Custom Data`). */
  map: (title: string, options?: FieldOptions & { secret?: boolean; maxEntries?: number }) =>
    z
      .record(z.string().min(1).max(100), z.string().max(4000))
      .refine(value => Object.keys(value).length <= (options?.maxEntries ?? 100), `has more than ${options?.maxEntries ?? 100} entries`)
      .default({})
      .meta(meta(title, options, options?.secret ? { secret: true } : {})),
  list: (title: string, item: z.ZodType<string>, options?: FieldOptions & { min?: number; max?: number; default?: string[] }) =>
    z
      .array(item)
      .min(options?.min ?? 0)
      .max(options?.max ?? 100)
      .default(options?.default ?? [])
      .meta(meta(title, options)),
  /** Any number of them, or at least `min`. */
  choices: <const V extends readonly [string, ...string[]]>(
    title: string,
    values: V,
    fallback: readonly NoInfer<V[number]>[],
    options?: FieldOptions & { min?: number },
  ) =>
    z
      .array(z.enum(values as unknown as [V[number], ...V[number][]]))
      .min(options?.min ?? 0)
      .default([...fallback] as never)
      .meta(meta(title, options)),
}

/** When a field is needed, and for what (it `is needed for ...`). */
export type Need<T> = readonly [when: (settings: T) => boolean, forWhat: string]
/** For `superRefine`: settings that only others make necessary. */
export function needed<T extends object>(needs: NoInfer<{ readonly [K in keyof T]?: Need<T> }>): (settings: T, check: z.core.$RefinementCtx<T>) => void {
  return (settings, check) => {
    for (const [name, need] of Object.entries<Need<T> | undefined>(needs)) {
      if (need?.[0](settings) && settings[name as keyof T] === undefined) check.addIssue({ code: 'custom', path: [name], message: `is needed for ${need[1]}` })
    }
  }
}
