import { useSyncExternalStore } from 'react'

/** State outside of components, that they may follow. */
export interface Store<S> {
  get(): S
  set(next: S): void
  subscribe(listener: () => void): () => void
}
export function createStore<S>(initial: S): Store<S> {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    set(next) {
      if (Object.is(next, state)) return
      state = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
export function useStore<S>(store: Store<S>): S {
  return useSyncExternalStore(store.subscribe, store.get)
}
