import { type Broker, exchanges } from '@um/shared/amqp'
import { derivedId, type EnvelopeOf, envelope } from '@um/shared/model'

/** Tells the journal that a message of an IVR is on its way. Best effort: it is lost while the broker is away. */
export function tellPublished(broker: Broker, replica: string, message: EnvelopeOf<'um.message.v1'>): void {
  const { tenantId, guest, content } = message.data
  const now = new Date()
  broker.publishLightly(
    exchanges.journal,
    `${tenantId}.api`,
    envelope(
      'um.journey.v1',
      { id: derivedId('journey', replica, message.id), source: '/api', subject: message.subject, time: now },
      { tenantId, guest, message: message.id, service: 'api', replica, hop: 'published', direction: 'toGuest', kind: content.kind, at: now.toISOString() },
    ),
  )
}
