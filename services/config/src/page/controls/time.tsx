import { useFormat, useNow } from '../i18n/i18n.tsx'

/** How long ago, with the exact time on hover. */
export function Ago({ at }: { at: string }) {
  const format = useFormat()
  const now = useNow(20)
  return (
    <time dateTime={at} title={format.dateTime(at)}>
      {format.relative(at, now)}
    </time>
  )
}
