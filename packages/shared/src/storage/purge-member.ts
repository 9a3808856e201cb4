import { z } from 'zod'
import type { Conversation } from './keys.ts'

/** One purge: what a conversation's end leaves to remove in one storage. `objectId`: only this one, which was stored after the end. */
export interface Purge extends Conversation {
  storageId: string
  /** milliseconds; objects whose messages are not later belong to the conversation that ended */
  endedAt: number
  objectId?: string
}
const Member = z.tuple([z.string(), z.string(), z.string(), z.number()], z.string())

/** The same purge is always the same text, so that a repeated event changes nothing. */
export function purgeMember({ storageId, tenantId, guest, endedAt, objectId }: Purge): string {
  return JSON.stringify([storageId, tenantId, guest, endedAt, ...(objectId === undefined ? [] : [objectId])])
}
export function readPurge(member: string): Purge {
  const [storageId, tenantId, guest, endedAt, objectId] = Member.parse(JSON.parse(member))
  return { storageId, tenantId, guest, endedAt, ...(objectId === undefined ? {} : { objectId }) }
}
