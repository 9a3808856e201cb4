/** One hop of one message through the fleet, as the services tell on `gum.journal` (data of `um.journey.v1`). */
export interface JourneyHop {
  /** grows by one per hop seen by this Lab */
  seq: number
  tenantId: string
  guest: string
  /** the fleet's id of the message */
  message: string
  service: string
  replica: string
  /** 'received', 'spooled', 'published', 'consumed', 'duplicate', 'enriched', 'rendered', 'waiting', 'parked', 'sent', 'receipt', 'retry', 'failed', 'dead' */
  hop: string
  direction: 'toAgent' | 'toGuest'
  kind?: string
  /** the platform's id of the message; equals one of `refs` of the phone's or desk's entry */
  platformId?: string
  detail?: Record<string, string | number | boolean>
  at: string
}

/** All hops of one message, in the order of their time. */
export interface Journey {
  message: string
  tenantId: string
  guest: string
  direction: 'toAgent' | 'toGuest'
  kind?: string
  firstAt: string
  lastAt: string
  /** done: sent and no failure; stuck: waiting, parked or retry is the last hop; failed: failed or dead */
  state: 'underway' | 'done' | 'stuck' | 'failed'
  hops: JourneyHop[]
}
