import type { DataOf } from '@um/shared/model'
import type { Redis } from '@um/shared/redis'
import { keys } from '../config/changes.ts'

export type State = DataOf<'um.state.v1'>
type Reported = 'tenants' | 'storages'

/** How a tenant's part or a storage fares, as people see it. */
export interface PartStatus {
  status: State['status'] | 'unknown'
  webhookUrl: string | null
  lastError: string | null
  facts: Record<string, string>
  steps: NonNullable<State['steps']>
  updatedAt: string | null
}
export const unknownStatus: PartStatus = { status: 'unknown', webhookUrl: null, lastError: null, facts: {}, steps: [], updatedAt: null }

/** What services have reported of one document: by part and service, because a part that moved to another platform is still being tidied up at the old one. */
export type Reports = ReadonlyMap<string, State>
export interface States {
  record(state: State): Promise<void>
  find(collection: Reported, ids: readonly string[]): Promise<Map<string, Reports>>
}

/** Reports may overtake each other between replicas of the api: only a later one replaces an earlier. None is kept for what does not exist. */
const recordScript = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local before = redis.call('HGET', KEYS[2], ARGV[1])
if before and cjson.decode(before)['at'] > ARGV[2] then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
return 1`

export function statesKey(collection: Reported, id: string): string {
  return `state:${collection}:${id}`
}
function fieldOf(part: State['part'], service: string): string {
  return `${part}/${service}`
}

export function redisStates(redis: Redis): States {
  return {
    async record(state) {
      const { collection, id } = state
      const at = new Date(state.at).toISOString()
      await redis.eval(
        recordScript,
        2,
        keys.document(collection, id),
        statesKey(collection, id),
        fieldOf(state.part, state.service),
        at,
        JSON.stringify({ ...state, at }),
      )
    },
    async find(collection, ids) {
      const pipeline = redis.pipeline()
      for (const id of ids) pipeline.hgetall(statesKey(collection, id))
      const results = ids.length === 0 ? [] : ((await pipeline.exec()) ?? [])
      return new Map(
        ids.map((id, index) => {
          const [error, fields] = results[index] ?? [null, {}]
          if (error) throw error
          return [id, new Map(Object.entries(fields as Record<string, string>).map(([field, text]) => [field, JSON.parse(text) as State]))]
        }),
      )
    },
  }
}

export function statusOf(reports: Reports | undefined, part: State['part'], service: string): PartStatus {
  const state = reports?.get(fieldOf(part, service))
  if (state === undefined) return unknownStatus
  return {
    status: state.status,
    webhookUrl: state.webhookUrl ?? null,
    lastError: state.lastError ?? null,
    facts: state.facts ?? {},
    steps: state.steps ?? [],
    updatedAt: state.at,
  }
}
