import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib'
import { BrokerAway, Unconfirmed, Unroutable } from './errors.ts'

export interface PublishOptions {
  messageId?: string
  type?: string
  /** default true; false: nobody need listen */
  mandatory?: boolean
  /** milliseconds after which an unread message is worthless */
  expiration?: number
  headers?: Record<string, string | number>
  /** milliseconds to wait for the confirm; default 30,000 */
  confirmWithin?: number
}

/** More than this many unconfirmed messages mean that RabbitMQ does not keep up: refuse rather than grow. */
const maxUnconfirmed = 5000
const confirmMilliseconds = 30_000

/** Confirmed, mandatory publishing on one connection. */
export class Publisher {
  private readonly channel: ConfirmChannel
  private readonly light: Channel
  private readonly waiting = new Map<number, { reject(error: Error): void; returned: boolean }>()
  private sequence = 0
  private over = false
  private lightIsFull = false

  /** `failed`: a channel has been closed by RabbitMQ, which says why. The publisher is over then. */
  static async open(connection: ChannelModel, failed: (error: unknown) => void): Promise<Publisher> {
    return new Publisher(await connection.createConfirmChannel(), await connection.createChannel(), failed)
  }
  private constructor(channel: ConfirmChannel, light: Channel, failed: (error: unknown) => void) {
    this.channel = channel
    this.light = light
    channel.on('return', message => {
      const entry = this.waiting.get(Number(message.properties.headers?.['x-sequence']))
      if (entry) entry.returned = true
    })
    light.on('drain', () => {
      this.lightIsFull = false
    })
    for (const each of [channel, light]) {
      each.on('error', error => {
        this.end()
        failed(error)
      })
      each.on('close', () => this.end())
    }
  }

  publish(exchange: string, key: string, body: Buffer, options: PublishOptions): Promise<void> {
    if (this.over) return Promise.reject(new BrokerAway('RabbitMQ connection has ended'))
    if (this.waiting.size >= maxUnconfirmed) return Promise.reject(new BrokerAway('RabbitMQ does not confirm fast enough'))
    const sequence = ++this.sequence
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(new Unconfirmed('RabbitMQ did not confirm in time')), options.confirmWithin ?? confirmMilliseconds)
      const entry = { returned: false, reject: (error: Error) => settle(error) }
      const settle = (error?: Error) => {
        clearTimeout(timer)
        this.waiting.delete(sequence)
        if (error) reject(error)
        else if (entry.returned) reject(new Unroutable(`no queue takes ${exchange} ${key}`))
        else resolve()
      }
      this.waiting.set(sequence, entry)
      try {
        this.channel.publish(
          exchange,
          key,
          body,
          {
            persistent: true,
            mandatory: options.mandatory ?? true,
            contentType: 'application/cloudevents+json',
            // seconds, as the protocol has it: how long a queue's head has waited
            timestamp: Math.floor(Date.now() / 1000),
            headers: { 'x-sequence': sequence, ...options.headers },
            ...(options.messageId === undefined ? {} : { messageId: options.messageId }),
            ...(options.type === undefined ? {} : { type: options.type }),
            ...(options.expiration === undefined ? {} : { expiration: options.expiration }),
          },
          error => settle(error ? new Unconfirmed('RabbitMQ refused or lost the message', { cause: error }) : undefined),
        )
      } catch (error) {
        settle(new BrokerAway('RabbitMQ channel is closed', { cause: error }))
      }
    })
  }

  /** false while what was published lightly waits for the socket: more of it would only fill the memory */
  get takesLightly(): boolean {
    return !this.over && !this.lightIsFull
  }
  publishLightly(exchange: string, key: string, body: Buffer, type: string): void {
    if (this.over) return
    try {
      this.lightIsFull = !this.light.publish(exchange, key, body, { persistent: false, type, contentType: 'application/cloudevents+json' })
    } catch {
      // the channel has just closed: best effort
    }
  }

  /** Waits (at most 5 s) until everything published is confirmed. */
  async settled(): Promise<void> {
    const deadline = Date.now() + 5000
    while (this.waiting.size > 0 && Date.now() < deadline) await sleep(20)
  }

  end(): void {
    this.over = true
    for (const entry of [...this.waiting.values()]) entry.reject(new Unconfirmed('RabbitMQ connection broke before the confirm'))
  }
}
