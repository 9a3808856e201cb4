import { type Broker, exchanges } from '../amqp/index.ts'
import type { Logger } from '../log/index.ts'
import { type DataOf, derivedId, envelope } from '../model/index.ts'

/** Tells `api` how a tenant or storage fares here. Told again at the next change or connection, so a failure is only logged. */
export async function reportState(broker: Broker, log: Logger, state: DataOf<'um.state.v1'>): Promise<void> {
  const report = envelope(
    'um.state.v1',
    {
      id: derivedId('state', state.service, state.collection, state.id, state.part, state.at),
      source: `/${state.service}`,
      subject: `${state.collection}/${state.id}`,
      time: new Date(state.at),
    },
    state,
  )
  await broker.publish(exchanges.config, `state.${state.service}`, report).catch(error => log.debug({ err: error }, 'state could not be reported'))
}

/** Presence of this replica, every 10 s while it runs. */
export function startPresence(options: { broker: Broker; service: string; replica: string; version: string; startedAt: Date; isReady: () => boolean }): {
  stop(): void
} {
  const tell = (stopping: boolean) => {
    const now = new Date()
    options.broker.publishLightly(
      exchanges.config,
      `presence.${options.service}`,
      envelope(
        'um.presence.v1',
        { id: derivedId('presence', options.service, options.replica, now.toISOString()), source: `/${options.service}`, subject: options.replica, time: now },
        {
          service: options.service,
          replica: options.replica,
          version: options.version,
          startedAt: options.startedAt.toISOString(),
          ready: options.isReady(),
          stopping,
          at: now.toISOString(),
        },
      ),
    )
  }
  options.broker.onChange(() => tell(false))
  const timer = setInterval(() => tell(false), 10_000)
  timer.unref()
  return {
    stop: () => {
      clearInterval(timer)
      tell(true)
    },
  }
}
