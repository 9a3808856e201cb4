import { createStore, type Store, useStore } from '../store.ts'

/** Where the page is: everything that a person would want back after a reload, or would send to a colleague. */
export interface Place {
  path: string
  query: URLSearchParams
}
/** Asked before the place changes; answers whether it may. */
export type Guard = (leave: () => void) => boolean

export interface Router {
  readonly place: Store<Place>
  go(href: string, options?: { replace?: boolean; force?: boolean }): void
  /** Changes the query only: a tab, a search. Empty values go. */
  refine(values: Readonly<Record<string, string | undefined>>): void
  guard(guard: Guard): () => void
}

/** `window` as far as it is needed. */
export interface BrowserHistory {
  location: { pathname: string; search: string }
  history: { pushState(data: unknown, unused: string, url: string): void; replaceState(data: unknown, unused: string, url: string): void }
  addEventListener(type: 'popstate', listener: () => void): void
}

export function createRouter(browser: BrowserHistory): Router {
  const here = (): Place => ({ path: browser.location.pathname, query: new URLSearchParams(browser.location.search) })
  const place = createStore(here())
  let guards: Guard[] = []
  let current = browser.location.pathname + browser.location.search

  function show(): void {
    current = browser.location.pathname + browser.location.search
    place.set(here())
  }
  function allowed(path: string, leave: () => void): boolean {
    if (path === place.get().path) return true
    return guards.every(guard => guard(leave))
  }
  function go(href: string, { replace = false, force = false }: { replace?: boolean; force?: boolean } = {}): void {
    const path = href.split('?')[0] ?? '/'
    if (!force && !allowed(path, () => go(href, { replace, force: true }))) return
    if (replace) browser.history.replaceState(null, '', href)
    else browser.history.pushState(null, '', href)
    show()
  }
  browser.addEventListener('popstate', () => {
    const wanted = browser.location.pathname + browser.location.search
    if (allowed(browser.location.pathname, () => go(wanted, { force: true }))) return show()
    // back to where the unsaved work is; whoever decides to leave goes on from there
    browser.history.pushState(null, '', current)
  })

  return {
    place,
    go,
    refine(values) {
      const { path, query } = place.get()
      const next = new URLSearchParams(query)
      for (const [name, value] of Object.entries(values)) {
        if (value === undefined || value === '') next.delete(name)
        else next.set(name, value)
      }
      const text = next.toString()
      go(text === '' ? path : `${path}?${text}`, { replace: true, force: true })
    },
    guard(guard) {
      guards = [...guards, guard]
      return () => {
        guards = guards.filter(each => each !== guard)
      }
    },
  }
}

/** The parts of a path; undefined when it cannot be read, as `/tenants/%`. */
export function partsOf(path: string): string[] | undefined {
  try {
    return path.split('/').slice(1).map(decodeURIComponent)
  } catch {
    return undefined
  }
}

export function usePlace(router: Router): Place {
  return useStore(router.place)
}
