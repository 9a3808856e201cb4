import { useMemo } from 'react'
import { Empty } from '../controls/empty.tsx'
import { useMedia } from '../controls/use-media.ts'
import { useLab } from '../lab.tsx'
import { shortlist } from '../state/selection.ts'
import { ConversationList, ConversationSelect } from './conversation-list.tsx'
import { ConversationView } from './conversation-view.tsx'

/** The right column: what the agent sees and does. */
export function DeskPanel() {
  const conversations = useLab(state => state.conversations)
  const chosen = useLab(state => (state.conversation === undefined ? undefined : state.conversations[state.conversation]))
  const latest = useMemo(() => shortlist(Object.values(conversations), chosen?.id), [conversations, chosen?.id])
  const isNarrow = useMedia('(max-width: 599px), (min-width: 1100px) and (max-width: 1279px)')
  if (latest.length === 0) return <NoConversation />
  return (
    <div className="desk">
      {isNarrow ? <ConversationSelect conversations={latest} /> : <ConversationList conversations={latest} />}
      {chosen === undefined ? (
        <Empty icon="desk" title="Choose a conversation">
          <p>Each guest who writes has one.</p>
        </Empty>
      ) : (
        <ConversationView key={chosen.id} conversation={chosen} />
      )}
    </div>
  )
}

function NoConversation() {
  const fleet = useLab(state => state.info?.gateway.state)
  return (
    <div className="desk-empty">
      <Empty icon="desk" title="No conversations yet">
        {fleet === 'none' ? (
          <p>This Lab runs without a fleet, so nothing carries messages from the phone to this desk. Start the fleet to see conversations here.</p>
        ) : (
          <p>When a guest writes on the phone, a conversation opens here by itself. You answer it as the agent.</p>
        )}
      </Empty>
    </div>
  )
}
