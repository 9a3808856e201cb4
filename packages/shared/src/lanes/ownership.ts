import type { Logger } from '../log/index.ts'
import { laneCount, laneName } from '../model/ids.ts'
import type { Redis } from '../redis/index.ts'
import { lanesOf } from './shares.ts'

const beatMilliseconds = 1000
/** a replica that was not heard of for this long is gone, and its lanes are free */
const leaseMilliseconds = 6000

/** nobody at all was heard of for this long: it was Redis that was away */
const silenceMilliseconds = 3000

/**
 * Redis's own clock decides, so that replicas with wrong clocks agree. After a silence of all, everybody counts as heard of just now: otherwise the first to come back
 * would take the lanes of the others from under their hands.
 */
const heartbeatScript = `
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local latest = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
if latest[2] and ms - tonumber(latest[2]) > tonumber(ARGV[3]) then
  for _, replica in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do redis.call('ZADD', KEYS[1], ms, replica) end
end
redis.call('ZADD', KEYS[1], ms, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ms - tonumber(ARGV[2]))
return redis.call('ZRANGE', KEYS[1], 0, -1)`
/** Takes or renews each lease that is free or already ours: 1 ours, 0 somebody else's. */
const leaseScript = `
local held = {}
for i, key in ipairs(KEYS) do
  local owner = redis.call('GET', key)
  if owner == ARGV[1] or not owner then
    redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
    held[i] = 1
  else
    held[i] = 0
  end
end
return held`
const releaseScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

export interface LaneWorker {
  /** begin to consume this lane; must not throw for a broker that is away */
  start(lane: number): Promise<void>
  /** stop taking, finish what is in hand; the lane is released when this resolves */
  stop(lane: number): Promise<void>
}

/**
 * Shares the lanes among the live replicas of a service. A lane has one owner at a time (a lease in the service's Redis), handed over only after the old owner
 * has finished what it had in hand; a killed owner's lanes are free after 6 s. While Redis is away owners keep what they have: nobody else can take it.
 */
export class LaneOwnership {
  private readonly redis: Redis
  private readonly replica: string
  private readonly worker: LaneWorker
  private readonly log: Logger
  private readonly held = new Set<number>()
  private readonly leaving = new Map<number, Promise<void>>()
  /** of those, the ones that are left and whose lease is on its way back: it is not renewed behind that */
  private readonly left = new Set<number>()
  private timer: NodeJS.Timeout | undefined
  private beating: Promise<void> | undefined
  private lastBeat = 0
  private stopped = false

  constructor(options: { redis: Redis; replica: string; worker: LaneWorker; log: Logger }) {
    this.redis = options.redis
    this.replica = options.replica
    this.worker = options.worker
    this.log = options.log
  }

  lanes(): ReadonlySet<number> {
    return this.held
  }

  async start(): Promise<void> {
    await this.beatOnce()
    this.timer = setInterval(() => void this.beatOnce(), beatMilliseconds)
  }

  /** Hands all lanes over; the others take them at their next beat. Until then what is in hand, however long it takes, is nobody else's: beats go on. */
  async stop(): Promise<void> {
    this.stopped = true
    await this.beating
    await this.redis.zrem('lane:replicas', this.replica).catch(() => undefined)
    await Promise.all([...this.held].map(lane => this.leave(lane)))
    await Promise.all(this.leaving.values())
    clearInterval(this.timer)
    await this.beating
  }

  private beatOnce(): Promise<void> {
    this.beating ??= this.beat().finally(() => {
      this.beating = undefined
    })
    return this.beating
  }
  private async beat(): Promise<void> {
    try {
      const replicas = this.stopped ? [] : await this.heartbeat()
      const wanted = this.stopped ? new Set<number>() : lanesOf(this.replica, replicas)
      await this.renew(wanted)
      this.lastBeat = Date.now()
      for (const lane of this.held) if (!wanted.has(lane)) void this.leave(lane)
    } catch (error) {
      this.log.debug({ err: error, sinceMilliseconds: Date.now() - this.lastBeat }, 'lane heartbeat failed')
    }
  }

  /** Says that this replica lives, and answers which do. */
  private async heartbeat(): Promise<string[]> {
    return (await this.redis.eval(heartbeatScript, 1, 'lane:replicas', this.replica, leaseMilliseconds, silenceMilliseconds)) as string[]
  }

  private async renew(wanted: ReadonlySet<number>): Promise<void> {
    const lanes = Array.from({ length: laneCount }, (_, lane) => lane).filter(
      lane => (wanted.has(lane) || this.held.has(lane) || this.leaving.has(lane)) && !this.left.has(lane),
    )
    if (lanes.length === 0) return
    // asked now: a lane that is being left may have been left when Redis answers
    const free = new Set(lanes.filter(lane => !this.held.has(lane) && !this.leaving.has(lane)))
    const ours = (await this.redis.eval(leaseScript, lanes.length, ...lanes.map(leaseKey), this.replica, leaseMilliseconds)) as number[]
    for (const [index, lane] of lanes.entries()) {
      if (ours[index] === 1 && free.has(lane)) {
        this.held.add(lane)
        await this.worker.start(lane)
      } else if (ours[index] === 0 && this.held.has(lane)) {
        this.log.warn({ lane: laneName(lane) }, 'lane was taken over by another replica')
        void this.leave(lane)
      }
    }
  }

  private leave(lane: number): Promise<void> {
    const known = this.leaving.get(lane)
    if (known) return known
    this.held.delete(lane)
    const leaving = this.worker
      .stop(lane)
      .catch(error => this.log.error({ err: error, lane: laneName(lane) }, 'lane did not stop'))
      .then(async () => {
        this.left.add(lane)
        await this.redis.eval(releaseScript, 1, leaseKey(lane), this.replica).catch(() => undefined)
        this.left.delete(lane)
        this.leaving.delete(lane)
      })
    this.leaving.set(lane, leaving)
    return leaving
  }
}
function leaseKey(lane: number): string {
  return `lane:lease:${laneName(lane)}`
}
