import { useState } from 'react'
import { useApp, useRoute, useSession } from '../app-context.tsx'
import { Icon, type IconName } from '../controls/icon.tsx'
import { Link } from '../controls/link.tsx'
import { Menu } from '../controls/menu.tsx'
import type { TextKey } from '../i18n/en.ts'
import { useText } from '../i18n/i18n.tsx'
import { PasswordDialog } from '../session/password-dialog.tsx'
import { Brand } from './brand.tsx'

const pages = [
  ['/tenants', 'nav.tenants', 'tenants'],
  ['/storages', 'nav.storages', 'storage'],
  ['/settings', 'nav.settings', 'settings'],
  ['/status', 'nav.status', 'status'],
  ['/journeys', 'nav.journeys', 'journey'],
] as const satisfies readonly (readonly [string, TextKey, IconName])[]

export function TopBar() {
  const t = useText()
  const { path } = useRoute()
  return (
    <header className="top-bar">
      <Link to="/tenants" className="brand">
        <Brand />
        <span>Universal Messaging</span>
      </Link>
      <nav className="nav" aria-label={t('nav.label')}>
        {pages.map(([to, key, icon]) => (
          <Link key={to} to={to} className="nav-link" aria-current={path === to || path.startsWith(`${to}/`) ? 'page' : undefined}>
            <Icon name={icon} small />
            {t(key)}
          </Link>
        ))}
      </nav>
      <UserMenu />
    </header>
  )
}

function UserMenu() {
  const t = useText()
  const { session } = useApp()
  const state = useSession()
  const [isChanging, setChanging] = useState(false)
  if (state.is === 'out') return null
  return (
    <>
      <Menu
        label={t('user.menu', { user: state.user })}
        className="user-button"
        entries={[
          { id: 'password', label: t('user.changePassword'), icon: 'key' },
          { id: 'logout', label: t('user.logOut'), icon: 'back' },
        ]}
        onChoose={id => (id === 'password' ? setChanging(true) : void session.logOut())}
      >
        <Icon name="user" small />
        <span className="user-name">{state.user}</span>
        <Icon name="down" small />
      </Menu>
      {isChanging && <PasswordDialog user={state.user} onClose={() => setChanging(false)} />}
    </>
  )
}
