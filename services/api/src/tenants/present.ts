import type { Definition } from '@um/shared/contract'
import { maskedValue, type Tenant } from '@um/shared/settings'
import { maskSettings } from '../documents/settings-part.ts'
import { type Flows, openFlow, type PartFlow } from '../reports/flow.ts'
import { type PartStatus, type Reports, statusOf } from '../reports/states.ts'
import { Commander } from '../settings/commander.ts'

type TenantPartStatus = PartStatus & { flow: PartFlow }
export interface TenantStatus {
  messaging: TenantPartStatus
  cxPlatform: TenantPartStatus
}
/** What is known of a tenant: what services reported, and by service how messages flow there now. */
export interface Fares {
  reports: Reports | undefined
  flows: ReadonlyMap<string, Flows>
}
export const nothingKnown: Fares = { reports: undefined, flows: new Map() }

export type PresentedTenant = Tenant & { status: TenantStatus }

/** A tenant as answers show it: no secrets, and how it fares. */
export function presentTenant(tenant: Tenant, fares: Fares, connectors: ReadonlyMap<string, Definition>): PresentedTenant {
  const masked = <P extends Tenant['messaging'] | Tenant['cxPlatform']>(part: P): P => ({
    ...part,
    settings: maskSettings(connectors.get(part.type)?.settings, part.settings),
  })
  return {
    ...tenant,
    authentication: tenant.authentication.type === 'basic' ? { ...tenant.authentication, password: maskedValue } : tenant.authentication,
    cxPlatform: masked(tenant.cxPlatform),
    commander: { ...tenant.commander, settings: maskSettings(Commander, tenant.commander.settings) },
    messaging: masked(tenant.messaging),
    status: tenantStatus(tenant, fares),
  }
}

export function tenantStatus(tenant: Tenant, { reports, flows }: Fares): TenantStatus {
  const part = (name: 'messaging' | 'cxPlatform'): TenantPartStatus => {
    const service = `${tenant[name].type}-connector`
    return { ...statusOf(reports, name, service), flow: flows.get(service)?.get(tenant.id) ?? openFlow }
  }
  return { messaging: part('messaging'), cxPlatform: part('cxPlatform') }
}
