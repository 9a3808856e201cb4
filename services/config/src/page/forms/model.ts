import type { FieldSchema } from '../api/types.ts'

export type FieldKind = 'text' | 'multiline' | 'secret' | 'number' | 'toggle' | 'choice' | 'map' | 'list' | 'choices' | 'group'

/** One field of a form, as its schema describes it. */
export interface FieldModel {
  name: string
  kind: FieldKind
  /** secrets come in other kinds too: a map whose values are secret, a key of many lines */
  isSecret: boolean
  isRequired: boolean
  isAdvanced: boolean
  isReadOnly: boolean
  generated: 'token' | 'uuid' | undefined
  schema: FieldSchema
  /** of a group */
  fields: readonly FieldModel[]
}

/** The fields of settings, in the order in which the platform declares them. */
export function fieldsOf(settings: FieldSchema): FieldModel[] {
  const required = new Set(settings.required ?? [])
  return Object.entries(settings.properties ?? {}).map(([name, schema]) => fieldOf(name, schema, required.has(name)))
}

function fieldOf(name: string, schema: FieldSchema, isRequired: boolean): FieldModel {
  const kind = kindOf(schema)
  return {
    name,
    kind,
    isSecret: schema.secret === true,
    isRequired,
    isAdvanced: schema.advanced === true,
    isReadOnly: schema.readOnly === true,
    generated: schema.generated,
    schema,
    fields: kind === 'group' ? fieldsOf(schema) : [],
  }
}

function kindOf(schema: FieldSchema): FieldKind {
  if (schema.type === 'boolean') return 'toggle'
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  if (schema.type === 'array') return choicesOf(schema.items ?? {}).length > 0 ? 'choices' : 'list'
  if (schema.type === 'object') return schema.properties === undefined ? 'map' : 'group'
  if (choicesOf(schema).length > 0) return 'choice'
  if (schema.secret === true && schema.multiline !== true) return 'secret'
  return schema.multiline === true ? 'multiline' : 'text'
}

/** What a choice may be. */
export function choicesOf(schema: FieldSchema): readonly string[] {
  return schema.options?.map(({ value }) => value) ?? schema.enum ?? []
}

/** Settings that have all defaults: what a new form begins with. Left out is what has none. */
export function defaultsOf(settings: FieldSchema): Record<string, unknown> {
  return Object.fromEntries(
    fieldsOf(settings).flatMap(field => {
      if (field.kind === 'group') return [[field.name, defaultsOf(field.schema)]]
      return field.schema.default === undefined ? [] : [[field.name, structuredClone(field.schema.default)]]
    }),
  )
}
