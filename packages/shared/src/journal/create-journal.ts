import type { Service } from '../service/service.ts'
import { Journal } from './journal.ts'

/** The journal of a service, as the deployer wants it. The service closes it before its broker. */
export function createJournal({ broker, name, environment, metrics }: Pick<Service, 'broker' | 'name' | 'environment' | 'metrics'>): Journal {
  return new Journal({
    broker,
    service: name,
    replica: environment.replica,
    bodies: environment.journeyBodies,
    dropped: metrics.counter('um_journey_dropped_total', 'Hops of messages that could not be told, because RabbitMQ did not take them.'),
  })
}
