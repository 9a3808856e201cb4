import { useEffect, useRef, useState } from 'react'
import type { ApiClient } from '../api/client.ts'
import type { Journey } from '../api/types.ts'
import { useApi, useSession } from '../app-context.tsx'
import { createEventReader } from './sse.ts'

export type LiveState = 'off' | 'connecting' | 'live' | 'lost'

/** The page hears within this that the server is still there (it says so every 15 s). */
const silenceMilliseconds = 40_000

interface Listener {
  onJourney(journey: Journey): void
  /** events may have been missed: ask for what there is */
  onReady(): void
}

/** Follows journeys as they go, and connects again for as long as it is wanted and somebody is logged in. */
export function useLiveJourneys(query: string | undefined, listener: Listener): LiveState {
  const api = useApi()
  const isLoggedIn = useSession().is === 'in'
  const [state, setState] = useState<LiveState>('off')
  const newest = useRef(listener)
  useEffect(() => {
    newest.current = listener
  }, [listener])
  useEffect(() => {
    if (query === undefined) return setState('off')
    if (!isLoggedIn) return setState('lost')
    const ending = new AbortController()
    const listening: Listener = { onJourney: journey => newest.current.onJourney(journey), onReady: () => newest.current.onReady() }
    void follow(api, query, listening, setState, ending.signal)
    return () => ending.abort()
  }, [api, query, isLoggedIn])
  return state
}

async function follow(api: ApiClient, query: string, listener: Listener, tell: (state: LiveState) => void, signal: AbortSignal): Promise<void> {
  tell('connecting')
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      await readStream(
        api,
        query,
        signal,
        name => {
          if (name !== 'ready') return
          attempt = 0
          tell('live')
          listener.onReady()
        },
        listener.onJourney,
      )
    } catch {
      // whatever it was, it is tried again; the end of the session ends the following from outside
    }
    if (signal.aborted) return
    tell('lost')
    await pause(Math.min(1000 * 2 ** attempt, 15_000), signal)
  }
}

async function readStream(
  api: ApiClient,
  query: string,
  signal: AbortSignal,
  onEvent: (name: string) => void,
  onJourney: (journey: Journey) => void,
): Promise<void> {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), silenceMilliseconds)
  try {
    const response = await api.open(`/journeys/live${query}`, AbortSignal.any([signal, silence.signal]))
    const read = createEventReader(({ name, data }) => {
      if (name === 'journey') onJourney(JSON.parse(data) as Journey)
      else onEvent(name)
    })
    const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const chunk = await chunks?.read()
      if (chunk === undefined || chunk.done) return
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), silenceMilliseconds)
      read(chunk.value)
    }
  } finally {
    clearTimeout(timer)
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
