import { type Broker, connectorQueues, deadQueue, stateQueue, storageQueue } from '@um/shared/amqp'
import { receiptQueue } from '../messages/receipts.ts'

export interface QueueDepth {
  /** messages that wait, over all queues of the service; null: the broker does not know them */
  waiting: number | null
  consumers: number | null
}

/** Asked at most this often, however many people look. */
const cacheMilliseconds = 5000

/** How much waits for a service, asked of RabbitMQ. Undefined while the broker is away. */
export function queueDepths(broker: Broker, now: () => number): (service: string) => Promise<QueueDepth | undefined> {
  const known = new Map<string, { at: number; depth: Promise<QueueDepth | undefined> }>()
  return service => {
    const recent = known.get(service)
    if (recent !== undefined && now() - recent.at < cacheMilliseconds) return recent.depth
    const depth = ask(broker, queuesOf(service))
    known.set(service, { at: now(), depth })
    return depth
  }
}

export function queuesOf(service: string): string[] {
  if (service === 'api') return [deadQueue.name, stateQueue.name, receiptQueue.name]
  const connector = /^(.+)-connector$/.exec(service)?.[1]
  if (connector !== undefined) return connectorQueues(connector).map(({ name }) => name)
  const provider = /^(.+)-provider$/.exec(service)?.[1]
  return provider === undefined ? [] : [storageQueue(provider).name]
}

async function ask(broker: Broker, queues: readonly string[]): Promise<QueueDepth | undefined> {
  const channel = await broker.channel().catch(() => undefined)
  if (channel === undefined) return undefined
  // a queue that does not exist closes the channel, which also emits an error
  channel.on('error', () => undefined)
  try {
    const counts = await Promise.all(queues.map(queue => channel.checkQueue(queue)))
    await channel.close()
    return { waiting: sum(counts.map(({ messageCount }) => messageCount)), consumers: sum(counts.map(({ consumerCount }) => consumerCount)) }
  } catch {
    return { waiting: null, consumers: null }
  }
}
function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
