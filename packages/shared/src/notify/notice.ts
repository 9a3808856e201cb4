/** What is announced to notifier destinations. Texts hold no secret, no guest's words and no phone number. */
export type NoticeEvent =
  | 'service.started'
  | 'service.stopping'
  | 'service.failed'
  | 'subscription.error'
  | 'subscription.recovered'
  | 'subscription.expiring'
  | 'commander.error'
  | 'message.dead'
  | 'test'

export interface NoticeFacts {
  event: NoticeEvent
  message: string
  tenant?: { id: string; name: string }
  /** a short code of the cause: repeats with the same one are held back, and the recovery of the same one ends it */
  reason?: string
}
export interface Notifier {
  /** Never throws, never delays: delivery goes on in the background. */
  notify(facts: NoticeFacts): void
  /** `service.stopping`, within the drain's budget of 4 s. Nothing is taken afterwards. Never throws. */
  close(): Promise<void>
}

export const severities = ['info', 'warning', 'error', 'critical'] as const
export type Severity = (typeof severities)[number]

/** A notice as destinations render it. */
export interface Notice {
  id: string
  topic: 'Default' | 'Subscriptions'
  event: NoticeEvent
  severity: Severity
  deployment: string
  /** 'line-connector' */
  service: string
  /** 'LINE Connector' */
  label: string
  pod: string
  version: string
  message: string
  tenant: { id: string; name: string } | null
  reason: string | null
  occurredAt: Date
  /** the same for an error, its repeats and its recovery; null: nothing like it comes again */
  dedupKey: string | null
  /** earlier repeats that were not sent */
  heldBack: number
  /** where people find the deployment; null when it has no public address */
  url: string | null
}
