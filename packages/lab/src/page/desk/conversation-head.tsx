import { useState } from 'react'
import type { Conversation } from '../../protocol.ts'
import type { Answer } from '../api.ts'
import { Avatar } from '../controls/avatar.tsx'
import { Button } from '../controls/button.tsx'
import { useIsBefore } from '../controls/clock.ts'
import { Dialog } from '../controls/dialog.tsx'
import { StateBadge } from '../controls/state-badge.tsx'
import { useCommands } from '../lab.tsx'

export function ConversationHead({ conversation, onAnswer }: { conversation: Conversation; onAnswer: <T>(answer: Answer<T>) => boolean }) {
  const commands = useCommands()
  const typing = useIsBefore(conversation.typingUntil)
  const [ending, setEnding] = useState(false)
  async function end(): Promise<void> {
    setEnding(false)
    onAnswer(await commands.agent(conversation.id, { do: 'disconnect' }))
  }
  return (
    <header className="conversation-head">
      <Avatar name={conversation.guest.name} imageUrl={conversation.guest.imageUrl} />
      <div className="conversation-head-text">
        <h3>{conversation.guest.name}</h3>
        <p>{typing ? 'typing…' : conversation.deskName}</p>
      </div>
      {conversation.state === 'open' ? (
        <>
          <StateBadge tone="good" icon="check">
            Open
          </StateBadge>
          <Button icon="end" onClick={() => setEnding(true)}>
            End
          </Button>
        </>
      ) : (
        <StateBadge tone="idle" icon="end">
          Ended
        </StateBadge>
      )}
      {ending && (
        <Dialog title={`End the conversation with ${conversation.guest.name}?`} onClose={() => setEnding(false)}>
          <p>{conversation.agent.name} leaves, and the storage’s purge delay of its attachments begins. The guest’s next message opens a new conversation.</p>
          <div className="form-end">
            <Button onClick={() => setEnding(false)}>Stay</Button>
            <Button look="danger" onClick={() => void end()}>
              End the conversation
            </Button>
          </div>
        </Dialog>
      )}
    </header>
  )
}
