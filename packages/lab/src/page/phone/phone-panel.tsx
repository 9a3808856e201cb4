import { useState } from 'react'
import { useLab } from '../lab.tsx'
import { GuestChooser } from './guest-chooser.tsx'
import { NewGuestDialog } from './new-guest-dialog.tsx'
import { PhoneScreen } from './phone-screen.tsx'

/** The left column: who writes to whom, and the phone they write on. */
export function PhonePanel() {
  const [making, setMaking] = useState(false)
  const hand = useLab(state => state.hand)
  return (
    <div className="phone-panel">
      <GuestChooser onNew={() => setMaking(true)} />
      <PhoneScreen key={hand} />
      {making && <NewGuestDialog onClose={() => setMaking(false)} />}
    </div>
  )
}
