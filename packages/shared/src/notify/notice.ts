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
  /** a short code of the cause: repeats with the same one are held back */
  reason?: string
}
export interface Notifier {
  /** Never throws, never delays: delivery goes on in the background. */
  notify(facts: NoticeFacts): void
  /** `service.stopping`, within the drain's budget of 4 s */
  close(): Promise<void>
}
