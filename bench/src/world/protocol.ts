import type { Summary } from '../statistics.ts'

/** What the bench asks of the world (its load generator and its platforms), which runs in a process of its own. */
export interface WorldCalls {
  start(options: { tenants: number; guestsPerTenant: number }): { telegramPort: number; genesysPort: number; s3Port: number }
  /** where the webhooks of the system under test are: one port for each replica */
  target(ports: { telegram: readonly number[]; openmessaging: readonly number[]; connections?: number }): void
  run(load: Load): LoadResult
  hang(tenant: number | null): void
  cpuMilliseconds(): number
}

export type Flow = 'toAgent' | 'toGuest' | 'both'

/**
 * closed: `inFlight` messages are always under way, the next one goes when one arrives; measures what the system can carry.
 * open: messages go by the clock, whatever became of those before; latency counts from the moment at which a message was due, not from when the generator found
 * the time to send it, so that a system which stalls cannot hide the messages that it made wait.
 * burst: `messages` at once, as fast as the webhooks take them.
 */
export type Load = {
  flow: Flow
  /** tenants that write: the first ones; default all */
  tenants?: number
  /** leaves out this tenant's latencies, and does not wait for its messages */
  except?: number
  /** size of the pictures that guests send instead of texts */
  pictureBytes?: number
  /** how long to wait at the end for what is still under way */
  drainSeconds?: number
  /** gives up earlier when nothing has arrived for so long */
  quietSeconds?: number
} & ({ kind: 'closed'; inFlight: number; seconds: number } | { kind: 'open'; rate: number; seconds: number } | { kind: 'burst'; messages: number })

export interface LoadResult {
  sent: number
  /** 2xx from the webhooks */
  accepted: number
  /** other answers, each of which was sent again a second later, as platforms do */
  refused: number
  delivered: number
  doubled: number
  lost: number
  /** from the first message to the end of the load (closed, open) or to the last arrival (burst) */
  seconds: number
  /** until the last message was accepted */
  acceptedSeconds: number
  /** delivered per second while the load lasted */
  throughput: number
  latency: Summary
  /** of each minute, by when they arrived */
  minutes: { p99: number; delivered: number }[]
}

export interface Request {
  id: number
  name: keyof WorldCalls
  argument: unknown
}
export interface Reply {
  id: number
  result?: unknown
  error?: string
}
