import { exactTime, relativeTime, shortTime, useNow } from './clock.ts'

/** '2 min ago', with the exact time on hover. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={exactTime(at)}>
      {relativeTime(at, now)}
    </time>
  )
}

/** '09:41', as messages are stamped, with the exact time on hover. */
export function ShortTime({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exactTime(at)}>
      {shortTime(at)}
    </time>
  )
}
