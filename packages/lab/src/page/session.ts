import type { LabEvent } from '../protocol.ts'
import type { Answer, LabApi } from './api.ts'
import type { LabChange, LabState, Snapshot } from './state.ts'
import type { Store } from './store.ts'
import type { Stream, StreamListener } from './stream.ts'

export interface Session {
  close(): void
}

const loadAgainAfterMs = 2_000

/**
 * Keeps the store equal to the Lab: opens the stream, loads what is shown, and applies events on top. While something is being loaded events wait,
 * so that an older answer never overwrites a newer event.
 */
export function startSession(store: Store<LabState, LabChange>, api: LabApi, open: (listener: StreamListener) => Stream): Session {
  let instance: string | undefined
  let loads = 0
  let held: LabEvent[] = []
  let lost = false
  let retry: ReturnType<typeof setTimeout> | undefined
  const timelines = new Set<string>()

  async function holding<T>(load: () => Promise<T>, apply: (value: T) => void): Promise<void> {
    loads += 1
    const value = await load()
    apply(value)
    loads -= 1
    if (loads > 0 || held.length === 0) return
    const events = held
    held = []
    store.dispatch({ type: 'events', events })
  }

  function loadEverything(): Promise<void> {
    clearTimeout(retry)
    return holding(
      () => readSnapshot(api),
      answer => {
        if (!answer.ok) {
          disconnected()
          retry = setTimeout(loadEverything, loadAgainAfterMs)
          return
        }
        store.dispatch({ type: 'loaded', snapshot: answer.value })
        if (!lost) store.dispatch({ type: 'connected' })
      },
    )
  }

  /** Loads the timelines of what is chosen, once. */
  function loadTimelines(): void {
    const { phone, conversation, phoneTimelines, deskTimelines, connection } = store.get()
    if (connection.status === 'connecting' || connection.status === 'unreachable') return
    if (phone !== undefined && phoneTimelines[phone]?.loaded !== true) {
      loadOnce(
        `phone ${phone}`,
        () => api.phone(phone),
        timeline => store.dispatch({ type: 'phoneLoaded', timeline }),
      )
    }
    if (conversation !== undefined && deskTimelines[conversation]?.loaded !== true) {
      loadOnce(
        `desk ${conversation}`,
        () => api.conversation(conversation),
        timeline => store.dispatch({ type: 'deskLoaded', timeline }),
      )
    }
  }

  function loadOnce<T>(key: string, load: () => Promise<Answer<T>>, apply: (value: T) => void): void {
    if (timelines.has(key)) return
    timelines.add(key)
    void holding(load, answer => {
      if (answer.ok) {
        timelines.delete(key)
        apply(answer.value)
      } else setTimeout(() => timelines.delete(key), loadAgainAfterMs)
    })
  }

  function disconnected(): void {
    store.dispatch({ type: 'disconnected', at: new Date().toISOString() })
  }

  const stream = open({
    events(events) {
      const again = events.some(event => event.type === 'reset' || (event.type === 'hello' && event.instance !== instance))
      for (const event of events) if (event.type === 'hello') instance = event.instance
      if (loads > 0 || again) held.push(...events)
      else store.dispatch({ type: 'events', events })
      // Events come again: either all of them followed on the old connection's last one, or a `reset` says that they did not.
      if (lost && !again) store.dispatch({ type: 'connected' })
      lost = false
      if (again) void loadEverything()
    },
    lost() {
      lost = true
      disconnected()
    },
  })
  const unsubscribe = store.subscribe(loadTimelines)

  return {
    close() {
      unsubscribe()
      stream.close()
      clearTimeout(retry)
    },
  }
}

async function readSnapshot(api: LabApi): Promise<Answer<Snapshot>> {
  const [info, accounts, phones, desks, conversations, journeys, exchanges, faults, catalog] = await Promise.all([
    api.info(),
    api.accounts(),
    api.phones(),
    api.desks(),
    api.conversations(),
    api.journeys(),
    api.exchanges(),
    api.faults(),
    api.catalog(),
  ])
  if (!info.ok) return info
  if (!accounts.ok) return accounts
  if (!phones.ok) return phones
  if (!desks.ok) return desks
  if (!conversations.ok) return conversations
  if (!journeys.ok) return journeys
  if (!exchanges.ok) return exchanges
  if (!faults.ok) return faults
  if (!catalog.ok) return catalog
  return {
    ok: true,
    value: {
      info: info.value,
      accounts: accounts.value.items,
      phones: phones.value.items,
      desks: desks.value.items,
      conversations: conversations.value.items,
      journeys: journeys.value.items,
      exchanges: exchanges.value.items,
      faults: faults.value.items,
      catalog: catalog.value.items,
    },
  }
}
