import type { CatalogTexts } from './catalog.ts'
import { en, type Texts } from './en.ts'

export const languages = [
  { id: 'en', name: 'English' },
  { id: 'ja', name: '日本語' },
  { id: 'ko', name: '한국어' },
  { id: 'zh-Hans', name: '简体中文' },
  { id: 'vi', name: 'Tiếng Việt' },
  { id: 'fr', name: 'Français' },
] as const
export type LanguageId = (typeof languages)[number]['id']

export interface Words {
  texts: Texts
  /** labels, help and hints of the catalog's fields; English ones come with the schemas */
  catalog: CatalogTexts
}

/** All but English come when they are chosen. */
export const loaders: Record<LanguageId, () => Promise<Words>> = {
  en: async () => ({ texts: en, catalog: (await import('./catalog/en.ts')).en }),
  ja: async () => ({ texts: (await import('./ja.ts')).ja, catalog: (await import('./catalog/ja.ts')).ja }),
  ko: async () => ({ texts: (await import('./ko.ts')).ko, catalog: (await import('./catalog/ko.ts')).ko }),
  'zh-Hans': async () => ({ texts: (await import('./zh-hans.ts')).zhHans, catalog: (await import('./catalog/zh-hans.ts')).zhHans }),
  vi: async () => ({ texts: (await import('./vi.ts')).vi, catalog: (await import('./catalog/vi.ts')).vi }),
  fr: async () => ({ texts: (await import('./fr.ts')).fr, catalog: (await import('./catalog/fr.ts')).fr }),
}

export function isLanguage(text: string | null): text is LanguageId {
  return languages.some(({ id }) => id === text)
}

/** The best of ours for what the browser's user reads, in that order. */
export function preferredLanguage(wanted: readonly string[]): LanguageId {
  for (const tag of wanted) {
    const lower = tag.toLowerCase()
    // readers of traditional characters are better served by the next language that they name
    if (/^zh\b/.test(lower)) {
      if (!/hant|-tw|-hk|-mo/.test(lower)) return 'zh-Hans'
      continue
    }
    const found = languages.find(({ id }) => id === lower.split('-')[0])
    if (found !== undefined) return found.id
  }
  return 'en'
}
