import type { StorageDefinition } from '@um/shared/contract'
import { Storage } from '@um/shared/settings'
import { storageSettings } from '@um/shared/storage'
import { z } from 'zod'
import type { JsonSchema } from '../http/operation.ts'
import { settingsJsonSchema } from '../platforms/json-schema.ts'
import { PartStatusAnswer } from '../tenants/schema.ts'

export const StorageAnswer = Storage.extend({ status: PartStatusAnswer }).meta({ id: 'Storage' })
export const StorageCheckAnswer = z
  .object({
    ok: z.boolean(),
    steps: z.array(z.object({ step: z.string(), ok: z.boolean(), message: z.string().optional(), at: z.string() })),
    advice: z.string().optional(),
  })
  .meta({ id: 'StorageCheck' })

/** The storage as it may be sent, with the settings of every provider by its type. */
export function storageInput(storages: ReadonlyMap<string, StorageDefinition>): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(Storage, { io: 'input', unrepresentable: 'any' })
  const { id: _made, ...properties } = schema.properties as Record<string, JsonSchema>
  const required = (schema.required ?? []).filter(name => name !== 'id')
  return {
    oneOf: [...storages.values()].map(definition => ({
      ...schema,
      title: definition.label,
      required,
      properties: {
        id: { type: 'string', format: 'uuid', description: 'Made when it is left out.' },
        ...properties,
        type: { type: 'string', const: definition.id },
        settings: settingsJsonSchema(storageSettings(definition)),
      },
    })),
    discriminator: { propertyName: 'type' },
  }
}

export const storageExample = {
  type: 'aws',
  name: 'AWS With CloudFront',
  isDefault: true,
  purgeDelay: 300,
  settings: {
    accessKeyId: 'AKIAEXAMPLEEXAMPLE',
    secretAccessKey: 'the secret access key',
    region: 'ap-northeast-1',
    bucket: 'acme-attachments',
    cloudFrontUrl: 'https://d1234567890.cloudfront.net',
  },
}
