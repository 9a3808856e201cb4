import type { Definition } from '@um/shared/contract'
import { maskedValue, type Tenant } from '@um/shared/settings'
import { maskSettings } from '../documents/settings-part.ts'
import { type PartStatus, type Reports, statusOf } from '../reports/states.ts'
import { Commander } from '../settings/commander.ts'

export interface TenantStatus {
  messaging: PartStatus
  cxPlatform: PartStatus
}
export type PresentedTenant = Tenant & { status: TenantStatus }

/** A tenant as answers show it: no secrets, and how it fares. */
export function presentTenant(tenant: Tenant, reports: Reports | undefined, connectors: ReadonlyMap<string, Definition>): PresentedTenant {
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
    status: tenantStatus(tenant, reports),
  }
}

export function tenantStatus(tenant: Tenant, reports: Reports | undefined): TenantStatus {
  return {
    messaging: statusOf(reports, 'messaging', `${tenant.messaging.type}-connector`),
    cxPlatform: statusOf(reports, 'cxPlatform', `${tenant.cxPlatform.type}-connector`),
  }
}
