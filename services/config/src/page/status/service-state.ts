import type { ServiceStatus } from '../api/types.ts'

export type ServiceState = 'ready' | 'notReady' | 'absent'

export function serviceState({ replicas }: Pick<ServiceStatus, 'replicas'>): ServiceState {
  if (replicas.length === 0) return 'absent'
  return replicas.every(({ ready }) => ready) ? 'ready' : 'notReady'
}

const order: readonly ServiceState[] = ['notReady', 'ready', 'absent']
/** What needs somebody first, what is not installed last. */
export function sortedServices(services: readonly ServiceStatus[]): ServiceStatus[] {
  return services.toSorted((a, b) => order.indexOf(serviceState(a)) - order.indexOf(serviceState(b)) || a.service.localeCompare(b.service))
}
