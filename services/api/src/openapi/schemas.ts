import { z } from 'zod'
import type { JsonSchema } from '../http/operation.ts'

/** Collects named schemas (`meta({ id })`) while others are converted; they become `components/schemas` of the OpenAPI document. */
export interface Schemas {
  /** `io`: as it is sent to us, or as we answer */
  convert(schema: z.ZodType | JsonSchema, io: 'input' | 'output'): JsonSchema
  readonly components: Readonly<Record<string, JsonSchema>>
}

export function schemaCollection(): Schemas {
  const components: Record<string, JsonSchema> = {}
  return {
    components,
    convert(schema, io) {
      if (!(schema instanceof z.ZodType)) return schema
      const { $schema, $defs, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: ({ jsonSchema }) => void dropNoise(jsonSchema) })
      for (const [name, definition] of Object.entries($defs ?? {})) components[name] = referencing(withoutId(definition as JsonSchema))
      const name = own.id
      if (typeof name !== 'string') return referencing(own)
      components[name] = referencing(withoutId(own))
      return { $ref: `#/components/schemas/${name}` }
    },
  }
}

function dropNoise(schema: Record<string, unknown>): void {
  if (schema.pattern === '^') delete schema.pattern
}
function withoutId({ id, ...schema }: JsonSchema): JsonSchema {
  return schema
}

/** References point into the OpenAPI document instead of the schema's own definitions. */
function referencing<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/')) as T
}
