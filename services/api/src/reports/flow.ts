import type { DataOf } from '@um/shared/model'
import type { Redis } from '@um/shared/redis'

type Flow = DataOf<'um.flow.v1'>

/** Why a tenant's messages do not move at a service, or that they do. */
export interface PartFlow {
  /** open: messages pass. paused: the tenant must act. broken: its platform does not answer. limited: the platform has told us to wait. */
  state: 'open' | 'paused' | 'broken' | 'limited'
  why: string | null
  since: string | null
  /** when the next message is tried */
  nextTryAt: string | null
  /** messages and events that are set aside until then */
  waitingMessages: number
}
export const openFlow: PartFlow = { state: 'open', why: null, since: null, nextTryAt: null, waitingMessages: 0 }

/** By tenant, for one service. */
export type Flows = ReadonlyMap<string, PartFlow>
export interface FlowReports {
  record(flow: Flow): Promise<void>
  /** what is known of each service now; a service that has not been heard of for a while is missing */
  all(): Promise<ReadonlyMap<string, Flows>>
}

/** Told every 10 s: three may get lost before what was said is worth nothing. */
const keptSeconds = 45
const key = 'flow'

export function redisFlowReports(redis: Redis, now: () => Date): FlowReports {
  return {
    async record(flow) {
      await redis.hset(key, flow.service, JSON.stringify({ heardAt: now().getTime(), flow }))
    },
    async all() {
      const fields = await redis.hgetall(key)
      return new Map(
        Object.entries(fields).flatMap(([service, text]) => {
          const { heardAt, flow } = JSON.parse(text) as { heardAt: number; flow: Flow }
          if (now().getTime() - heardAt > keptSeconds * 1000) return []
          return [[service, new Map(flow.tenants.map(tenant => [tenant.tenantId, partFlow(tenant)]))] as const]
        }),
      )
    },
  }
}

function partFlow({ gate, rateLimitedUntil, waiting }: Flow['tenants'][number]): PartFlow {
  if (gate !== undefined) return { state: gate.kind, why: gate.why, since: gate.since, nextTryAt: gate.nextTryAt, waitingMessages: waiting }
  if (rateLimitedUntil !== undefined)
    return { state: 'limited', why: 'the platform has told us to wait', since: null, nextTryAt: rateLimitedUntil, waitingMessages: waiting }
  return { ...openFlow, waitingMessages: waiting }
}
