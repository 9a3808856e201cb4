import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { eventually } from '@um/testing'
import type { FleetApi, TenantStatus } from './api.ts'

/** A tenant of the run: a bot, an OAuth client and an integration of its own, so that its budgets are its own. */
export interface RunTenant {
  id: string
  bot: string
}
export interface SimulatorUrls {
  telegram: string
  genesys: string
}

const registeredWithinMs = 120_000

/** Makes tenants over the REST API and waits until the fleet has registered both sides of each. */
export async function makeTenants(api: FleetApi, urls: SimulatorUrls, count: number, storageId: string | null): Promise<RunTenant[]> {
  const run = randomBytes(4).toString('hex')
  const tenants: RunTenant[] = []
  for (let number = 1; number <= count; number += 1) {
    const bot = String(randomInt(2_000_000_000, 6_000_000_000))
    const { id } = await api.create<{ id: string }>('/tenants', tenantDocument(`verify ${run} ${number}`, bot, urls, storageId))
    tenants.push({ id, bot })
  }
  await eventually(() => allWork(api, tenants), { withinMs: registeredWithinMs, everyMs: 500, what: 'the registration of the tenants' })
  return tenants
}
export async function removeTenants(api: FleetApi, tenants: readonly RunTenant[]): Promise<void> {
  for (const { id } of tenants) await api.remove(`/tenants/${id}`)
}

async function allWork(api: FleetApi, tenants: readonly RunTenant[]): Promise<void> {
  const known = new Map((await api.list<TenantStatus>('/tenants')).map(tenant => [tenant.id, tenant]))
  for (const { id } of tenants) {
    const status = known.get(id)?.status
    for (const part of ['messaging', 'cxPlatform'] as const) {
      if (status?.[part]?.status !== 'working')
        throw new Error(`${part} of tenant ${id} is ${status?.[part]?.status ?? 'unknown'}: ${status?.[part]?.lastError ?? ''}`)
    }
  }
}

function tenantDocument(name: string, bot: string, urls: SimulatorUrls, storageId: string | null): object {
  return {
    name,
    enabled: true,
    authentication: { type: 'basic', username: 'ivr', password: randomBytes(18).toString('base64url') },
    cxPlatform: {
      type: 'gcloudcx',
      storageId,
      settings: {
        region: 'us-east-1',
        clientId: randomUUID(),
        clientSecret: randomBytes(24).toString('hex'),
        integrationName: name,
        webhookToken: randomBytes(24).toString('hex'),
        apiUrl: urls.genesys,
        loginUrl: urls.genesys,
        // questions about conversations would use up the budget that the run measures
        conversationPollSeconds: 0,
      },
    },
    messaging: {
      type: 'telegram',
      storageId,
      showSystemMessages: false,
      prefixAgentName: false,
      settings: {
        apiToken: `${bot}:${randomBytes(27).toString('base64url').slice(0, 35)}`,
        apiUrl: urls.telegram,
        webhookSecret: randomBytes(24).toString('hex'),
      },
    },
  }
}
