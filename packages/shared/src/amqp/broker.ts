import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Channel, type ChannelModel, connect } from 'amqplib'
import type { Logger } from '../log/index.ts'
import type { AnyEnvelope } from '../model/envelope.ts'
import { BrokerAway } from './errors.ts'
import { Publisher, type PublishOptions } from './publisher.ts'
import { commonQueues, type Exchange, exchanges, type QueueSpec } from './topology.ts'

/** A channel answers one request after the other, and while RabbitMQ recovers its queues each takes long. */
const declaringChannels = 6

/**
 * One connection to RabbitMQ that comes back by itself. `onUp` hooks run at every connection (declare, consume); what they made is gone when it breaks.
 */
export class Broker {
  private readonly log: Logger
  private readonly url: string
  private readonly queues: readonly QueueSpec[]
  private readonly hooks: ((connection: ChannelModel) => Promise<void>)[] = []
  private readonly events = new EventEmitter()
  private connection: ChannelModel | undefined
  private publisher: Publisher | undefined
  private closing = false
  private running: Promise<void> | undefined
  private isBlocked = false

  constructor(options: { url: string; queues: readonly QueueSpec[]; log: Logger }) {
    this.url = options.url
    this.queues = options.queues
    this.log = options.log
    this.events.setMaxListeners(100)
  }

  /** Connected, topology declared, not blocked by a memory or disk alarm. */
  get isUp(): boolean {
    return this.publisher !== undefined && !this.isBlocked
  }
  get isConnected(): boolean {
    return this.publisher !== undefined
  }

  /** Called at every connection, in the order of registration, before the broker counts as up. */
  onUp(hook: (connection: ChannelModel) => Promise<void>): void {
    this.hooks.push(hook)
  }
  onChange(listener: () => void): void {
    this.events.on('change', listener)
  }

  /** Begins to connect; returns at once. */
  start(): void {
    this.running ??= this.run()
  }
  async whenUp(signal?: AbortSignal): Promise<void> {
    while (!this.isUp) {
      signal?.throwIfAborted()
      await new Promise<void>(resolve => {
        this.events.once('change', resolve)
        signal?.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  }

  /**
   * Persistent and mandatory unless told otherwise; resolves when RabbitMQ has confirmed.
   * Throws BrokerAway (surely not taken), Unconfirmed (perhaps taken) or Unroutable.
   */
  async publish(exchange: Exchange, key: string, envelope: AnyEnvelope, options?: PublishOptions): Promise<void> {
    return this.publishRaw(exchange, key, Buffer.from(JSON.stringify(envelope)), { messageId: envelope.id, type: envelope.type, ...options })
  }
  async publishRaw(exchange: Exchange, key: string, body: Buffer, options: PublishOptions): Promise<void> {
    const publisher = this.publisher
    if (publisher === undefined || this.isBlocked)
      throw new BrokerAway(this.isBlocked ? 'RabbitMQ has blocked publishing (memory or disk alarm)' : 'RabbitMQ is away')
    return publisher.publish(exchange, key, body, options)
  }
  /** false: what is published lightly now would be dropped, or would pile up in memory */
  get takesLightly(): boolean {
    return this.isUp && this.publisher?.takesLightly === true
  }
  /** Without confirm, not persistent, nobody need listen. Dropped while the broker is away. */
  publishLightly(exchange: Exchange, key: string, envelope: AnyEnvelope): void {
    if (this.isUp) this.publisher?.publishLightly(exchange, key, Buffer.from(JSON.stringify(envelope)), envelope.type)
  }

  /** A channel of its own, e.g. for a lane; undefined while the broker is away. */
  async channel(): Promise<Channel | undefined> {
    return this.connection?.createChannel()
  }
  /** A channel that consumes a queue of this service has failed: if the queue is gone, everything is declared again. */
  consumingFailed(error: unknown): void {
    if (this.connection !== undefined && isMissing(error)) this.missing(this.connection, error)
  }

  async close(): Promise<void> {
    this.closing = true
    await this.publisher?.settled()
    await this.connection?.close().catch(() => undefined)
    this.events.emit('change')
    await this.running
  }

  private async run(): Promise<void> {
    let attempt = 0
    while (!this.closing) {
      try {
        await this.connectOnce(() => {
          attempt = 0
        })
      } catch (error) {
        if (attempt === 0 && !this.closing) this.log.warn({ err: error }, 'RabbitMQ is away')
      }
      if (this.closing) return
      attempt += 1
      await sleep(Math.min(100 * 2 ** attempt, 3000) * (0.5 + Math.random() / 2))
    }
  }

  /** Returns when the connection has ended. */
  private async connectOnce(connected: () => void): Promise<void> {
    const connection = await connect(withHeartbeat(this.url), { timeout: 10_000, noDelay: true, clientProperties: { product: 'universal-messaging' } })
    const ended = new Promise<void>(resolve => {
      connection.on('close', () => resolve())
      connection.on('error', error => this.log.debug({ err: error }, 'RabbitMQ connection error'))
    })
    connection.on('blocked', reason => {
      this.log.warn({ reason }, 'RabbitMQ blocks publishing')
      this.isBlocked = true
      this.events.emit('change')
    })
    connection.on('unblocked', () => {
      this.log.info({}, 'RabbitMQ takes messages again')
      this.isBlocked = false
      this.events.emit('change')
    })
    try {
      await this.declare(connection)
      const publisher = await Publisher.open(connection, error => {
        if (isMissing(error)) this.missing(connection, error)
        else connection.close().catch(() => undefined)
      })
      this.connection = connection
      this.publisher = publisher
      connected()
      for (const hook of this.hooks) await hook(connection)
      this.log.info({}, 'RabbitMQ is connected')
      this.events.emit('change')
      // `close` may have come while this connection was being made, and found none to close
      if (!this.closing) await ended
    } finally {
      await connection.close().catch(() => undefined)
      this.connection = undefined
      this.publisher?.end()
      this.publisher = undefined
      this.isBlocked = false
      if (!this.closing) this.log.warn({}, 'RabbitMQ connection has ended')
      this.events.emit('change')
    }
  }

  /** At every connection: idempotent, and it makes up for queues that somebody deleted or that RabbitMQ lost. */
  private async declare(connection: ChannelModel): Promise<void> {
    const channels = await Promise.all(Array.from({ length: declaringChannels }, () => connection.createChannel()))
    for (const channel of channels) channel.on('error', error => this.log.error({ err: error }, 'topology cannot be declared'))
    await Promise.all(Object.values(exchanges).map((exchange, at) => channels[at % channels.length]?.assertExchange(exchange, 'topic', { durable: true })))
    const left = [...commonQueues, ...this.queues]
    const declareSome = async (channel: Channel) => {
      for (let queue = left.shift(); queue !== undefined; queue = left.shift()) {
        await channel.assertQueue(queue.name, { durable: true, arguments: queue.arguments })
        for (const binding of queue.bindings) await channel.bindQueue(queue.name, queue.exchange, binding)
      }
    }
    await Promise.all(channels.map(declareSome))
    await Promise.all(channels.map(channel => channel.close()))
  }

  /** A queue or an exchange is not there: the next connection, which begins at once, declares everything again. */
  private missing(connection: ChannelModel, what: unknown): void {
    this.log.warn({ err: what }, 'RabbitMQ has lost a queue or an exchange; all are declared again')
    connection.close().catch(() => undefined)
  }
}

/** https://www.rabbitmq.com/docs/channels#error-handling */
function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 404
}

function withHeartbeat(text: string): string {
  const url = new URL(text)
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', '10')
  return url.href
}
