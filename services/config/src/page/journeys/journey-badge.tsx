import type { JourneyState } from '../api/types.ts'
import { Badge } from '../controls/badge.tsx'
import { useText } from '../i18n/i18n.tsx'

const tones = { underway: 'busy', done: 'good', stuck: 'warn', failed: 'bad' } as const

export function JourneyBadge({ state }: { state: JourneyState }) {
  const t = useText()
  return <Badge tone={tones[state]}>{t(`journey.${state}`)}</Badge>
}
