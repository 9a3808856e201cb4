import { createContext, type ReactNode, useContext } from 'react'
import type { ApiClient } from './api/client.ts'
import { type Place, type Router, usePlace } from './route/router.ts'
import type { Session, SessionState } from './session/session.ts'
import { useStore } from './store.ts'

export interface App {
  api: ApiClient
  session: Session
  router: Router
}
const Context = createContext<App | undefined>(undefined)

export function AppProvider({ app, children }: { app: App; children: ReactNode }) {
  return <Context.Provider value={app}>{children}</Context.Provider>
}
export function useApp(): App {
  const app = useContext(Context)
  if (app === undefined) throw new Error('outside of AppProvider')
  return app
}
export function useApi(): ApiClient {
  return useApp().api
}
export function useSession(): SessionState {
  return useStore(useApp().session.state)
}
export function useRoute(): Place & Pick<Router, 'go' | 'refine'> {
  const { router } = useApp()
  return { ...usePlace(router), go: router.go, refine: router.refine }
}
