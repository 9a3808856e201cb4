import { readEnvelope } from '@um/shared/model'
import { type ChannelModel, connect } from 'amqplib'

type Received = { key: string; exchange: string; headers: Record<string, unknown>; body: ReturnType<typeof readEnvelope> }

/** A stranger at the broker, with a queue of its own: hears what is published, and says what services say. */
export interface Listener {
  readonly queue: string
  readonly received: Received[]
  publish(exchange: string, key: string, body: unknown, headers?: Record<string, unknown>): Promise<void>
  /** the same many times */
  flood(exchange: string, key: string, body: Buffer, times: number): Promise<void>
  /** how much waits in another queue */
  depth(queue: string): Promise<{ messageCount: number }>
  close(): Promise<void>
}

export async function listenTo(url: string, bindings: readonly (readonly [exchange: string, key: string])[]): Promise<Listener> {
  const connection: ChannelModel = await connect(url)
  const channel = await connection.createConfirmChannel()
  const { queue } = await channel.assertQueue('', { exclusive: true })
  for (const [exchange, key] of bindings) {
    await channel.assertExchange(exchange, 'topic', { durable: true })
    await channel.bindQueue(queue, exchange, key)
  }
  const received: Received[] = []
  await channel.consume(
    queue,
    message => {
      if (message === null) return
      received.push({
        exchange: message.fields.exchange,
        key: message.fields.routingKey,
        headers: message.properties.headers ?? {},
        body: readEnvelope(message.content),
      })
    },
    { noAck: true },
  )
  return {
    queue,
    received,
    publish: async (exchange, key, body, headers = {}) => {
      channel.publish(exchange, key, Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)), { headers, persistent: true })
      await channel.waitForConfirms()
    },
    flood: async (exchange, key, body, times) => {
      for (let count = 0; count < times; count += 1) channel.publish(exchange, key, body)
      await channel.waitForConfirms()
    },
    depth: queue => channel.checkQueue(queue),
    close: () => connection.close(),
  }
}
