import { createHash } from 'node:crypto'
import { conversationKey } from '../model/ids.ts'

/** Whom an object belongs to: the conversation is the tenant's guest. */
export interface Conversation {
  tenantId: string
  guest: string
}

/** All keys of the storage plumbing in the provider's Redis. */
export const keys = {
  /** hash: what is known of an object */
  object: (id: string) => `object:${id}`,
  /** string: `claim:<owner>` while the object is being stored, `object:<id>` after */
  source: ({ tenantId, guest }: Conversation, sourceId: string) =>
    `source:${createHash('sha256')
      .update(JSON.stringify([tenantId, guest, sourceId]))
      .digest('hex')}`,
  /** sorted set of object ids by the time of their messages */
  conversation: (storageId: string, { tenantId, guest }: Conversation) => `conversation:${storageId}:${conversationKey(tenantId, guest)}`,
  /** string: when the conversation ended last */
  ended: ({ tenantId, guest }: Conversation) => `ended:${conversationKey(tenantId, guest)}`,
  /** sorted set of purges by the time from which the purge delay counts */
  purge: (storageId: string) => `purge:${storageId}`,
  /** sorted set of purges that failed, by the time of their next attempt */
  purgeRetry: (storageId: string) => `purge-retry:${storageId}`,
  /** hash: failed purge to how often it failed */
  purgeFailures: (storageId: string) => `purge-failures:${storageId}`,
  /** sorted set of object ids that are being stored, by the time from which they count as given up */
  storing: 'storing',
  /** sorted set of object ids by the time they were stored */
  stored: (storageId: string) => `stored:${storageId}`,
  /** set of storage ids that hold objects */
  storages: 'storages',
  /** hash: storage id to when its configuration was first missed */
  missingStorages: 'storages-missing',
  lock: (...parts: string[]) => `lock:${parts.join(':')}`,
} as const
