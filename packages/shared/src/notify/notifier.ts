import { exchanges } from '../amqp/index.ts'
import type { AgentPool } from '../http/index.ts'
import { derivedId, envelope } from '../model/index.ts'
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
 * The notifier of a service; made once. `settings` is asked at every notice, so that changes count at once. `report` hears how destinations fare; what does not change, once a minute at most.
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

/** Tells `api` how the destinations fare, as this replica sees it. Best effort: it is told again. */
export function reportDestination(service: Pick<Service, 'name' | 'environment' | 'broker'>): (state: DestinationState) => void {
  const { name, environment, broker } = service
  return ({ type: _known, at, lastSuccessAt, lastError, ...state }) => {
    const time = at.toISOString()
    broker.publishLightly(
      exchanges.config,
      `state.${name}`,
      envelope(
        'um.notifier.v1',
        { id: derivedId('notifier', name, environment.replica, state.id, time), source: `/${name}`, subject: `notifiers/${state.id}`, time: at },
        {
          service: name,
          replica: environment.replica,
          ...state,
          at: time,
          ...(lastSuccessAt === undefined ? {} : { lastSuccessAt: lastSuccessAt.toISOString() }),
          ...(lastError === undefined ? {} : { lastError: { ...lastError, at: lastError.at.toISOString() } }),
        },
      ),
    )
  }
}

export function speakerOf({ name, label, version, environment }: Pick<Service, 'name' | 'label' | 'version' | 'environment'>): Speaker {
  return { service: name, label, version, deployment: environment.deployment, pod: environment.replica, publicUrl: environment.publicUrl }
}
