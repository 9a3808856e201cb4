import type { DataOf } from '@um/shared/model'
import type { Redis } from '@um/shared/redis'

export type NotifierReport = DataOf<'um.notifier.v1'>

/** How a notifier destination fares, over all replicas of all services. */
export interface NotifierStatus {
  id: string
  /** that of the latest report */
  status: NotifierReport['status'] | 'unknown'
  lastSuccessAt: string | null
  lastError: { at: string; service: string; text: string; httpStatus: number | null } | null
  /** notices that wait, as far as it was told lately */
  queued: number
}
export interface NotifierReports {
  record(report: NotifierReport): Promise<void>
  status(ids: readonly string[]): Promise<NotifierStatus[]>
}

const keyOf = (id: string) => `notifier:${id}`
const keepSeconds = 30 * 86_400
/** Waiting notices are sent or given up within minutes; an older count says nothing. */
const queueMilliseconds = 300_000

export function redisNotifierReports(redis: Redis, now: () => Date): NotifierReports {
  return {
    async record(report) {
      await redis.multi().hset(keyOf(report.id), `${report.service}/${report.replica}`, JSON.stringify(report)).expire(keyOf(report.id), keepSeconds).exec()
    },
    async status(ids) {
      return Promise.all(
        ids.map(async id => {
          const reports = Object.values(await redis.hgetall(keyOf(id))).map(text => JSON.parse(text) as NotifierReport)
          return statusOf(id, reports, now())
        }),
      )
    },
  }
}

/** Replicas see different things: the latest of each kind counts. Pure. */
export function statusOf(id: string, reports: readonly NotifierReport[], now: Date): NotifierStatus {
  const latest = reports.toSorted((a, b) => b.at.localeCompare(a.at))
  const successes = reports.flatMap(({ lastSuccessAt }) => lastSuccessAt ?? []).sort()
  const errors = reports.flatMap(({ service, lastError }) => (lastError === undefined ? [] : [{ service, ...lastError }]))
  const error = errors.toSorted((a, b) => b.at.localeCompare(a.at))[0]
  const recent = reports.filter(({ at }) => now.getTime() - Date.parse(at) < queueMilliseconds)
  return {
    id,
    status: latest[0]?.status ?? 'unknown',
    lastSuccessAt: successes.at(-1) ?? null,
    lastError: error === undefined ? null : { at: error.at, service: error.service, text: error.text, httpStatus: error.httpStatus ?? null },
    queued: recent.reduce((sum, { queued }) => sum + queued, 0),
  }
}
