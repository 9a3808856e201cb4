import type { ApiClient } from '../api/client.ts'
import type { Me } from '../api/types.ts'
import type { Store } from '../store.ts'

export interface Credentials {
  token: string
  user: string
  expiresAt: string
}
/** ended: the token is void while somebody was at work; the page stays, and asks for the password. */
export type SessionState = { is: 'out' } | ({ is: 'in' } & Credentials) | { is: 'ended'; user: string }

export interface Session {
  readonly state: Store<SessionState>
  /** Throws what the API says. */
  logIn(user: string, password: string): Promise<void>
  logOut(): Promise<void>
  /** a longer session with a fresh token */
  extend(): Promise<void>
  changePassword(current: string, next: string): Promise<void>
}

const storageKey = 'um.session'

/** `keep`: where the session survives a reload; other tabs of the browser share it. */
export function createSession(options: { api: ApiClient; state: Store<SessionState>; keep: Storage; now: () => number }): Session {
  const { api, state, keep, now } = options

  async function take(token: string): Promise<void> {
    // asked with the new token before anybody hears of it
    const { data } = await api.call<Me>('GET', '/auth/me')
    const credentials: Credentials = { token, user: data.user, expiresAt: data.tokenExpiresAt }
    keep.setItem(storageKey, JSON.stringify(credentials))
    state.set({ is: 'in', ...credentials })
  }
  async function begin(user: string, answer: Promise<{ data: { token: string } }>): Promise<void> {
    const { token } = (await answer).data
    const before = state.get()
    // the client reads the token from the state; the end is not known yet
    state.set({ is: 'in', token, user, expiresAt: before.is === 'in' ? before.expiresAt : new Date(now() + 60_000).toISOString() })
    try {
      await take(token)
    } catch (error) {
      state.set(before)
      throw error
    }
  }
  return {
    state,
    logIn: (user, password) => begin(user, api.call<{ token: string }>('POST', '/auth/login', { body: { user, password }, anonymous: true })),
    async logOut() {
      await api.call('POST', '/auth/logout').catch(() => undefined)
      keep.removeItem(storageKey)
      state.set({ is: 'out' })
    },
    async extend() {
      const before = state.get()
      if (before.is === 'in') await begin(before.user, api.call<{ token: string }>('POST', '/auth/refresh'))
    },
    async changePassword(current, next) {
      const before = state.get()
      if (before.is === 'in') await begin(before.user, api.call<{ token: string }>('PUT', '/auth/password', { body: { current, new: next } }))
    },
  }
}

/** The session that was kept, unless it is over. */
export function keptSession(keep: Storage, now: number): SessionState {
  try {
    const kept = JSON.parse(keep.getItem(storageKey) ?? 'null') as Partial<Credentials> | null
    if (typeof kept?.token !== 'string' || typeof kept.user !== 'string' || typeof kept.expiresAt !== 'string') return { is: 'out' }
    return Date.parse(kept.expiresAt) > now ? { is: 'in', token: kept.token, user: kept.user, expiresAt: kept.expiresAt } : { is: 'out' }
  } catch {
    return { is: 'out' }
  }
}

/** The API refuses `token`. One that has been replaced meanwhile says nothing about the session. */
export function endSession(state: Store<SessionState>, keep: Storage, token: string): void {
  const before = state.get()
  if (before.is !== 'in' || before.token !== token) return
  keep.removeItem(storageKey)
  state.set({ is: 'ended', user: before.user })
}

/** What another tab did: logged in, out, or got a fresh token. */
export function followOtherTabs(state: Store<SessionState>, keep: Storage, now: () => number): (event: StorageEvent) => void {
  return event => {
    if (event.key !== storageKey) return
    const kept = keptSession(keep, now())
    const before = state.get()
    if (kept.is === 'in') state.set(kept)
    else if (before.is === 'in') state.set({ is: 'ended', user: before.user })
  }
}
