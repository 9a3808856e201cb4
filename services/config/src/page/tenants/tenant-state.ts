import type { PartState, Tenant } from '../api/types.ts'
import type { Tone } from '../controls/badge.tsx'

export type TenantState = PartState | 'off'
/** What needs somebody comes first. */
export const tenantStates = ['failing', 'paused', 'registering', 'unknown', 'working', 'removed', 'off'] as const satisfies readonly TenantState[]

export const stateTones: Readonly<Record<TenantState, Tone>> = {
  failing: 'bad',
  paused: 'bad',
  registering: 'busy',
  unknown: 'idle',
  working: 'good',
  removed: 'idle',
  off: 'idle',
}

/** A tenant fares as the part of it that fares worst. */
export function stateOf({ enabled, status }: Pick<Tenant, 'enabled' | 'status'>): TenantState {
  if (!enabled) return 'off'
  return rank(status.messaging.status) < rank(status.cxPlatform.status) ? status.messaging.status : status.cxPlatform.status
}

/** Those that need somebody first; among equals by name. */
export function byNeed(tenants: readonly Tenant[], language: string): Tenant[] {
  return [...tenants].sort((a, b) => rank(stateOf(a)) - rank(stateOf(b)) || a.name.localeCompare(b.name, language))
}
function rank(state: TenantState): number {
  return tenantStates.indexOf(state)
}

export function lastErrorOf({ status }: Pick<Tenant, 'status'>): string | null {
  return status.messaging.lastError ?? status.cxPlatform.lastError
}

/** Found by any part of its name, whatever the width and case of letters, or by its id. */
export function matches(tenant: Pick<Tenant, 'id' | 'name'>, search: string): boolean {
  const wanted = search.normalize('NFKC').trim().toLowerCase()
  return wanted === '' || tenant.name.normalize('NFKC').toLowerCase().includes(wanted) || tenant.id === wanted
}
