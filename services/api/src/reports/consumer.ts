import type { Broker } from '@um/shared/amqp'
import { stateQueue } from '@um/shared/amqp'
import type { Logger } from '@um/shared/log'
import { type AnyEnvelope, readEnvelope } from '@um/shared/model'
import type { Redis } from '@um/shared/redis'
import type { Channel } from 'amqplib'
import { configEnvelope } from '../config/changes.ts'
import type { Distribution } from '../config/distribution.ts'
import { snapshotPages } from '../config/sync.ts'
import { type Consumption, consumeQueue, Unreadable } from '../consume.ts'
import type { FlowReports } from './flow.ts'
import type { NotifierReports } from './notifiers.ts'
import type { Presences } from './presence.ts'
import type { States } from './states.ts'

/** What the fleet tells the api: who is there, how tenants and storages fare, and who wants the whole configuration. */
export function consumeReports(options: {
  broker: Broker
  redis: Redis
  states: States
  presences: Presences
  flows: FlowReports
  notifierReports: NotifierReports
  distribution: Distribution
  log: Logger
}): Consumption {
  const { redis, states, presences, flows, notifierReports, distribution, log } = options

  const answerSync = async (service: string, replyTo: string, channel: Channel): Promise<void> => {
    await distribution.exclusively(async () => {
      for await (const page of snapshotPages(redis)) {
        const message = configEnvelope(page, new Date())
        // not confirmed: page and acknowledgement travel on one channel in this order, and whoever lost its queue has asked again
        channel.sendToQueue(replyTo, Buffer.from(JSON.stringify(message)), {
          type: message.type,
          messageId: message.id,
          contentType: 'application/cloudevents+json',
        })
      }
    })
    log.debug({ service }, 'configuration sent')
  }

  return consumeQueue({
    broker: options.broker,
    queue: stateQueue.name,
    prefetch: 20,
    log,
    async handle(message, channel) {
      const received = read(message.content)
      if (received.type === 'um.state.v1') return states.record(received.data)
      if (received.type === 'um.presence.v1') return presences.record(received.data)
      if (received.type === 'um.notifier.v1') return notifierReports.record(received.data)
      if (received.type === 'um.flow.v1') return flows.record(received.data)
      if (received.type === 'um.config.v1' && received.data.op === 'sync') return answerSync(received.data.service, received.data.replyTo, channel)
      throw new Unreadable(`${received.type} is not for this queue`)
    },
  })
}

function read(body: Buffer): AnyEnvelope {
  try {
    return readEnvelope(body)
  } catch (error) {
    throw new Unreadable('not one of our envelopes', { cause: error })
  }
}
