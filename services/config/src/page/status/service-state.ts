import type { ServiceStatus } from '../api/types.ts'

/** missing: not running although the configuration depends on it, so that messages wait. absent: not running, and nobody minds. */
export type ServiceState = 'missing' | 'notReady' | 'ready' | 'absent'

export function serviceState({ replicas, needed }: Pick<ServiceStatus, 'replicas' | 'needed'>): ServiceState {
  if (replicas.length === 0) return needed ? 'missing' : 'absent'
  return replicas.every(({ ready }) => ready) ? 'ready' : 'notReady'
}

const order: readonly ServiceState[] = ['missing', 'notReady', 'ready', 'absent']
/** What needs somebody first, what is not installed last. */
export function sortedServices(services: readonly ServiceStatus[]): ServiceStatus[] {
  return services.toSorted((a, b) => order.indexOf(serviceState(a)) - order.indexOf(serviceState(b)) || a.service.localeCompare(b.service))
}

/** The messages that wait in all queues: those of a service that is down most of all. */
export function waitingMessages(services: readonly Pick<ServiceStatus, 'queues'>[]): number {
  return services.reduce((sum, { queues }) => sum + (queues?.waiting ?? 0), 0)
}
