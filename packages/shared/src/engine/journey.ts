import { type Broker, exchanges } from '../amqp/index.ts'
import { type DataOf, derivedId, envelope } from '../model/index.ts'

export type Hop = Pick<DataOf<'um.journey.v1'>, 'tenantId' | 'guest' | 'message' | 'hop' | 'direction' | 'kind' | 'platformId' | 'detail'>

/** Tells where a message is. Best effort: it costs the message nothing and is lost while the broker is away. */
export class Journal {
  private readonly broker: Broker
  private readonly service: string
  private readonly replica: string
  private count = 0
  constructor(options: { broker: Broker; service: string; replica: string }) {
    this.broker = options.broker
    this.service = options.service
    this.replica = options.replica
  }
  tell(hop: Hop): void {
    const now = new Date()
    this.count += 1
    this.broker.publishLightly(
      exchanges.journal,
      `${hop.tenantId}.${this.service}`,
      envelope(
        'um.journey.v1',
        {
          id: derivedId('journey', this.replica, String(this.count), now.toISOString()),
          source: `/${this.service}`,
          subject: `${hop.tenantId}/${hop.guest}`,
          time: now,
        },
        { ...hop, service: this.service, replica: this.replica, at: now.toISOString() },
      ),
    )
  }
}
