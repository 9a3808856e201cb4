import type { Button, PressAction } from '../../protocol.ts'
import { Icon, type IconName } from '../controls/icon.tsx'
import type { OnPress } from './press.ts'
import { webAddress } from './spans.ts'

const icons: Partial<Record<PressAction, IconName>> = { url: 'external', webApp: 'external', copy: 'copy', contact: 'contact', location: 'location' }

/** A button that a message offers. At the desk (no `onPress`) it is a picture of one. */
export function OfferButton({ button, onPress }: { button: Button; onPress?: OnPress | undefined }) {
  const icon = icons[button.action]
  const inner = (
    <>
      {button.imageUrl !== undefined && <img src={button.imageUrl} alt="" width={20} height={20} />}
      <span>{button.title}</span>
      {icon !== undefined && <Icon name={icon} small />}
    </>
  )
  if (onPress === undefined || button.action === 'none') return <span className="offer-button offer-button-shown">{inner}</span>
  const address = button.action === 'url' || button.action === 'webApp' ? webAddress(button.url) : undefined
  if (address !== undefined) {
    return (
      <a className="offer-button" href={address} target="_blank" rel="noopener noreferrer">
        {inner}
      </a>
    )
  }
  return (
    <button type="button" className="offer-button" onClick={() => onPress(button)}>
      {inner}
    </button>
  )
}
