import { useState } from 'react'
import { IconButton } from '../controls/button.tsx'
import type { IconName } from '../controls/icon.tsx'
import { applyTheme, readTheme, type Theme } from './theme.ts'

const themes: Record<Theme, { next: Theme; icon: IconName; label: string }> = {
  system: { next: 'light', icon: 'system', label: 'Colours follow the system. Switch to light' },
  light: { next: 'dark', icon: 'sun', label: 'Light colours. Switch to dark' },
  dark: { next: 'system', icon: 'moon', label: 'Dark colours. Follow the system' },
}

export function ThemeToggle() {
  const [theme, setTheme] = useState(readTheme)
  const { next, icon, label } = themes[theme]
  return (
    <IconButton
      icon={icon}
      label={label}
      onClick={() => {
        applyTheme(next)
        setTheme(next)
      }}
    />
  )
}
