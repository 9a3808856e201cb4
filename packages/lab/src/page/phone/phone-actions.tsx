import { createContext, type ReactNode, useContext } from 'react'
import type { Button, PhoneEntry } from '../../protocol.ts'
import type { Aim } from './aim.ts'
import type { GuestDoes } from './platform.ts'

/** What can be done with the messages on the phone. */
export interface PhoneDeeds {
  can: (does: GuestDoes) => boolean
  press: (button: Button, entry?: string) => void
  aim: (aim: Aim) => void
  react: (entry: PhoneEntry, emoji: string) => void
  say: (text: string) => void
  start: () => void
}

const Deeds = createContext<PhoneDeeds | undefined>(undefined)

export function PhoneActions({ value, children }: { value: PhoneDeeds; children: ReactNode }) {
  return <Deeds value={value}>{children}</Deeds>
}

export function usePhoneDeeds(): PhoneDeeds {
  const deeds = useContext(Deeds)
  if (deeds === undefined) throw new Error('used outside of a phone')
  return deeds
}
