import { type Broker, exchanges } from '../amqp/index.ts'
import type { ReasonCode } from '../contract/index.ts'
import type { AnyEnvelope } from '../model/index.ts'

export interface DeadReason {
  reason: ReasonCode
  why: string
  /** where it would have gone, for a replay */
  exchange: string
  key: string
}

/** Puts a message where people can see, replay or discard it. Throws while the broker is away: the message stays where it is. */
export async function bury(broker: Broker, service: string, envelope: AnyEnvelope, conversation: string, dead: DeadReason): Promise<void> {
  await broker.publish(exchanges.dead, `dead.${service}`, envelope, {
    headers: {
      'x-reason': dead.reason,
      'x-why': encodeURIComponent(dead.why.slice(0, 500)),
      'x-service': service,
      'x-exchange': dead.exchange,
      'x-key': dead.key,
      'x-conversation': conversation,
    },
  })
}
