import { useState } from 'react'
import { Icon } from '../controls/icon.tsx'
import { Menu } from '../controls/menu.tsx'
import { useLanguage, useText } from '../i18n/i18n.tsx'
import { isLanguage, languages } from '../i18n/languages.ts'
import { applyTheme, readTheme, type Theme } from './theme.ts'

const themes = ['system', 'light', 'dark'] as const
const themeIcons = { system: 'system', light: 'sun', dark: 'moon' } as const

export function BottomBar() {
  const t = useText()
  const { id, choose } = useLanguage()
  const name = languages.find(language => language.id === id)?.name ?? id
  const [theme, setTheme] = useState<Theme>(() => readTheme(localStorage))
  return (
    <footer className="bottom-bar">
      <span className="soft">{location.host}</span>
      <div className="bottom-bar-end">
        <Menu
          label={`${t('theme.menu')}: ${t(`theme.${theme}`)}`}
          className="bottom-button"
          placement="top end"
          chosen={theme}
          entries={themes.map(each => ({ id: each, label: t(`theme.${each}`) }))}
          onChoose={chosen => {
            const next = themes.find(each => each === chosen) ?? 'system'
            applyTheme(localStorage, next)
            setTheme(next)
          }}
        >
          <Icon name={themeIcons[theme]} small />
          {t(`theme.${theme}`)}
        </Menu>
        <Menu
          label={`${t('language.menu')}: ${name}`}
          className="bottom-button"
          placement="top end"
          chosen={id}
          entries={languages.map(language => ({ id: language.id, label: language.name, lang: language.id }))}
          onChoose={chosen => {
            if (isLanguage(chosen)) choose(chosen)
          }}
        >
          <Icon name="language" small />
          {name}
        </Menu>
      </div>
    </footer>
  )
}
