import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, ConsumeMessage } from 'amqplib'
import type { Broker, QueueSpec } from '../amqp/index.ts'
import type { Logger } from '../log/index.ts'
import { laneName } from '../model/ids.ts'
import type { LaneWorker } from './ownership.ts'
import type { ConversationRunner } from './runner.ts'

/** Unacknowledged messages per queue of a lane: bounds this process's memory; the rest waits in RabbitMQ. */
const prefetch = 20

/** A queue without a leader never answers, and a channel closes only behind its pending requests: its connection's end will close it. */
const closeMilliseconds = 2000

interface LaneQueue {
  queue(lane: number): QueueSpec
  runner: ConversationRunner
}
interface OpenLane {
  channel?: Channel
  leaving: boolean
  /** resolves when what is parked there is known, or the lane is to be left */
  opening: Promise<void>
}

/** Consumes the lanes that this replica owns, each on a channel of its own, and comes back after every broken channel or connection. */
export class LaneConsumer implements LaneWorker {
  private readonly broker: Broker
  private readonly queues: readonly LaneQueue[]
  private readonly log: Logger
  private readonly lanes = new Map<number, OpenLane>()

  constructor(options: { broker: Broker; queues: readonly LaneQueue[]; log: Logger }) {
    this.broker = options.broker
    this.queues = options.queues
    this.log = options.log
    this.broker.onUp(async () => {
      for (const lane of this.lanes.keys()) void this.consume(lane)
    })
  }

  async start(lane: number): Promise<void> {
    const open: OpenLane = { leaving: false, opening: Promise.resolve() }
    this.lanes.set(lane, open)
    this.log.debug({ lane: laneName(lane) }, 'lane taken')
    open.opening = this.open(lane, open)
    void open.opening.then(() => this.consume(lane))
  }

  async stop(lane: number): Promise<void> {
    const open = this.lanes.get(lane)
    if (open) open.leaving = true
    // a runner that opens after this has closed it would resume what is parked there side by side with the lane's next owner
    await open?.opening
    await Promise.all(this.queues.map(({ runner }) => runner.close(lane)))
    this.lanes.delete(lane)
    if (open?.channel !== undefined) await Promise.race([open.channel.close().catch(() => undefined), sleep(closeMilliseconds, undefined, { ref: false })])
    this.log.debug({ lane: laneName(lane) }, 'lane released')
  }

  /** A lane's parked conversations must be known before its first message: retried until Redis answers. */
  private async open(lane: number, open: OpenLane): Promise<void> {
    while (!open.leaving) {
      try {
        for (const { runner } of this.queues) if (!runner.isOpen(lane)) await runner.open(lane)
        return
      } catch {
        await sleep(500, undefined, { ref: false })
      }
    }
  }

  private async consume(lane: number): Promise<void> {
    const open = this.lanes.get(lane)
    if (open === undefined || open.leaving || open.channel !== undefined) return
    if (!this.queues.every(({ runner }) => runner.isOpen(lane))) return
    const channel = await this.broker.channel().catch(() => undefined)
    if (channel === undefined) return
    if (open.leaving || open.channel !== undefined) return void channel.close().catch(() => undefined)
    open.channel = channel
    const gone = () => {
      if (open.channel !== channel) return
      delete open.channel
      for (const { runner } of this.queues) runner.forgetQueued(lane)
      if (!open.leaving) setTimeout(() => void this.consume(lane), 500).unref()
    }
    channel.on('error', error => {
      this.log.warn({ err: error, lane: laneName(lane) }, 'lane channel failed')
      this.broker.consumingFailed(error)
    })
    channel.on('close', gone)
    try {
      await channel.prefetch(prefetch)
      for (const { queue, runner } of this.queues) {
        await channel.consume(queue(lane).name, message => {
          if (message === null) return void channel.close().catch(() => undefined)
          this.take(lane, channel, message, runner)
        })
      }
    } catch (error) {
      this.log.warn({ err: error, lane: laneName(lane) }, 'lane cannot be consumed yet')
      await channel.close().catch(() => undefined)
      gone()
    }
  }

  private take(lane: number, channel: Channel, message: ConsumeMessage, runner: ConversationRunner): void {
    const conversation = message.properties.headers?.['x-conversation']
    runner.accept({
      lane,
      conversation: typeof conversation === 'string' ? conversation : `?/${lane}`,
      body: message.content,
      publishedAt: Number(message.properties.timestamp ?? Date.now() / 1000) * 1000,
      ack: () => {
        try {
          channel.ack(message)
        } catch {
          // the channel is gone; the broker delivers again and the id is recognised
        }
      },
    })
  }
}
