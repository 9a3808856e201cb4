import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children' | 'className' | 'type'>

/** `primary`: the one thing to do next. `danger`: ends something. `quiet`: everything else. */
export function Button({
  look = 'quiet',
  icon,
  children,
  ...rest
}: Native & { look?: 'primary' | 'quiet' | 'danger' | 'plain'; icon?: IconName; children: ReactNode }) {
  return (
    <button type="button" className={`button button-${look}`} {...rest}>
      {icon !== undefined && <Icon name={icon} small />}
      <span>{children}</span>
    </button>
  )
}

/** A button of which only the icon shows; `label` is what a screen reader says and what hovering shows. */
export function IconButton({ icon, label, look = 'plain', ...rest }: Native & { icon: IconName; label: string; look?: 'plain' | 'primary' | 'quiet' }) {
  return (
    <button type="button" className={`icon-button icon-button-${look}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  )
}
