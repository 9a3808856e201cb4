/** What the demo consists of. */

export interface DemoTenant {
  /** also the name of its integration */
  name: string
  /** messaging platform (connector id) */
  platform: string
  account: string
  /** settings that lead the connector to the simulator; `secret` is new with every save, so that the connector registers again */
  settings(secret: string): Record<string, unknown>
  /** What an administrator does at the platform's console once the tenant is saved: enters the webhook, installs the app. Repeated until it succeeds. */
  connect?(tenant: SavedTenant): Promise<void>
}
export interface SavedTenant {
  id: string
  /** public base URL of the fleet */
  publicUrl: string
  /** what the API says of the tenant's parts now: webhook URL, links to authorize */
  status(): Promise<unknown>
}
export interface SeedTargets {
  genesys: { url: string; clientId: string; clientSecret: string }
  s3: { url: string; bucket: string; accessKeyId: string; secretAccessKey: string }
  desks(): { id: string; name: string }[]
  /** the simulators still know the tenant's webhook and integration */
  isRegistered(demo: DemoTenant): boolean
}

export const demoClient = { id: '9f1c2b7e-4d3a-4c58-8a6b-0e1d2c3b4a59', secret: 'a-client-secret-for-the-lab-only' }
export function demoStorage({ s3 }: SeedTargets): { name: string; settings: Record<string, unknown> } & Record<string, unknown> {
  return {
    type: 'aws',
    name: 'Lab storage',
    isDefault: true,
    purgeDelay: 300,
    settings: {
      accessKeyId: s3.accessKeyId,
      secretAccessKey: s3.secretAccessKey,
      region: 'us-east-1',
      bucket: s3.bucket,
      apiUrl: s3.url,
      forcePathStyle: true,
    },
  }
}

export interface TenantDocument {
  name: string
  enabled: boolean
  authentication: { type: 'basic'; username: string; password: string }
  cxPlatform: { type: string; storageId: string | null; settings: Record<string, unknown> }
  messaging: { type: string; storageId: string | null; showSystemMessages: boolean; prefixAgentName: boolean; settings: Record<string, unknown> }
}
export function tenantDocument(demo: DemoTenant, targets: SeedTargets, storageId: string | undefined, secret: string): TenantDocument {
  const { genesys } = targets
  return {
    name: demo.name,
    enabled: true,
    authentication: { type: 'basic', username: 'ivr', password: 'lab-ivr-password' },
    cxPlatform: {
      type: 'gcloudcx',
      storageId: storageId ?? null,
      settings: {
        region: 'us-east-1',
        clientId: genesys.clientId,
        clientSecret: genesys.clientSecret,
        integrationName: demo.name,
        webhookToken: secret,
        apiUrl: genesys.url,
        loginUrl: genesys.url,
        // the desk's "disconnect" shall be noticed soon
        conversationPollSeconds: 15,
      },
    },
    messaging: {
      type: demo.platform,
      storageId: storageId ?? null,
      showSystemMessages: true,
      prefixAgentName: false,
      settings: demo.settings(secret),
    },
  }
}
