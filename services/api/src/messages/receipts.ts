import { type Broker, exchanges, type QueueSpec } from '@um/shared/amqp'
import type { Journal } from '@um/shared/journal'
import type { Logger } from '@um/shared/log'
import { type AnyEnvelope, readEnvelope } from '@um/shared/model'
import { type Consumption, consumeQueue, Unreadable } from '../consume.ts'
import { tellReceipt } from '../journeys/tell.ts'
import type { MessageStates } from './states.ts'

/** Receipts of messages that came from the api: their `origin` names it, so that they are routed like those of a CX platform. */
export const receiptQueue: QueueSpec = {
  name: 'api:receipt',
  exchange: exchanges.messages,
  bindings: ['inbound.api.#'],
  arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000 },
}

export function consumeReceipts(options: { broker: Broker; states: MessageStates; journal: Pick<Journal, 'tell'>; log: Logger }): Consumption {
  return consumeQueue({
    broker: options.broker,
    queue: receiptQueue.name,
    prefetch: 50,
    log: options.log,
    async handle(message) {
      const received = read(message.content)
      if (received.type !== 'um.receipt.v1') return
      await options.states.record(received.data)
      tellReceipt(options.journal, received.data)
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
