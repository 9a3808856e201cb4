import type { ChartValues } from './chart-values.ts'
import { type DocumentedKey, isMap } from './values-file.ts'

type Schema = Record<string, unknown>

const strings: Schema = { type: 'object', additionalProperties: { type: 'string' } }
const quantities: Schema = { type: 'object', additionalProperties: { type: ['string', 'number'] } }
const definitions: Record<string, Schema> = {
  strings,
  resources: closed({ limits: quantities, requests: quantities }),
  selector: closed({ matchLabels: strings, matchExpressions: { type: 'array', items: { type: 'object' } } }),
}
/** What Helm itself adds to the values of a dependency. */
const helmAdds: Record<string, Schema> = { global: { type: 'object' } }

/** JSON schema (draft 7, which every Helm reads) of the whole chart; it refuses keys that no values file documents. */
export function valuesSchema(values: ChartValues): Schema {
  const redis = withHelm(objectOf(values.redis))
  const service = withHelm(objectOf(values.service), { redis })
  const blocks = values.services.map(({ name, ownKeys }) => {
    const reference = { $ref: '#/definitions/service' }
    return [name, ownKeys.length === 0 ? reference : merge(service, objectOf(ownKeys))]
  })
  const top = objectOf(values.top)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of Universal Messaging',
    definitions: { ...definitions, service },
    ...merge(top, {
      properties: {
        ...Object.fromEntries(blocks),
        'plussmessage-connector': { $ref: '#/definitions/service' },
        rabbitmq: withHelm(objectOf(values.rabbitmq)),
        common: { type: 'object' },
      },
    }),
  }
}

function objectOf(keys: readonly DocumentedKey[]): Schema {
  const root = closed({})
  for (const key of keys) {
    let parent = root
    for (const name of key.path.slice(0, -1)) {
      const properties = parent.properties as Record<string, Schema>
      properties[name] ??= closed({})
      parent = properties[name]
    }
    const properties = parent.properties as Record<string, Schema>
    properties[key.path.at(-1) ?? ''] = leaf(key)
  }
  return root
}

function leaf(key: DocumentedKey): Schema {
  if ('$ref' in key.schema) return { ...key.schema }
  return { description: key.description, ...inferred(key), ...key.schema }
}

function inferred(key: DocumentedKey): Schema {
  const value = key.default
  if (Array.isArray(value)) return { type: 'array' }
  if (isMap(value)) return { type: 'object' }
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' }
  if (typeof value === 'string' || typeof value === 'boolean') return { type: typeof value }
  if (key.schema.type !== undefined || key.schema.enum !== undefined) return {}
  throw new Error(`${key.path.join('.')} has no default that tells its type; give it a # @schema comment`)
}

function closed(properties: Record<string, Schema>): Schema {
  return { type: 'object', additionalProperties: false, properties }
}

function withHelm(schema: Schema, more: Record<string, Schema> = {}): Schema {
  return merge(schema, { properties: { ...helmAdds, ...more } })
}

/** Deep, with the second one winning. */
function merge(first: Schema, second: Schema): Schema {
  const merged: Schema = { ...first }
  for (const [key, value] of Object.entries(second)) {
    const before = merged[key]
    merged[key] = isMap(before) && isMap(value) ? merge(before, value) : value
  }
  return merged
}
