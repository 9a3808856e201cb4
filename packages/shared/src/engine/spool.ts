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

  constructor(options: { redis: Redis; broker: Broker; log: Logger; depth: Gauge }) {
    this.redis = options.redis
    this.broker = options.broker
    this.log = options.log
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
      const depth = await this.redis.rpush(spoolKey(lane), JSON.stringify(message))
      if (depth <= maxSpooled) return 'spooled'
      await this.redis.rpop(spoolKey(lane))
    } catch (error) {
      throw new BrokerAway('neither RabbitMQ nor Redis can take the message', { cause: error })
    }
    throw new BrokerAway('RabbitMQ is away and the spool is full')
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.relaying
  }

  /** With Redis away and the broker there, the direct way is right: what is spooled cannot be relayed now anyway. */
  private async isSpooling(lane: string): Promise<boolean> {
    return this.redis.exists(spoolKey(lane)).then(
      count => count === 1,
      () => false,
    )
  }

  private async relay(depth: Gauge): Promise<void> {
    if (!this.broker.isUp || this.redis.status !== 'ready') return
    try {
      for (let number = 0; number < laneCount; number += 1) {
        const lane = laneName(number)
        if (await this.isSpooling(lane)) {
          depth.set(await this.redis.llen(spoolKey(lane)), { lane })
          await this.relayLane(lane)
          depth.set(0, { lane })
        }
      }
    } catch (error) {
      this.log.debug({ err: error }, 'spool could not be relayed yet')
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
        await this.redis.ltrim(spoolKey(lane), rows.length, -1)
        this.log.info({ lane, count: rows.length }, 'spooled messages relayed')
      }
    })
  }
}
function spoolKey(lane: string): string {
  return `spool:${lane}`
}
