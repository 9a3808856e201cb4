import './styles/tokens.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/controls.css'
import './styles/overlays.css'
import './styles/form.css'
import './styles/lists.css'
import './styles/pages.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { apiClient } from './api/client.ts'
import { createQueryClient } from './api/queries.ts'
import { App } from './app.tsx'
import { AppProvider } from './app-context.tsx'
import { ErrorBoundary } from './frame/error-boundary.tsx'
import { applyTheme, readTheme } from './frame/theme.ts'
import { LanguageProvider, startI18n } from './i18n/i18n.tsx'
import { createRouter } from './route/router.ts'
import { createSession, endSession, followOtherTabs, keptSession, type SessionState } from './session/session.ts'
import { createStore } from './store.ts'

applyTheme(localStorage, readTheme(localStorage))
const place = document.getElementById('root')
if (place === null) throw new Error('index.html has no #root')

const now = () => Date.now()
const state = createStore<SessionState>(keptSession(localStorage, now()))
const api = apiClient({
  fetch: (input, init) => fetch(input, init),
  token: () => {
    const current = state.get()
    return current.is === 'in' ? current.token : undefined
  },
  ended: token => endSession(state, localStorage, token),
})
const session = createSession({ api, state, keep: localStorage, now })
addEventListener('storage', followOtherTabs(state, localStorage, now))

const queries = createQueryClient()
// what one person has seen is nothing for the next one
state.subscribe(() => {
  if (state.get().is === 'out') queries.clear()
})
const language = await startI18n(localStorage, navigator.languages)
createRoot(place).render(
  <AppProvider app={{ api, session, router: createRouter(window) }}>
    <QueryClientProvider client={queries}>
      <LanguageProvider initial={language} keep={localStorage}>
        <ErrorBoundary>
          <App />
        </ErrorBoundary>
      </LanguageProvider>
    </QueryClientProvider>
  </AppProvider>,
)
