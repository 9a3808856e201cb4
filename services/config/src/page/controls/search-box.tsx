import { useRef } from 'react'
import { useText } from '../i18n/i18n.tsx'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

/** The page's search: "/" leads to it, Escape empties it. */
export function SearchBox({ label, value, onChange }: { label: string; value: string; onChange(value: string): void }) {
  const t = useText()
  const box = useRef<HTMLInputElement>(null)
  return (
    <div className="search">
      <Icon name="search" small />
      <input
        ref={box}
        type="search"
        className="input"
        aria-label={label}
        placeholder={`${label}  ( / )`}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={event => onChange(event.target.value)}
        onKeyDown={event => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          onChange('')
        }}
      />
      {value !== '' && (
        <IconButton
          icon="cross"
          label={t('common.clear')}
          onClick={() => {
            onChange('')
            box.current?.focus()
          }}
        />
      )}
    </div>
  )
}
