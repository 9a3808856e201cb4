import type { Logger } from '@um/shared/log'
import type { Presence, Presences } from './presence.ts'

const tellMilliseconds = 10_000

/** This replica of the api writes itself into the list that it keeps of the others, so that it is there without RabbitMQ too. */
export function startOwnPresence(options: { presences: Presences; self: Pick<Presence, 'service' | 'replica' | 'version'>; now: () => Date; log: Logger }): {
  stop(): Promise<void>
} {
  const { presences, self, now, log } = options
  const startedAt = now().toISOString()
  const tell = (stopping: boolean) =>
    presences
      .record({ ...self, startedAt, ready: !stopping, stopping, at: now().toISOString() })
      .catch(error => log.debug({ err: error }, 'presence could not be recorded'))
  const timer = setInterval(() => void tell(false), tellMilliseconds)
  timer.unref()
  void tell(false)
  return {
    stop: () => {
      clearInterval(timer)
      return tell(true)
    },
  }
}
