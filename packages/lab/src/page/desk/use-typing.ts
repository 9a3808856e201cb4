import { useMemo, useRef } from 'react'

/** A contact centre tells that its agent types at most this often. */
const everyMs = 5_000

/** Tells that the agent types: with the first key, then every few seconds while keys follow, and anew after each message. */
export function useTyping(tell: () => void): { key: () => void; rest: () => void } {
  const toldAt = useRef(0)
  const latest = useRef(tell)
  latest.current = tell
  return useMemo(
    () => ({
      key() {
        const now = Date.now()
        if (now - toldAt.current < everyMs) return
        toldAt.current = now
        latest.current()
      },
      rest() {
        toldAt.current = 0
      },
    }),
    [],
  )
}
