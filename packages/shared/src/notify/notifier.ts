import type { AgentPool } from '../http/index.ts'
import type { Service } from '../service/service.ts'
import type { FleetSettings } from '../settings/index.ts'
import type { Speaker } from './build-notice.ts'
import { systemClock } from './clock.ts'
import type { DestinationState } from './destination-states.ts'
import { Dispatcher } from './dispatcher.ts'
import { RedisHoldBack } from './hold-back.ts'
import type { Notifier } from './notice.ts'

/** What a notifier needs of its service. */
export type NotifyingService = Pick<Service, 'name' | 'label' | 'version' | 'environment' | 'redis' | 'log' | 'metrics'>

/**
 * The notifier of a service; made once. `settings` is asked at every notice, so that changes count at once. `report` hears when a destination begins
 * to refuse notices, and when it takes them (again).
 */
export function createNotifier(options: {
  service: NotifyingService
  settings: () => FleetSettings
  agents: AgentPool
  report?: (state: DestinationState) => void
}): Notifier {
  const { service, settings, agents, report } = options
  return new Dispatcher({
    speaker: speakerOf(service),
    allowAnyHost: service.environment.notifierAllowAnyHost,
    settings,
    agents,
    holdBack: new RedisHoldBack(service.redis),
    log: service.log,
    metrics: service.metrics,
    clock: systemClock,
    timing: { tryMilliseconds: 5000, closingTryMilliseconds: 2000, closeMilliseconds: 4000 },
    report,
  })
}

export function speakerOf({ name, label, version, environment }: Pick<Service, 'name' | 'label' | 'version' | 'environment'>): Speaker {
  return { service: name, label, version, deployment: environment.deployment, pod: environment.replica, publicUrl: environment.publicUrl }
}
