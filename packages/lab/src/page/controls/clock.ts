import { useSyncExternalStore } from 'react'

let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** One clock for all that count seconds, so that they tick together. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

/** Whether a moment that the Lab told ('typing until then') is still to come. */
export function useIsBefore(at: string | undefined): boolean {
  return useSyncExternalStore(subscribe, () => at !== undefined && Date.parse(at) > Date.now())
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' })
const steps: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

export function relativeTime(at: string, from: number): string {
  const seconds = Math.round((Date.parse(at) - from) / 1_000)
  if (Math.abs(seconds) < 10) return 'just now'
  for (const [unit, length] of steps) if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit)
  return relative.format(Math.trunc(seconds / 10) * 10, 'second')
}

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const short = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

export function exactTime(at: string): string {
  return exact.format(Date.parse(at))
}
export function shortTime(at: string): string {
  return short.format(Date.parse(at))
}
