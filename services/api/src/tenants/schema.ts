import type { Definition } from '@um/shared/contract'
import { Tenant } from '@um/shared/settings'
import { z } from 'zod'
import type { JsonSchema } from '../http/operation.ts'
import { settingsJsonSchema } from '../platforms/json-schema.ts'

export const PartStatusAnswer = z.object({
  status: z.enum(['unknown', 'registering', 'working', 'failing', 'paused', 'removed']),
  webhookUrl: z.string().nullable(),
  lastError: z.string().nullable(),
  facts: z.record(z.string(), z.string()),
  steps: z.array(z.object({ step: z.string(), ok: z.boolean(), message: z.string().optional(), at: z.string() })),
  updatedAt: z.string().nullable(),
})
/** Whether messages pass, and if not, why and how many wait. */
const FlowAnswer = z.object({
  state: z.enum(['open', 'paused', 'broken', 'limited']),
  why: z.string().nullable(),
  since: z.string().nullable(),
  nextTryAt: z.string().nullable(),
  waitingMessages: z.number().int(),
})
const TenantPartStatusAnswer = PartStatusAnswer.extend({ flow: FlowAnswer })
export const TenantStatusAnswer = z.object({ messaging: TenantPartStatusAnswer, cxPlatform: TenantPartStatusAnswer })
export const TenantAnswer = Tenant.extend({ status: TenantStatusAnswer }).meta({ id: 'Tenant' })

/** The tenant as it may be sent, with the settings of every platform by its type. */
export function tenantInput(connectors: ReadonlyMap<string, Definition>): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(Tenant, { io: 'input', unrepresentable: 'any' })
  const { id: _made, ...properties } = schema.properties as Record<string, JsonSchema>
  const part = (name: 'messaging' | 'cxPlatform', role: Definition['role']): JsonSchema => ({
    oneOf: [...connectors.values()].filter(definition => definition.role === role).map(definition => withSettings(properties[name] ?? {}, definition)),
    discriminator: { propertyName: 'type' },
  })
  return {
    ...schema,
    required: (schema.required ?? []).filter(name => name !== 'id'),
    properties: {
      id: { type: 'string', format: 'uuid', description: 'Made when it is left out.' },
      ...properties,
      cxPlatform: part('cxPlatform', 'cx'),
      messaging: part('messaging', 'messaging'),
    },
  }
}
function withSettings(part: JsonSchema, definition: Definition): JsonSchema {
  const properties = part.properties as Record<string, JsonSchema>
  return {
    ...part,
    title: definition.label,
    properties: { ...properties, type: { type: 'string', const: definition.id }, settings: settingsJsonSchema(definition.settings) },
  }
}
export const tenantPatch: JsonSchema = { type: 'object', description: 'Members of a tenant.' }

export const tenantExample = {
  name: 'ACME and Telegram',
  subscriptionId: 'f4de9900-c131-4eef-8ead-11654bcdc252',
  enabled: true,
  authentication: { type: 'basic', username: 'ivr', password: 'a password for your IVR' },
  cxPlatform: {
    type: 'gcloudcx',
    storageId: null,
    settings: {
      region: 'ap-northeast-1',
      clientId: '7b2fdd9b-5a51-4a08-9c2c-6b6c2f0e4f11',
      clientSecret: 'the secret of the OAuth client',
      integrationName: 'ACME Telegram',
      webhookToken: 'at least sixteen characters',
    },
  },
  commander: { enabled: false, useDefault: true, prefix: '>', settings: {} },
  messaging: {
    type: 'telegram',
    storageId: null,
    showSystemMessages: true,
    prefixAgentName: false,
    settings: { apiToken: '123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr' },
  },
}
