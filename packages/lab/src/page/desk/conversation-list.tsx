import type { Conversation } from '../../protocol.ts'
import { Avatar } from '../controls/avatar.tsx'
import { SelectField } from '../controls/field.tsx'
import { RelativeTime } from '../controls/time.tsx'
import { useDispatch, useLab } from '../lab.tsx'

export function ConversationList({ conversations }: { conversations: Conversation[] }) {
  const dispatch = useDispatch()
  const chosen = useLab(state => state.conversation)
  const unread = useLab(state => state.deskUnread)
  return (
    <nav className="conversation-list" aria-label="Conversations">
      <ul>
        {conversations.map(conversation => (
          <li key={conversation.id}>
            <button
              type="button"
              className="conversation-row"
              aria-current={conversation.id === chosen}
              onClick={() => dispatch({ type: 'conversationChosen', conversation: conversation.id })}
            >
              <Avatar name={conversation.guest.name} imageUrl={conversation.guest.imageUrl} />
              <span className="conversation-row-text">
                <span className="conversation-row-name">{conversation.guest.name}</span>
                <span className="conversation-row-preview">{conversation.state === 'ended' ? 'Ended' : conversation.preview}</span>
              </span>
              <span className="conversation-row-side">
                <RelativeTime at={conversation.lastAt} />
                {unread[conversation.id] !== undefined && (
                  <span className="count">
                    {unread[conversation.id]}
                    <span className="visually-hidden"> unread</span>
                  </span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** The same list where there is no room for one. */
export function ConversationSelect({ conversations }: { conversations: Conversation[] }) {
  const dispatch = useDispatch()
  const chosen = useLab(state => state.conversation)
  const unread = useLab(state => state.deskUnread)
  return (
    <div className="conversation-select">
      <SelectField label="Conversation" value={chosen ?? ''} onChange={event => dispatch({ type: 'conversationChosen', conversation: event.target.value })}>
        {chosen === undefined && <option value="">Choose one</option>}
        {conversations.map(conversation => (
          <option key={conversation.id} value={conversation.id}>
            {conversation.guest.name}
            {conversation.state === 'ended' ? ' (ended)' : ''}
            {unread[conversation.id] === undefined ? '' : ` (${unread[conversation.id]} unread)`}
          </option>
        ))}
      </SelectField>
    </div>
  )
}
