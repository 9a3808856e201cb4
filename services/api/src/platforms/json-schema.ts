import { metaOf } from '@um/shared/settings'
import { z } from 'zod'
import type { JsonSchema } from '../http/operation.ts'

/**
 * The JSON Schema of settings for forms and OpenAPI: what may be sent (not what is stored), with title, help, `secret`, `advanced`, `generated` and
 * `options` on each field. Fields that are generated when they are left out are not required.
 */
export function settingsJsonSchema(settings: z.ZodObject): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any', override: ({ jsonSchema }) => dropEmptyPattern(jsonSchema) })
  const fields = Object.entries(settings.shape as Record<string, z.ZodType>)
  const properties = schema.properties as Record<string, Record<string, unknown>>
  for (const [name, field] of fields) {
    const property = properties[name]
    if (property === undefined || 'default' in property) continue
    // transformed fields keep their default to themselves
    const value = field.safeParse(undefined).data
    if (value !== undefined) property.default = value
  }
  const generated = new Set(fields.filter(([, field]) => metaOf(field).generated !== undefined).map(([name]) => name))
  const required = (schema.required ?? []).filter(name => !generated.has(name))
  return { ...schema, required }
}

/** zod's way to say "no pattern given" in our field helpers. */
function dropEmptyPattern(schema: Record<string, unknown>): void {
  if (schema.pattern === '^') delete schema.pattern
}
