import { useMemo } from 'react'
import type { Account, Phone } from '../../protocol.ts'
import { useLab } from '../lab.tsx'
import { phonesOf, shortlist } from '../state/selection.ts'
import { actionsInHand, type GuestDoes } from './platform.ts'

export function usePhone(): Phone | undefined {
  return useLab(state => (state.phone === undefined ? undefined : state.phones[state.phone]))
}

export function useAccount(): Account | undefined {
  return useLab(state => (state.account === undefined ? undefined : state.accounts[state.account]))
}

/** Phones that write to the chosen account, the latest first. */
export function usePhonesInHand(): Phone[] {
  const phones = useLab(state => state.phones)
  const account = useLab(state => state.account)
  const chosen = useLab(state => state.phone)
  return useMemo(() => (account === undefined ? [] : shortlist(phonesOf(phones, account), chosen)), [phones, account, chosen])
}

/** Whether a guest of the chosen platform can do something. */
export function useCan(): (does: GuestDoes) => boolean {
  const actions = useLab(actionsInHand)
  return useMemo(() => does => actions === undefined || actions.includes(does), [actions])
}
