import { createHash } from 'node:crypto'

/** Names in Redis. Short, because each message has some of its own. */
const prefix = 'journey:'
export const keys = {
  /** all messages, by when they were first heard of */
  all: `${prefix}all`,
  /** those that had not arrived nor failed when last heard of */
  open: `${prefix}open`,
  /** those that had failed */
  failed: `${prefix}failed`,
  tenant: (tenantId: string) => `${prefix}tenant:${tenantId}`,
  guest: (guest: string) => indexKey('g', guest),
  platformId: (platformId: string) => indexKey('p', platformId),
  key: (key: string) => indexKey('k', key),
  journey: (id: string) => `${prefix}m:${id}`,
  /** on which replicas hear that something was told of a message */
  news: `${prefix}news`,
} as const

/** Members of the index by other ids than ours: hashed, so that a long id of a platform costs no more than a short one. */
function indexKey(kind: string, value: string): string {
  return `${prefix}${kind}:${createHash('sha1').update(value).digest('base64url').slice(0, 14)}`
}

/** A UUID in 22 characters instead of 36; anything else as it is. */
export function shortId(message: string): string {
  return uuid.test(message) ? `~${Buffer.from(message.replaceAll('-', ''), 'hex').toString('base64url')}` : message
}
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
