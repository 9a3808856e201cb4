import type { Notice } from './notice.ts'

/** What chat destinations show below the message. */
export interface ShownFact {
  title: string
  value: string
}
export function shownFacts(notice: Notice): ShownFact[] {
  const { service } = headline(notice)
  return [
    { title: 'Deployment', value: notice.deployment },
    ...(service === undefined ? [{ title: 'Service', value: notice.label }] : []),
    { title: 'Pod', value: notice.pod },
    ...(notice.tenant === null ? [] : [{ title: 'Tenant', value: notice.tenant.name }]),
    ...(notice.reason === null ? [] : [{ title: 'Code', value: notice.reason }]),
    ...(notice.heldBack === 0 ? [] : [{ title: 'Held back', value: String(notice.heldBack) }]),
  ]
}

/** The service's name at the beginning of a message is shown in bold. */
export function headline({ message, label }: Notice): { service?: string; rest: string } {
  return message.startsWith(`${label} `) ? { service: label, rest: message.slice(label.length) } : { rest: message }
}
