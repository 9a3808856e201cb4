import { z } from 'zod'
import type { FieldMeta } from '../contract/field.ts'
import { field } from '../contract/field.ts'
import type { StorageDefinition } from '../contract/storage.ts'

const mebibyte = 1024 * 1024
const day = 86_400

const prefix = z
  .string()
  .max(200)
  .regex(/^(?:[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*\/?)?$/, 'may hold letters, digits, ".", "_", "-" and single "/", and does not begin with "/"')
  .refine(value => !value.split('/').some(segment => segment === '.' || segment === '..'), 'may not hold "." or ".." as a folder')
  .transform(value => value.replace(/\/$/, ''))
  .default('gum')
  .meta({
    title: 'Prefix',
    description: 'Folder below which all attachments are stored. Leave it empty to store at the top.',
    advanced: true,
  } satisfies FieldMeta)

/** Fields that every storage has besides those of its provider. */
export const commonStorageFields = {
  prefix,
  /** 5 GiB is what the most restrictive provider takes in one piece */
  maxFileSize: field.integer(
    'Largest File',
    { min: 1, max: 5 * 1024 * mebibyte, default: 100 * mebibyte },
    { help: 'In bytes. Larger attachments are not stored.', advanced: true },
  ),
  maxAge: field.integer(
    'Largest Age',
    { min: 0, max: 3650 * day, default: 30 * day },
    { help: 'In seconds. Attachments of conversations that never end are removed when they are older. 0: never.', advanced: true },
  ),
}
export type CommonStorageSettings = z.infer<z.ZodObject<typeof commonStorageFields>>

/** A provider's settings with the common ones: what the API validates, and what a storage document's `settings` hold. */
export function storageSettings<S extends z.ZodObject>(definition: StorageDefinition<S>): z.ZodObject<S['shape'] & typeof commonStorageFields> {
  return definition.settings.safeExtend(commonStorageFields) as unknown as z.ZodObject<S['shape'] & typeof commonStorageFields>
}
