import type { Tenant, TenantPartStatus } from '../api/types.ts'
import type { DeadLetterCounts } from './dead-letter-counts.ts'

/** What is wrong at a service. A tenant counts once, as the worst that is wrong with it there. */
export interface ServiceErrors {
  /** undefined: not known */
  dead: number | undefined
  failing: number
  paused: number
  /** its platform does not answer, or has told us to wait */
  held: number
}
type Trouble = 'failing' | 'paused' | 'held'

export function errorsOf(
  service: string,
  tenants: readonly Pick<Tenant, 'enabled' | 'messaging' | 'cxPlatform' | 'status'>[],
  dead: DeadLetterCounts | undefined,
): ServiceErrors {
  const troubles = tenants
    .filter(({ enabled }) => enabled)
    .flatMap(tenant => (['messaging', 'cxPlatform'] as const).filter(part => `${tenant[part].type}-connector` === service).map(part => tenant.status[part]))
    .map(troubleOf)
  const count = (wanted: Trouble) => troubles.filter(trouble => trouble === wanted).length
  return { dead: dead && (dead.get(service) ?? 0), failing: count('failing'), paused: count('paused'), held: count('held') }
}

function troubleOf({ status, flow }: TenantPartStatus): Trouble | undefined {
  if (status === 'failing') return 'failing'
  if (status === 'paused' || flow.state === 'paused') return 'paused'
  return flow.state === 'open' ? undefined : 'held'
}
