import i18next from 'i18next'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { I18nProvider } from 'react-aria-components'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { CatalogTexts } from './catalog.ts'
import { en, type TextKey } from './en.ts'
import { createFormat, type Format } from './format.ts'
import { isLanguage, type LanguageId, loaders, preferredLanguage } from './languages.ts'

export type Translate = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string
interface Language {
  id: LanguageId
  choose(id: LanguageId): void
  catalog: CatalogTexts
  format: Format
}
const Context = createContext<Language | undefined>(undefined)
const storageKey = 'um.language'

export async function startI18n(keep: Storage, wanted: readonly string[]): Promise<{ id: LanguageId; catalog: CatalogTexts }> {
  const kept = keep.getItem(storageKey)
  const id = isLanguage(kept) ? kept : preferredLanguage(wanted)
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    keySeparator: false,
    nsSeparator: false,
    // React escapes
    interpolation: { escapeValue: false },
  })
  try {
    return { id, catalog: await load(id) }
  } catch {
    // the part with the language did not come: the page is of use in English too
    return { id: 'en', catalog: {} }
  }
}

async function load(id: LanguageId): Promise<CatalogTexts> {
  const { texts, catalog } = await loaders[id]()
  i18next.addResourceBundle(id, 'translation', texts)
  await i18next.changeLanguage(id)
  document.documentElement.lang = id
  return catalog
}

export function LanguageProvider({ initial, keep, children }: { initial: { id: LanguageId; catalog: CatalogTexts }; keep: Storage; children: ReactNode }) {
  const [{ id, catalog }, setLanguage] = useState(initial)
  const value = useMemo<Language>(
    () => ({
      id,
      catalog,
      format: createFormat(id),
      choose(next) {
        keep.setItem(storageKey, next)
        void load(next).then(loaded => setLanguage({ id: next, catalog: loaded }))
      },
    }),
    [id, catalog, keep],
  )
  return (
    <Context.Provider value={value}>
      <I18nProvider locale={id}>{children}</I18nProvider>
    </Context.Provider>
  )
}

export function useLanguage(): Language {
  const language = useContext(Context)
  if (language === undefined) throw new Error('outside of LanguageProvider')
  return language
}
export function useText(): Translate {
  const { t } = useTranslation()
  return useMemo<Translate>(() => (key, values) => t(key, values ?? {}), [t])
}
export function useFormat(): Format {
  return useLanguage().format
}

/** The time, again every `seconds`: what says "5 minutes ago" stays true. */
export function useNow(seconds: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), seconds * 1000)
    return () => clearInterval(timer)
  }, [seconds])
  return now
}
