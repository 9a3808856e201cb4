import { z } from 'zod'
import { type FieldOptions, field } from '../contract/index.ts'
import { severities } from './notice.ts'

/** Fields that destinations have in common. */
export function webhookUrlField(help: string) {
  return z.string().trim().max(2000).refine(isHttpUrl, 'must be an https URL').meta({ title: 'Webhook URL', description: help, secret: true })
}
export const minSeverityField = field.choice('From Severity', severities, 'info', {
  help: 'Less severe notices are not sent there. The end of a trouble is sent where the trouble was.',
  advanced: true,
} satisfies FieldOptions)

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['https:', 'http:'].includes(new URL(text).protocol)
}

/** Nobody but this machine's own side-cars and tests is there. */
export function isLoopback(text: string): boolean {
  const { hostname } = new URL(text)
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** True for https, the default port and no credentials, at one of the vendor's hosts and paths. */
export function leadsTo(text: string, host: RegExp, path: RegExp): boolean {
  const url = new URL(text)
  return url.protocol === 'https:' && url.username === '' && url.password === '' && host.test(url.host) && path.test(url.pathname)
}

/** The URL itself, and every part of its path that is long enough to be a token. */
export function urlSecrets(text: string): string[] {
  return [text, ...new URL(text).pathname.split('/').filter(part => part.length > 10)]
}

/** What is left of an address that is not the vendor's. */
export function maskedOrigin(text: string): string {
  return `${new URL(text).origin}/***`
}
