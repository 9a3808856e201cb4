import { memo } from 'react'
import type { Conversation, DeskEntry } from '../../protocol.ts'
import { useIsBefore } from '../controls/clock.ts'
import { Icon } from '../controls/icon.tsx'
import { useLab } from '../lab.tsx'
import { Bubble, EventLine } from '../message/bubble.tsx'
import { describeBody } from '../message/describe.ts'
import { Scroller } from '../message/scroller.tsx'
import { ReceiptView } from './receipt-view.tsx'

const noEntries: DeskEntry[] = []

export function DeskTimeline({ conversation }: { conversation: Conversation }) {
  const entries = useLab(state => state.deskTimelines[conversation.id]?.entries ?? noEntries)
  const truncated = useLab(state => state.deskTimelines[conversation.id]?.truncated ?? false)
  const typing = useIsBefore(conversation.typingUntil)
  return (
    <Scroller label="Messages at the desk" items={entries.at(-1)?.id} own={entries.at(-1)?.from === 'agent'} subject={conversation.id}>
      {truncated && <p className="event-line">Older messages have been forgotten.</p>}
      {entries.map(entry => (
        <DeskMessage key={entry.id} entry={entry} guestName={conversation.guest.name} />
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

const DeskMessage = memo(function DeskMessage({ entry, guestName }: { entry: DeskEntry; guestName: string }) {
  if (entry.from === 'system' || entry.body.kind === 'event') return <EventLine text={describeBody(entry.body)} at={entry.at} />
  const own = entry.from !== 'customer'
  return (
    <div className={own ? 'desk-message desk-message-own' : 'desk-message'}>
      <Bubble
        body={entry.body}
        at={entry.at}
        own={own}
        writer={own ? (entry.authorName ?? 'Agent') : guestName}
        ghost={entry.state === 'lost'}
        above={entry.from === 'bot' && <p className="bubble-writer">{entry.authorName ?? 'Bot'}</p>}
        below={own ? <ReceiptView entry={entry} /> : <Repeats entry={entry} />}
      />
    </div>
  )
})

/** The same message that came more often: kept from the agent, but not from the one who looks into the Lab. */
function Repeats({ entry }: { entry: DeskEntry }) {
  const { repeats = 0 } = entry
  if (repeats === 0) return null
  return (
    <p className="trouble-line trouble-idle">
      <Icon name="copy" small />
      <span>Came {repeats + 1} times, shown once</span>
    </p>
  )
}
