import { Broker, exchanges, messageKey } from '@um/shared/amqp'
import { createLogger } from '@um/shared/log'
import { conversationKey, derivedId, envelope, laneOf } from '@um/shared/model'
import type { World } from './world.ts'

/** An agent's message that its connector has given up, as the connector would have put it aside. */
export async function buryMessage({ fleet }: World, message: { tenantId: string; guest: string; platform: string; text: string; why: string }): Promise<void> {
  const { tenantId, guest, platform, text, why } = message
  const broker = new Broker({ url: fleet.broker.url, queues: [], log: createLogger({ name: 'test', level: 'FATAL', flushMilliseconds: 0 }) })
  const id = derivedId('test', tenantId, guest, text)
  const at = new Date()
  const service = `${platform}-connector`
  broker.start()
  await broker.whenUp()
  try {
    await broker.publish(
      exchanges.dead,
      `dead.${service}`,
      envelope(
        'um.message.v1',
        { id, source: '/gcloudcx', subject: conversationKey(tenantId, guest), time: at },
        {
          tenantId,
          guest,
          from: 'gcloudcx',
          to: platform,
          content: { kind: 'text', text },
          author: 'agent',
          origin: { service: 'gcloudcx', id },
          at: at.toISOString(),
        },
      ),
      {
        headers: {
          'x-reason': 'unavailable',
          'x-why': encodeURIComponent(why),
          'x-service': service,
          'x-exchange': exchanges.messages,
          'x-key': messageKey('outbound', platform, laneOf(tenantId, guest)),
          'x-conversation': conversationKey(tenantId, guest),
        },
      },
    )
  } finally {
    await broker.close()
  }
}
