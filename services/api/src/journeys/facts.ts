import type { ConfigStore } from '../config/store.ts'
import { type States, statusOf } from '../reports/states.ts'
import type { FactsOfTenants } from './conversations.ts'

/** Names of tenants, and which of their parts are paused. */
export function tenantFacts(store: ConfigStore, states: States): FactsOfTenants {
  return async tenantIds => {
    const [view, reports] = await Promise.all([store.read(), states.find('tenants', tenantIds)])
    return tenantId => ({
      name: view.tenant(tenantId)?.document.name,
      pausedAt: service => {
        const parts = (['messaging', 'cxPlatform'] as const).map(part => statusOf(reports.get(tenantId), part, service))
        const paused = parts.find(({ status }) => status === 'paused')
        return paused === undefined ? undefined : (paused.lastError ?? '')
      },
    })
  }
}
