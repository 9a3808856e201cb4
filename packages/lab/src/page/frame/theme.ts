export type Theme = 'system' | 'light' | 'dark'

const key = 'lab.theme'

export function readTheme(): Theme {
  const stored = localStorage.getItem(key)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

/** Style sheets read `data-theme`; without one they follow the system. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(key)
    delete document.documentElement.dataset.theme
    return
  }
  localStorage.setItem(key, theme)
  document.documentElement.dataset.theme = theme
}
