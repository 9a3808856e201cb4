import type { FieldError } from '@um/shared/errors'
import { mask, maskedValue, metaOf, unmask } from '@um/shared/settings'
import type { z } from 'zod'
import { readableErrors } from '../http/field-errors.ts'
import { type Checked, isPlain, type Plain } from './checked.ts'

/** Makes values for fields that are generated. */
export interface Generate {
  token(): string
  uuid(): string
}

/**
 * Checks the settings of a platform, storage, commander or notifier with the schema of its type. A masked secret keeps the stored one; a generated field that
 * is left out keeps the stored one too, or is made; an empty one is made anew.
 */
export function checkSettings(schema: z.ZodObject, input: unknown, stored: Plain | undefined, generate: Generate, root: string): Checked<Plain> {
  if (input !== undefined && !isPlain(input)) return { ok: false, errors: [{ pointer: root, detail: 'must be an object' }] }
  const complete = generated(schema, unmask(schema, input ?? {}, stored), stored, generate)
  const parsed = schema.safeParse(complete)
  if (!parsed.success) return { ok: false, errors: readableErrors(parsed.error, root).map(error => maskExplained(error, input ?? {}, root)) }
  return { ok: true, document: parsed.data }
}

/** A mask that stands for nothing looks to the schema as if the field had been left out. */
function maskExplained({ pointer, detail }: FieldError, input: Plain, root: string): FieldError {
  const isMask = input[pointer.slice(root.length + 1)] === maskedValue
  return { pointer, detail: isMask ? 'is masked, but no value is stored: give the value' : detail }
}

function generated(schema: z.ZodObject, settings: Plain, stored: Plain | undefined, generate: Generate): Plain {
  const made = Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, field]) => {
    const kind = metaOf(field).generated
    if (kind === undefined) return []
    const value = settings[name]
    if (value === undefined) return [[name, stored?.[name] ?? generate[kind]()] as const]
    return value === '' || value === null ? [[name, generate[kind]()] as const] : []
  })
  return { ...settings, ...Object.fromEntries(made) }
}

/** Settings as people may see them; nothing of settings whose type is not known. */
export function maskSettings(schema: z.ZodObject | undefined, settings: Plain): Plain {
  return schema === undefined ? {} : mask(schema, settings)
}
