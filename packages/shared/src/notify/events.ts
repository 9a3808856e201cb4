import type { Notice, NoticeEvent, Severity } from './notice.ts'

interface EventRule {
  topic: Notice['topic']
  severity: Severity
  /** seconds for which repeats are held back after the first notice, after the second ... the last one goes on */
  holdBackSeconds?: readonly number[]
}
const minutes = 60
const hours = 60 * minutes
const days = 24 * hours
const troubleSeconds = [15 * minutes, 1 * hours, 6 * hours] as const

export const eventRules: Readonly<Record<NoticeEvent, EventRule>> = {
  'service.started': { topic: 'Default', severity: 'info' },
  'service.stopping': { topic: 'Default', severity: 'info' },
  /** a crash loop */
  'service.failed': { topic: 'Default', severity: 'critical', holdBackSeconds: [15 * minutes] },
  'subscription.error': { topic: 'Subscriptions', severity: 'error', holdBackSeconds: troubleSeconds },
  'subscription.recovered': { topic: 'Subscriptions', severity: 'info' },
  /** told seven days before the end, and on the last day */
  'subscription.expiring': { topic: 'Subscriptions', severity: 'warning', holdBackSeconds: [6 * days, 1 * days] },
  'commander.error': { topic: 'Subscriptions', severity: 'error', holdBackSeconds: troubleSeconds },
  'message.dead': { topic: 'Default', severity: 'error', holdBackSeconds: troubleSeconds },
  test: { topic: 'Default', severity: 'info' },
}
