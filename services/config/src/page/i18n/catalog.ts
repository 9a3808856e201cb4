import type { FieldSchema } from '../api/types.ts'

/** What a language says about one field of the catalog. Absent: as the schema says it, in English. */
export interface FieldTexts {
  label?: string
  help?: string
  /** what is wrong when the value has the wrong form */
  hint?: string
  /** words for the values of a choice */
  values?: Readonly<Record<string, string>>
}
/** By `<scope>.<field>`; `*.<field>` is for fields that many platforms have. Scopes: a platform's id, `slack.documents` (by their names), `storage.aws`, `notifier.slack`, `commander`. */
export type CatalogTexts = Readonly<Record<string, FieldTexts>>

export function fieldTexts(texts: CatalogTexts, scope: string, name: string): FieldTexts {
  return texts[`${scope}.${name}`] ?? texts[`*.${name}`] ?? {}
}

/** The label of one value of a choice: the language's, the catalog's, or the value itself. */
export function valueLabel(texts: FieldTexts, schema: FieldSchema, value: string): string {
  return texts.values?.[value] ?? schema.options?.find(option => option.value === value)?.label ?? value
}
