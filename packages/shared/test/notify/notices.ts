import { buildNotice, type Speaker } from '../../src/notify/build-notice.ts'
import { openDestination } from '../../src/notify/destinations.ts'
import type { Notice, NoticeFacts } from '../../src/notify/notice.ts'
import type { Notifier as NotifierDocument } from '../../src/settings/index.ts'

export const speaker: Speaker = {
  deployment: 'acme-prod',
  service: 'line-connector',
  label: 'LINE Connector',
  pod: 'acme-line-connector-6c9f-abcde',
  version: '1.0.14',
  publicUrl: 'https://messaging.acme.com',
}
export const tenant = { id: '259bb4e2-f7e5-4b06-9a51-c528f412404b', name: 'ACME LINE' }
export const started: NoticeFacts = { event: 'service.started', message: 'LINE Connector 1.0.14 has started' }
export const refused: NoticeFacts = {
  event: 'subscription.error',
  message: 'Tenant "ACME LINE" (LINE): channel access token refused',
  tenant,
  reason: 'token-refused',
}
export const recovered: NoticeFacts = { ...refused, event: 'subscription.recovered', message: 'Tenant "ACME LINE" (LINE): working again' }

export function noticeOf(facts: NoticeFacts, by: Partial<Speaker> = {}): Notice {
  return buildNotice(facts, { ...speaker, ...by }, { id: '8d0c39c2-6d0f-4a3e-9f55-0e0e7f5c6a01', at: new Date('2026-02-03T04:05:06.000Z') })
}

/** The one request that a destination makes of a notice. */
export function render(type: NotifierDocument['type'], settings: Record<string, unknown>, notice: Notice) {
  return openDestination({ id: '0b5a1c1e-3c64-4f0e-8d3c-1f2b6f0f9a11', type, settings }, { allowAnyHost: false }).render(notice)
}
