import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'
import type { Commands } from './commands.ts'
import type { LabChange, LabState } from './state.ts'
import type { Store } from './store.ts'

export interface Lab {
  store: Store<LabState, LabChange>
  commands: Commands
}

const LabContext = createContext<Lab | undefined>(undefined)

export function LabProvider({ lab, children }: { lab: Lab; children: ReactNode }) {
  return <LabContext value={lab}>{children}</LabContext>
}

function useLabContext(): Lab {
  const lab = useContext(LabContext)
  if (lab === undefined) throw new Error('used outside of LabProvider')
  return lab
}

/** `select` must answer the same reference for the same state: pick parts, combine them with useMemo. */
export function useLab<T>(select: (state: LabState) => T): T {
  const { store } = useLabContext()
  return useSyncExternalStore(store.subscribe, () => select(store.get()))
}

export function useCommands(): Commands {
  return useLabContext().commands
}

export function useDispatch(): (change: LabChange) => void {
  return useLabContext().store.dispatch
}

/** For what must read the state at the moment of an event rather than while drawing. */
export function useStore(): Store<LabState, LabChange> {
  return useLabContext().store
}
