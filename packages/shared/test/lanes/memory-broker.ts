import { EventEmitter } from 'node:events'
import type { Channel, ConsumeMessage } from 'amqplib'
import type { Broker } from '../../src/amqp/index.ts'

interface Queue {
  readonly waiting: ConsumeMessage[]
  readonly unacknowledged: ConsumeMessage[]
  take?: (message: ConsumeMessage) => void
}

/** RabbitMQ as a lane sees it: a queue has one consumer, and what its channel has not acknowledged when it is closed is delivered again. */
export class MemoryBroker {
  private readonly queues = new Map<string, Queue>()
  readonly broker = { onUp: () => undefined, channel: async () => this.channel(), consumingFailed: () => undefined } as unknown as Broker

  publish(name: string, conversation: string, text: string): void {
    const properties = { headers: { 'x-conversation': conversation } }
    this.queue(name).waiting.push({ content: Buffer.from(text), properties } as unknown as ConsumeMessage)
    deliver(this.queue(name))
  }
  /** messages that nobody has acknowledged */
  left(name: string): string[] {
    const { unacknowledged, waiting } = this.queue(name)
    return [...unacknowledged, ...waiting].map(({ content }) => content.toString())
  }

  private channel(): Channel {
    const mine: Queue[] = []
    const channel = Object.assign(new EventEmitter(), {
      prefetch: async () => undefined,
      consume: async (name: string, take: (message: ConsumeMessage) => void) => {
        const queue = this.queue(name)
        mine.push(queue)
        queue.take = take
        deliver(queue)
      },
      ack: (message: ConsumeMessage) => {
        for (const { unacknowledged } of mine) if (unacknowledged.includes(message)) unacknowledged.splice(unacknowledged.indexOf(message), 1)
      },
      close: async () => {
        for (const queue of mine.splice(0)) {
          delete queue.take
          queue.waiting.unshift(...queue.unacknowledged.splice(0))
        }
        channel.emit('close')
      },
    })
    return channel as unknown as Channel
  }
  private queue(name: string): Queue {
    const known = this.queues.get(name)
    if (known !== undefined) return known
    const queue: Queue = { waiting: [], unacknowledged: [] }
    this.queues.set(name, queue)
    return queue
  }
}

function deliver(queue: Queue): void {
  if (queue.take === undefined) return
  for (let message = queue.waiting.shift(); message !== undefined; message = queue.waiting.shift()) {
    queue.unacknowledged.push(message)
    queue.take(message)
  }
}
