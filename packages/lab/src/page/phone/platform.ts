import type { GuestAction, PhoneEntry } from '../../protocol.ts'
import type { LabState } from '../state.ts'

export type GuestDoes = GuestAction['do']

/** Connector id of the business that the phone writes to. */
export function platformInHand(state: LabState): string | undefined {
  return state.account === undefined ? undefined : state.accounts[state.account]?.platform
}

/** What a guest of the platform in hand can do; everything while it is not known. */
export function actionsInHand(state: LabState): readonly GuestDoes[] | undefined {
  const platform = platformInHand(state)
  return state.info?.platforms.find(known => known.id === platform)?.actions
}

export function platformLabel(state: LabState, platform: string): string {
  return state.info?.platforms.find(known => known.id === platform)?.label ?? platform
}

/** Entries are many and change often; this one keeps its identity while there are none. */
export const noEntries: PhoneEntry[] = []
