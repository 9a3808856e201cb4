import { createHmac } from 'node:crypto'

/** Everything about a tenant of a load test follows from its number, so that the programs of a run need not tell each other. */
export interface BenchTenant {
  number: number
  id: string
  botId: number
  apiToken: string
  webhookSecret: string
  integrationId: string
  webhookToken: string
  clientId: string
}

export function benchTenant(number: number): BenchTenant {
  const digits = number.toString(16).padStart(12, '0')
  const botId = 1_000_000 + number
  return {
    number,
    id: `00000000-0000-4000-9000-${digits}`,
    botId,
    apiToken: `${botId}:AAbenchbenchbenchbenchbenchbenchbench`,
    webhookSecret: `bench-secret-of-tenant-${number}`,
    integrationId: `bench-${number}`,
    webhookToken: `bench-token-of-tenant-${number}`,
    clientId: `00000000-0000-4000-8000-${digits}`,
  }
}

/** The configuration document as `api` distributes it. */
export function tenantDocument(tenant: BenchTenant, platforms: { telegram: string; genesys: string }): Record<string, unknown> {
  return {
    id: tenant.id,
    name: `Tenant ${tenant.number}`,
    cxPlatform: {
      type: 'gcloudcx',
      settings: {
        region: 'eu-central-1',
        clientId: tenant.clientId,
        clientSecret: 'bench-client-secret',
        // the simulated Genesys Cloud gives an integration its name for an identifier
        integrationName: tenant.integrationId,
        webhookToken: tenant.webhookToken,
        apiUrl: platforms.genesys,
        loginUrl: platforms.genesys,
        // questions after conversations depend on time, not on messages: they would be measured instead
        conversationPollSeconds: 0,
      },
    },
    messaging: {
      type: 'telegram',
      settings: { apiToken: tenant.apiToken, webhookSecret: tenant.webhookSecret, apiUrl: platforms.telegram },
    },
  }
}

/** A guest's number is unique over all tenants. */
export function guestNumber(tenant: number, guest: number): number {
  return 5_000_000_000 + tenant * 10_000_000 + guest
}

/** https://developer.genesys.cloud/commdigital/digital/openmessaging/validate */
export function genesysSignature(body: Buffer, tenant: BenchTenant): string {
  return `sha256=${createHmac('sha256', tenant.webhookToken).update(body).digest('base64')}`
}
