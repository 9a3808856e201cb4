import { createHash } from 'node:crypto'

/** RFC 9562 UUID v5 (SHA-1) of a name in this product's name space: the same event has the same id everywhere, always. */
const nameSpace = Buffer.from('6f2b7c1e90d84f0ea4b3d1f7c25e8a94', 'hex')

export function derivedId(...parts: string[]): string {
  const hash = createHash('sha1').update(nameSpace)
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`)
  const bytes = hash.digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A conversation is a tenant's guest: what order is kept for, and what a storage purges together. */
export function conversationKey(tenantId: string, guest: string): string {
  return `${tenantId}/${guest}`
}

export const laneCount = 16

/** Lane of a conversation: two digits, the same in every service. */
export function laneOf(tenantId: string, guest: string): string {
  const digest = createHash('sha1').update(conversationKey(tenantId, guest)).digest()
  return laneName((digest[0] ?? 0) % laneCount)
}
export function laneName(lane: number): string {
  return lane.toString().padStart(2, '0')
}
