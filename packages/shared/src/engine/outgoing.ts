import type { Outgoing, Profile, Recipient } from '../contract/index.ts'
import { type DataOf, readProfile } from '../model/index.ts'
import type { Guest } from './guests.ts'
import type { KnownTenant } from './tenants.ts'

/** How a renderer sees the guest. */
export function outgoing(
  known: KnownTenant,
  facts: {
    id: string
    at: Date
    guestId: string
    guest: Guest
    profile?: unknown
    originId?: string
    author?: DataOf<'um.message.v1'>['author']
    agentName?: string
  },
): Outgoing<unknown> {
  const to: Recipient = { guest: facts.guest.movedTo ?? facts.guestId, address: facts.guest.address }
  const profile: Profile = facts.profile === undefined ? facts.guest.profile : readProfile(facts.profile)
  return {
    id: facts.id,
    at: facts.at,
    to,
    tenant: known.view,
    profile,
    author: facts.author ?? 'system',
    ...(facts.originId === undefined ? {} : { originId: facts.originId }),
    ...(facts.agentName === undefined ? {} : { agentName: facts.agentName }),
  }
}
