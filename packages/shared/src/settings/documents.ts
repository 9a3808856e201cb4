import { z } from 'zod'

/** The configuration's documents as `api` stores and distributes them. `settings` members are checked by the catalog's schemas, in `api` and again in the service they are for. */
const name = z.string().trim().min(1).max(100)
const settings = z.record(z.string(), z.unknown())

export const Tenant = z.strictObject({
  id: z.uuid(),
  name,
  /** from Genesys Customer Subscription Manager */
  subscriptionId: z.guid('must be an identifier such as f4de9900-c131-beef-dead-11654bcdc252').nullable().default(null),
  enabled: z.boolean().default(true),
  /** for IVRs: POST /api/v1/messages */
  authentication: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('basic'), username: z.string().min(1).max(100), password: z.string().min(1).max(200) }),
      z.strictObject({ type: z.literal('none') }),
    ])
    .default({ type: 'none' }),
  cxPlatform: z.strictObject({ type: z.string(), storageId: z.uuid().nullable().default(null), settings: settings.default({}) }),
  commander: z
    .strictObject({
      enabled: z.boolean().default(false),
      useDefault: z.boolean().default(true),
      prefix: z.string().min(1).max(5).default('>'),
      settings: settings.default({}),
    })
    .default({ enabled: false, useDefault: true, prefix: '>', settings: {} }),
  messaging: z.strictObject({
    type: z.string(),
    storageId: z.uuid().nullable().default(null),
    showSystemMessages: z.boolean().default(false),
    prefixAgentName: z.boolean().default(false),
    settings: settings.default({}),
  }),
})
export type Tenant = z.infer<typeof Tenant>

export const Storage = z.strictObject({
  id: z.uuid(),
  type: z.string(),
  name,
  isDefault: z.boolean().default(false),
  /** seconds between the end of a conversation and the removal of its attachments */
  purgeDelay: z.number().int().min(0).max(31_536_000).default(300),
  settings: settings.default({}),
})
export type Storage = z.infer<typeof Storage>

export const notifierTopics = ['Default', 'Subscriptions'] as const
export const Notifier = z.strictObject({
  id: z.uuid(),
  type: z.enum(['gcloudcx', 'slack', 'discord', 'pagerduty']),
  topic: z.enum(notifierTopics).default('Default'),
  enabled: z.boolean().default(true),
  settings: settings.default({}),
})
export type Notifier = z.infer<typeof Notifier>

export const FleetSettings = z.strictObject({
  /** http(s) URL through which all services reach the Internet; null: directly */
  outboundProxy: z.string().nullable().default(null),
  notifiers: z.array(Notifier).max(50).default([]),
  commander: settings.default({}),
})
export type FleetSettings = z.infer<typeof FleetSettings>
/** The one document of the collection `settings`. */
export const fleetSettingsId = 'fleet'

export const documentSchemas = { tenants: Tenant, storages: Storage, settings: FleetSettings } as const
export type Collection = keyof typeof documentSchemas
export type DocumentOf<C extends Collection> = z.infer<(typeof documentSchemas)[C]>
/** Authenticated context of a sealed document. */
export function documentContext(collection: Collection, id: string): string {
  return `${collection}/${id}`
}
