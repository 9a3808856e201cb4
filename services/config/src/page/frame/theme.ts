export type Theme = 'system' | 'light' | 'dark'
const storageKey = 'um.theme'

export function readTheme(keep: Storage): Theme {
  const kept = keep.getItem(storageKey)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}
export function applyTheme(keep: Storage, theme: Theme): void {
  if (theme === 'system') {
    keep.removeItem(storageKey)
    delete document.documentElement.dataset.theme
  } else {
    keep.setItem(storageKey, theme)
    document.documentElement.dataset.theme = theme
  }
}
