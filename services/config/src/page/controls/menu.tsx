import type { ReactNode } from 'react'
import { Menu as AriaMenu, Button, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Icon, type IconName } from './icon.tsx'

export interface MenuEntry {
  id: string
  label: string
  icon?: IconName
  danger?: boolean
  /** of the language it is written in, when that is not the page's */
  lang?: string
}
interface MenuProps {
  label: string
  /** what the button shows; its accessible name is `label` */
  children: ReactNode
  className?: string
  entries: readonly MenuEntry[]
  onChoose(id: string): void
  /** one of the entries counts as chosen */
  chosen?: string
  placement?: 'bottom end' | 'top end' | 'bottom start'
}

export function Menu({ label, children, className = 'button button-plain', entries, onChoose, chosen, placement = 'bottom end' }: MenuProps) {
  return (
    <MenuTrigger>
      <Button className={className} aria-label={label}>
        {children}
      </Button>
      <Popover className="popover" placement={placement}>
        <AriaMenu
          className="menu"
          aria-label={label}
          onAction={key => onChoose(String(key))}
          {...(chosen === undefined ? {} : { selectionMode: 'single' as const, selectedKeys: [chosen] })}
        >
          {entries.map(entry => (
            <MenuItem key={entry.id} id={entry.id} textValue={entry.label} className={entry.danger ? 'menu-item menu-item-danger' : 'menu-item'}>
              {chosen !== undefined && <span className="menu-mark">{chosen === entry.id && <Icon name="check" small />}</span>}
              {entry.icon && <Icon name={entry.icon} small />}
              <span lang={entry.lang}>{entry.label}</span>
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
