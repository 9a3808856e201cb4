import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import type { Logger } from '../log/index.ts'
import type { Broker } from './broker.ts'

/** Thrown by a handler when a message can never be handled: it is logged and forgotten. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

export interface Consumption {
  /** takes no more, finishes what is in hand */
  stop(): Promise<void>
}
const retryMilliseconds = 1000

/**
 * Consumes a queue for as long as the process lives, over broken channels and connections. A message is acknowledged when its handler has resolved; when the
 * handler fails (Redis is away), the message goes back to the queue after a pause, for this or another replica.
 */
export function consumeQueue(options: {
  broker: Broker
  queue: string
  prefetch: number
  log: Logger
  handle(message: ConsumeMessage, channel: Channel): Promise<void>
}): Consumption {
  const { broker, queue, log } = options
  const inHand = new Set<Promise<void>>()
  let stopping = false
  let current: { channel: Channel; tag: string } | undefined

  const take = async (message: ConsumeMessage, channel: Channel): Promise<void> => {
    try {
      await options.handle(message, channel)
      channel.ack(message)
    } catch (error) {
      if (error instanceof Unreadable) {
        log.error({ err: error, queue }, 'a message cannot be read and is dropped')
        return channel.ack(message)
      }
      log.warn({ err: error, queue }, 'a message could not be handled yet')
      await sleep(stopping ? 0 : retryMilliseconds)
      channel.nack(message)
    }
  }
  const open = async (connection: ChannelModel): Promise<void> => {
    if (stopping) return
    const channel = await connection.createChannel()
    let broken = false
    channel.on('error', error => log.warn({ err: error, queue }, 'channel failed'))
    channel.on('close', () => {
      broken = true
      if (current?.channel === channel) current = undefined
    })
    await channel.prefetch(options.prefetch)
    const { consumerTag } = await channel.consume(queue, message => {
      if (message === null) {
        // the queue was deleted, or its leader is gone: a new channel declares interest again
        reopen(connection, channel)
        return
      }
      const work = take(message, channel)
        .catch(error => {
          if (!broken) log.debug({ err: error, queue }, 'a message could not be acknowledged; it comes again')
        })
        .finally(() => inHand.delete(work))
      inHand.add(work)
    })
    current = { channel, tag: consumerTag }
  }
  const reopen = (connection: ChannelModel, channel: Channel): void => {
    channel.close().catch(() => undefined)
    setTimeout(() => {
      open(connection).catch(error => {
        log.warn({ err: error, queue }, 'queue cannot be consumed')
        // the next connection declares it, and consumes again
        connection.close().catch(() => undefined)
      })
    }, retryMilliseconds).unref()
  }
  broker.onUp(open)
  return {
    async stop() {
      stopping = true
      await current?.channel.cancel(current.tag).catch(() => undefined)
      await Promise.all(inHand)
    },
  }
}
