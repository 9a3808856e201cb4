import type { NewFaultInput } from '@um/lab/protocol'
import type { LinkedServer } from '@um/testing'
import type { ChaosKind } from './kinds.ts'

/** One thing to break. */
export type Action =
  | { do: 'killReplica'; service: string; replica: number }
  | { do: 'killRedis'; service: string }
  | { do: 'killRabbit' }
  /** reset: all connections, new ones pass. down: refused. silent: nothing passes, nothing is said */
  | { do: 'cut'; service: string; to: LinkedServer; how: 'reset' | 'down' | 'silent' }
  | { do: 'slow'; service: string; to: LinkedServer; delayMs: number; bytesPerSecond?: number }
  | { do: 'fault'; fault: NewFaultInput }
  | { do: 'clock'; service: string; offsetSeconds: number }
  /** Redis answers, and takes nothing: no memory left, or not enough replicas to write to */
  | { do: 'refuseWrites'; service: string; how: 'memory' | 'replicas' }

export interface Breakage {
  number: number
  kind: ChaosKind
  action: Action
  /** how long it stays broken */
  forMs: number
}

const cutWords = { reset: 'connections reset', down: 'refused', silent: 'silent' } as const

/** For people, without what is random. */
export function describe({ action, forMs }: Pick<Breakage, 'action' | 'forMs'>): string {
  const seconds = `${(forMs / 1000).toFixed(1)} s`
  switch (action.do) {
    case 'killReplica':
      return `kill -9 ${action.service} (replica ${action.replica + 1}), back after ${seconds}`
    case 'killRedis':
      return `kill -9 Redis of ${action.service}, back after ${seconds}`
    case 'killRabbit':
      return `kill -9 RabbitMQ, back after ${seconds}`
    case 'cut':
      return `cut ${action.service} from ${serverNames[action.to]} (${cutWords[action.how]})${action.how === 'reset' ? '' : ` for ${seconds}`}`
    case 'slow':
      return `slow link of ${action.service} to ${serverNames[action.to]} (${action.delayMs} ms${action.bytesPerSecond === undefined ? '' : `, ${Math.round(action.bytesPerSecond / 1024)} KiB/s`}) for ${seconds}`
    case 'fault':
      return `${action.fault.simulator}: ${action.fault.kind}${faultDetail(action.fault)} for ${seconds}`
    case 'clock':
      return `clock of ${action.service} (replica 1) jumps by ${action.offsetSeconds} s for ${seconds}`
    case 'refuseWrites':
      return `Redis of ${action.service} refuses writes (${action.how === 'memory' ? 'no memory left' : 'not enough replicas'}) for ${seconds}`
  }
}
const serverNames: Record<LinkedServer, string> = { redis: 'Redis', rabbitmq: 'RabbitMQ' }

function faultDetail({ params = {}, probability }: NewFaultInput): string {
  const details = [
    ...Object.entries(params).map(([name, value]) => `${name} ${value}`),
    ...(probability === undefined ? [] : [`${Math.round(probability * 100)} %`]),
  ]
  return details.length === 0 ? '' : ` (${details.join(', ')})`
}
