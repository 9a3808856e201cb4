import type { Notifier as NotifierDocument } from '../settings/index.ts'
import type { Destination } from './destination.ts'
import { type Notice, type Severity, severities } from './notice.ts'

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least)
}

/**
 * Destinations of a topic. Subscriptions fall back to Default while no destination of theirs is enabled; it is no fail-over: a broken one keeps its notices.
 */
export function destinationsOf(documents: readonly NotifierDocument[], topic: Notice['topic']): NotifierDocument[] {
  const enabled = documents.filter(document => document.enabled)
  const own = enabled.filter(document => document.topic === topic)
  return own.length === 0 && topic === 'Subscriptions' ? enabled.filter(document => document.topic === 'Default') : own
}

/** Where a trouble was told, its end is told too. */
export function isWanted(notice: Notice, destination: Pick<Destination, 'minSeverity' | 'alwaysRendered'>): boolean {
  if (destination.alwaysRendered.includes(notice.event)) return true
  return isAtLeast(notice.event === 'subscription.recovered' ? 'error' : notice.severity, destination.minSeverity)
}
