import { FleetSettings, Notifier } from '@um/shared/settings'
import { z } from 'zod'
import type { JsonSchema } from '../http/operation.ts'
import { settingsJsonSchema } from '../platforms/json-schema.ts'
import { Commander } from './commander.ts'

export const NotifierTest = z
  .object({ delivered: z.boolean(), status: z.number().optional().meta({ description: 'HTTP status, when there was an answer.' }), answer: z.string() })
  .meta({ id: 'NotifierTest' })
export const SettingsAnswer = FleetSettings.meta({ id: 'Settings' })

/** The settings as they may be sent, with those of every notifier by its type. */
export function settingsInput(notifiers: Readonly<Record<string, z.ZodObject>>): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(FleetSettings, { io: 'input', unrepresentable: 'any' })
  const { $schema: _same, ...notifier } = z.toJSONSchema(Notifier, { io: 'input', unrepresentable: 'any' })
  const properties = notifier.properties as Record<string, JsonSchema>
  const required = (notifier.required ?? []).filter(name => name !== 'id')
  return {
    ...schema,
    properties: {
      ...(schema.properties as Record<string, JsonSchema>),
      notifiers: {
        type: 'array',
        maxItems: 50,
        items: {
          oneOf: Object.entries(notifiers).map(([type, settings]) => ({
            ...notifier,
            required,
            properties: { ...properties, type: { type: 'string', const: type }, settings: settingsJsonSchema(settings) },
          })),
          discriminator: { propertyName: 'type' },
        },
      },
      commander: { anyOf: [{ type: 'object', maxProperties: 0 }, settingsJsonSchema(Commander)] },
    },
  }
}
