import type { Button, Phone } from '../../protocol.ts'
import { inOrder } from '../controls/in-order.ts'
import { OfferButton } from '../message/offer-button.tsx'

/** Buttons that the business put in place of the phone's keyboard. */
export function PhoneKeyboard({ keyboard, onPress }: { keyboard: Phone['keyboard']; onPress: (button: Button) => void }) {
  if (keyboard === undefined || keyboard.rows.length === 0) return null
  return (
    <section className="phone-keyboard" aria-label="Keyboard that the business offers">
      {inOrder(keyboard.rows).map(({ key, item: row }) => (
        <div className="phone-keyboard-row" key={key}>
          {row.map(button => (
            <OfferButton key={button.id} button={button} onPress={onPress} />
          ))}
        </div>
      ))}
    </section>
  )
}
