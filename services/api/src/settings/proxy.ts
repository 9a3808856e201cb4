import { type FleetSettings, maskedValue } from '@um/shared/settings'
import { isPlain } from '../documents/checked.ts'

/** The proxy's address as people see it. */
export function withoutPassword(address: string): string {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  if (url.password === '') return address
  url.password = maskedValue
  return url.href
}

/** The settings that were sent, with the proxy's stored password where the address is the stored one with its password masked. */
export function keptProxyPassword(sent: unknown, stored: FleetSettings): unknown {
  const before = stored.outboundProxy
  if (!isPlain(sent) || before === null || typeof sent.outboundProxy !== 'string') return sent
  return sent.outboundProxy === withoutPassword(before) ? { ...sent, outboundProxy: before } : sent
}
