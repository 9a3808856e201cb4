import type { InboundEvent } from '../contract/index.ts'

/** Only messages have a journey; that somebody types is none. */
export function hasJourney(event: InboundEvent): event is Extract<InboundEvent, { type: 'message' }> {
  return event.type === 'message' && event.content.kind !== 'typing'
}

/** How the service of a connector is called. */
export function serviceOf(connector: string): string {
  return connector === 'api' ? connector : `${connector}-connector`
}

/** Why a message waits that nobody refused. */
export const plumbingAway = 'RabbitMQ or Redis did not answer'
