import { memo, useMemo } from 'react'
import type { PhoneEntry } from '../../protocol.ts'
import { useIsBefore } from '../controls/clock.ts'
import { useLab } from '../lab.tsx'
import { EventLine } from '../message/bubble.tsx'
import { describeBody } from '../message/describe.ts'
import { Scroller } from '../message/scroller.tsx'
import { EmptyPhone } from './empty-phone.tsx'
import { PhoneMessage } from './phone-message.tsx'
import { noEntries } from './platform.ts'
import { usePhone } from './use-phone.ts'

export function PhoneTimeline() {
  const phone = usePhone()
  const entries = useLab(state => (state.phone === undefined ? noEntries : (state.phoneTimelines[state.phone]?.entries ?? noEntries)))
  const loaded = useLab(state => state.phone === undefined || state.phoneTimelines[state.phone]?.loaded === true)
  const truncated = useLab(state => (state.phone === undefined ? false : (state.phoneTimelines[state.phone]?.truncated ?? false)))
  const typing = useIsBefore(phone?.typingUntil)
  const byId = useMemo(() => new Map(entries.map(entry => [entry.id, entry])), [entries])
  if (entries.length === 0) return loaded ? <EmptyPhone /> : <div className="scroller" />
  return (
    <Scroller label="Messages on the phone" items={entries.at(-1)?.id} own={entries.at(-1)?.from === 'guest'} subject={phone?.id ?? ''}>
      {truncated && <p className="event-line">Older messages have been forgotten.</p>}
      {entries.map(entry => (
        <Row key={entry.id} entry={entry} answered={entry.replyTo === undefined ? undefined : byId.get(entry.replyTo)} />
      ))}
      {typing && (
        <div className="typing-dots" aria-hidden="true">
          <span />
          <span />
          <span />
        </div>
      )}
    </Scroller>
  )
}

const Row = memo(function Row({ entry, answered }: { entry: PhoneEntry; answered: PhoneEntry | undefined }) {
  if (entry.from === 'system' || entry.body.kind === 'event') return <EventLine text={describeBody(entry.body)} at={entry.at} />
  return <PhoneMessage entry={entry} answered={answered} />
})
