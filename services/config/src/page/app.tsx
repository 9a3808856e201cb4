import { type ReactNode, useEffect } from 'react'
import { useRoute, useSession } from './app-context.tsx'
import { BottomBar } from './frame/bottom-bar.tsx'
import { ErrorBoundary } from './frame/error-boundary.tsx'
import { NotFoundPage } from './frame/not-found-page.tsx'
import { StaleBanner } from './frame/stale-banner.tsx'
import { TopBar } from './frame/top-bar.tsx'
import { useText } from './i18n/i18n.tsx'
import { JourneyPage } from './journeys/journey-page.tsx'
import { JourneysPage } from './journeys/journeys-page.tsx'
import { partsOf } from './route/router.ts'
import { LoginPage } from './session/login-page.tsx'
import { SessionWatch } from './session/session-watch.tsx'
import { SettingsPage } from './settings/settings-page.tsx'
import { StatusPage } from './status/status-page.tsx'
import { StoragePage } from './storages/storage-page.tsx'
import { StoragesPage } from './storages/storages-page.tsx'
import { TenantPage } from './tenants/tenant-page.tsx'
import { TenantsPage } from './tenants/tenants-page.tsx'

export function App() {
  const t = useText()
  const state = useSession()
  const { path, go } = useRoute()
  const isRoot = path === '/'
  useEffect(() => {
    if (isRoot) go('/tenants', { replace: true })
  }, [isRoot, go])
  useSlash()
  if (state.is === 'out') return <LoginPage />
  return (
    <div className="app">
      <a className="skip-link" href="#main">
        {t('nav.skip')}
      </a>
      <TopBar />
      <StaleBanner />
      <SessionWatch />
      <ErrorBoundary key={path}>{pageAt(path)}</ErrorBoundary>
      <BottomBar />
    </div>
  )
}

function pageAt(path: string): ReactNode {
  const parts = partsOf(path)
  if (parts === undefined || parts.length > 2) return <NotFoundPage />
  const [section, id] = parts
  switch (section) {
    case '':
      return null
    case 'tenants':
      return id === undefined ? <TenantsPage /> : <TenantPage key={id} id={id} />
    case 'storages':
      return id === undefined ? <StoragesPage /> : <StoragePage key={id} id={id} />
    case 'settings':
      return id === undefined ? <SettingsPage /> : <NotFoundPage />
    case 'status':
      return id === undefined ? <StatusPage /> : <NotFoundPage />
    case 'journeys':
      return id === undefined ? <JourneysPage /> : <JourneyPage key={id} message={id} />
    default:
      return <NotFoundPage />
  }
}

/** "/" leads to the search of the page, unless somebody is writing. */
function useSlash(): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { target } = event
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]')) return
      const search = document.querySelector<HTMLInputElement>('input[type="search"]')
      if (search === null) return
      event.preventDefault()
      search.focus()
      search.select()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}
