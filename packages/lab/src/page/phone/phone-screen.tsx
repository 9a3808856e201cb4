import { useCallback, useMemo, useState } from 'react'
import type { Button } from '../../protocol.ts'
import type { Answer, Trouble } from '../api.ts'
import { TroubleNotice } from '../controls/notice.tsx'
import { useDropFiles } from '../controls/use-drop-files.ts'
import { useCommands } from '../lab.tsx'
import type { Aim } from './aim.ts'
import { BlockedBanner } from './blocked-banner.tsx'
import { PhoneActions, type PhoneDeeds } from './phone-actions.tsx'
import { PhoneBar } from './phone-bar.tsx'
import { PhoneComposer } from './phone-composer.tsx'
import { PhoneKeyboard } from './phone-keyboard.tsx'
import { PhoneTimeline } from './phone-timeline.tsx'
import type { SheetName } from './sheet.ts'
import { type Staged, stage } from './staging.ts'
import { useCan, usePhone } from './use-phone.ts'

/** The phone itself. What is being written belongs to it: another guest's phone begins empty. */
export function PhoneScreen() {
  const phone = usePhone()
  const commands = useCommands()
  const can = useCan()
  const [trouble, setTrouble] = useState<Trouble>()
  const [aim, setAim] = useState<Aim>()
  const [sheet, setSheet] = useState<SheetName>()
  const [staged, setStaged] = useState<Staged>()

  const tell = useCallback(<T,>(answer: Answer<T>): boolean => {
    setTrouble(answer.ok ? undefined : answer.trouble)
    return answer.ok
  }, [])
  const press = useCallback(
    (button: Button, entry?: string) => {
      // A keyboard's button shares what it asks for by itself; one in a message lets the guest choose.
      if (entry !== undefined && (button.action === 'contact' || button.action === 'location')) return setSheet(button.action)
      if (button.action === 'copy') return void navigator.clipboard?.writeText(button.copies ?? button.title)
      void commands.guest({ do: 'press', button: button.id, ...(entry === undefined ? {} : { entry }) }).then(tell)
    },
    [commands, tell],
  )
  const deeds = useMemo<PhoneDeeds>(
    () => ({
      can,
      press,
      aim: setAim,
      react: (entry, emoji) => {
        const on = entry.reactions?.some(known => known.by === 'guest' && known.emoji === emoji) !== true
        void commands.guest({ do: 'react', entry: entry.id, emoji, on }).then(tell)
      },
      say: text => void commands.guest({ do: 'text', text }).then(tell),
      start: () => void commands.guest({ do: 'start' }).then(tell),
    }),
    [can, press, commands, tell],
  )
  const drop = useDropFiles(files => setStaged(stage(files, can)))

  return (
    <PhoneActions value={deeds}>
      <section className={drop.over ? 'phone phone-dropping' : 'phone'} aria-label="Phone" {...drop.handlers}>
        <PhoneBar onTrouble={setTrouble} />
        <PhoneTimeline />
        {trouble !== undefined && <TroubleNotice trouble={trouble} onDismiss={() => setTrouble(undefined)} />}
        {phone?.blocked === true ? (
          <BlockedBanner onUnblock={() => void commands.guest({ do: 'unblock' }).then(tell)} />
        ) : (
          <>
            <PhoneComposer aim={aim} onAim={setAim} sheet={sheet} onSheet={setSheet} staged={staged} onStage={setStaged} onAnswer={tell} />
            <PhoneKeyboard keyboard={phone?.keyboard} onPress={press} />
          </>
        )}
        {drop.over && (
          <div className="drop-hint" aria-hidden="true">
            Drop to send it from the phone
          </div>
        )}
      </section>
    </PhoneActions>
  )
}
