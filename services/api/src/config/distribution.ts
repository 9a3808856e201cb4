import { setTimeout as sleep } from 'node:timers/promises'
import { type Broker, exchanges } from '@um/shared/amqp'
import type { Logger } from '@um/shared/log'
import { type Redis, withLock } from '@um/shared/redis'
import { type ConfigData, configEnvelope, keys } from './changes.ts'

/** Publishing is one at a time over all replicas, so that a service never hears an old document after its deletion. */
const lock = 'config:publishing'
const lockOptions = { ttlMilliseconds: 10_000, waitMilliseconds: 15_000 } as const
const pollMilliseconds = 5000

/** Tells the fleet what was stored: events wait in Redis until RabbitMQ has confirmed them. */
export class Distribution {
  private readonly redis: Redis
  private readonly broker: Broker
  private readonly log: Logger
  private readonly before: () => Promise<void>
  private readonly timer: NodeJS.Timeout
  private running: Promise<void> | undefined
  private again = false

  /** `before`: what services must have before they hear of what is stored; done under the same lock. */
  constructor(options: { redis: Redis; broker: Broker; log: Logger; before: () => Promise<void> }) {
    this.redis = options.redis
    this.broker = options.broker
    this.log = options.log
    this.before = options.before
    this.broker.onChange(() => this.kick())
    // what another replica stored before it died, or could not publish
    this.timer = setInterval(() => this.kick(), pollMilliseconds)
    this.timer.unref()
  }

  /** Begins to publish what waits; returns at once. */
  kick(): void {
    this.again = true
    this.running ??= this.run().finally(() => {
      this.running = undefined
      // asked for between the last look and this line
      if (this.again && this.broker.isUp) this.kick()
    })
  }

  /** Until nothing waits, or `milliseconds` have passed: a service that answers quickly is worth a short wait, an absent broker is not. */
  async settled(milliseconds: number): Promise<void> {
    if (!this.broker.isUp || this.running === undefined) return
    const timer = new AbortController()
    await Promise.race([this.running, sleep(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined)])
    timer.abort()
  }

  /** Work that must not overlap with publishing, e.g. the answer to a sync. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    return withLock(this.redis, lock, lockOptions, work)
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.running
  }

  private async run(): Promise<void> {
    while (this.again) {
      this.again = false
      if (!this.broker.isUp) return
      try {
        while (await this.isWaiting()) {
          await this.exclusively(async () => {
            await this.before()
            await this.publishWaiting()
          })
        }
      } catch (error) {
        this.log.warn({ err: error }, 'configuration could not be published yet')
        return
      }
    }
  }

  private async isWaiting(): Promise<boolean> {
    return (await this.redis.exists(keys.outbox, keys.kept)) > 0
  }
  private async publishWaiting(): Promise<void> {
    const waiting = await this.redis.zrange(keys.outbox, '0', '99')
    for (const text of waiting) {
      const data = JSON.parse(text) as Extract<ConfigData, { op: 'put' | 'delete' }>
      await this.broker.publish(exchanges.config, `document.${data.collection}`, configEnvelope(data, new Date()), { mandatory: false })
      await this.redis.zrem(keys.outbox, text)
    }
  }
}
