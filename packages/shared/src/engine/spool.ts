import { type Broker, BrokerAway, type Exchange, Unconfirmed } from '../amqp/index.ts'
import type { Logger } from '../log/index.ts'
import type { Gauge } from '../metrics/index.ts'
import { type AnyEnvelope, laneCount, laneName } from '../model/index.ts'
import { type Redis, withLock } from '../redis/index.ts'

interface Spooled {
  exchange: Exchange
  key: string
  conversation: string
  envelope: AnyEnvelope
}
const batch = 50
/** A webhook cannot wait for a broker that is slow to confirm: the message is spooled then, and if both arrive, its id is recognised. */
const confirmMilliseconds = 3000
/** per lane; beyond it the platform is asked to send again later */
const maxSpooled = 20_000
/** So long the order of a lane counts more than taking its messages; platforms try for longer than that. */
const orderMilliseconds = 20_000
const everyLane: readonly string[] = Array.from({ length: laneCount }, (_, number) => laneName(number))
/** 1: appended, 0: there is no room */
const appendScript = `
if redis.call('LLEN', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[1])
return 1`
/** Removes the first rows if they still are those that were relayed: a command that Redis hears late must not take what somebody else has to relay. */
const trimScript = `
local count = tonumber(ARGV[1])
if redis.call('LINDEX', KEYS[1], 0) == ARGV[2] and redis.call('LINDEX', KEYS[1], count - 1) == ARGV[3] then redis.call('LTRIM', KEYS[1], count, -1) end`

/**
 * Keeps accepted messages in this service's Redis (append-only) while RabbitMQ is away and relays them in order when it is back. While a lane's spool holds anything,
 * newer messages of that lane go behind it, whichever replica takes them.
 */
export class Spool {
  private readonly redis: Redis
  private readonly broker: Broker
  private readonly log: Logger
  private readonly timer: NodeJS.Timeout
  private relaying: Promise<void> | undefined
  /** lanes that were not seen empty since this replica's broker was away last */
  private readonly doubtful = new Set(everyLane)
  /** Redis has not answered since */
  private silentSince: number | undefined

  constructor(options: { redis: Redis; broker: Broker; log: Logger; depth: Gauge }) {
    this.redis = options.redis
    this.broker = options.broker
    this.log = options.log
    this.broker.onChange(() => {
      if (!this.broker.isUp) for (const lane of everyLane) this.doubtful.add(lane)
    })
    this.timer = setInterval(() => {
      this.relaying ??= this.relay(options.depth).finally(() => {
        this.relaying = undefined
      })
    }, 500)
    this.timer.unref()
  }

  /** Safe when it resolves: confirmed by RabbitMQ, or spooled. Throws BrokerAway when neither is to be had. */
  async publish(lane: string, message: Spooled): Promise<'published' | 'spooled'> {
    if (this.broker.isUp && !(await this.isSpooling(lane))) {
      try {
        await this.broker.publish(message.exchange, message.key, message.envelope, {
          headers: { 'x-conversation': message.conversation },
          confirmWithin: confirmMilliseconds,
        })
        return 'published'
      } catch (error) {
        if (!(error instanceof BrokerAway) && !(error instanceof Unconfirmed)) throw error
      }
    }
    try {
      if ((await this.redis.eval(appendScript, 1, spoolKey(lane), JSON.stringify(message), maxSpooled)) === 1) {
        this.doubtful.add(lane)
        return 'spooled'
      }
    } catch (error) {
      throw new BrokerAway('neither RabbitMQ nor Redis can take the message', { cause: error })
    }
    throw new BrokerAway('RabbitMQ is away and the spool is full')
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.relaying
  }

  /**
   * With Redis away and the broker there, the direct way is right, unless something of this lane may be spooled, which it would overtake: then the platform sends again, and the
   * order holds. But not for ever: a platform gives up after a while, and a loss is worse.
   */
  private async isSpooling(lane: string): Promise<boolean> {
    try {
      const isSpooling = (await this.redis.exists(spoolKey(lane))) === 1
      this.silentSince = undefined
      this.note(lane, isSpooling)
      return isSpooling
    } catch {
      if (!this.doubtful.has(lane)) return false
      this.silentSince ??= performance.now()
      return performance.now() - this.silentSince < orderMilliseconds
    }
  }
  /** What was seen while the broker is away says nothing: any replica may spool the next moment. */
  private note(lane: string, holdsSomething: boolean): void {
    if (holdsSomething || !this.broker.isUp) this.doubtful.add(lane)
    else this.doubtful.delete(lane)
  }

  private async relay(depth: Gauge): Promise<void> {
    for (const lane of everyLane) {
      if (!this.broker.isUp || this.redis.status !== 'ready') return
      try {
        const waiting = await this.redis.llen(spoolKey(lane))
        this.note(lane, waiting > 0)
        depth.set(waiting, { lane })
        if (waiting === 0) continue
        await this.relayLane(lane)
        depth.set(0, { lane })
      } catch (error) {
        // another replica relays this lane, or a server has gone: the others may go on
        this.log.debug({ err: error, lane }, 'spool could not be relayed yet')
      }
    }
  }

  private async relayLane(lane: string): Promise<void> {
    await withLock(this.redis, `lock:spool:${lane}`, { ttlMilliseconds: 10_000, waitMilliseconds: 0 }, async lost => {
      for (;;) {
        lost.throwIfAborted()
        const rows = await this.redis.lrange(spoolKey(lane), 0, batch - 1)
        if (rows.length === 0) return
        const messages = rows.map(row => JSON.parse(row) as Spooled)
        await Promise.all(
          messages.map(message =>
            this.broker.publish(message.exchange, message.key, message.envelope, { headers: { 'x-conversation': message.conversation } }),
          ),
        )
        await this.redis.eval(trimScript, 1, spoolKey(lane), rows.length, rows[0] ?? '', rows.at(-1) ?? '')
        this.log.info({ lane, count: rows.length }, 'spooled messages relayed')
      }
    })
  }
}
function spoolKey(lane: string): string {
  return `spool:${lane}`
}
