import { useCallback, useState } from 'react'
import type { Conversation } from '../../protocol.ts'
import type { Answer, Trouble } from '../api.ts'
import { TroubleNotice } from '../controls/notice.tsx'
import { useDropFiles } from '../controls/use-drop-files.ts'
import type { SendableFile } from '../samples/sample.ts'
import { ConversationHead } from './conversation-head.tsx'
import { Customer } from './customer.tsx'
import { DeskComposer } from './desk-composer.tsx'
import { DeskTimeline } from './desk-timeline.tsx'

export function ConversationView({ conversation }: { conversation: Conversation }) {
  const [trouble, setTrouble] = useState<Trouble>()
  const [staged, setStaged] = useState<SendableFile[]>()
  const tell = useCallback(<T,>(answer: Answer<T>): boolean => {
    setTrouble(answer.ok ? undefined : answer.trouble)
    return answer.ok
  }, [])
  const stageFiles = useCallback((files: File[]) => setStaged(files.map(file => ({ blob: file, name: file.name || 'pasted' }))), [])
  const drop = useDropFiles(stageFiles)
  return (
    <section
      className={drop.over ? 'conversation conversation-dropping' : 'conversation'}
      aria-label={`Conversation with ${conversation.guest.name}`}
      {...drop.handlers}
    >
      <ConversationHead conversation={conversation} onAnswer={tell} />
      <Customer conversation={conversation} />
      <DeskTimeline conversation={conversation} />
      {trouble !== undefined && <TroubleNotice trouble={trouble} onDismiss={() => setTrouble(undefined)} />}
      {conversation.state === 'open' ? (
        <DeskComposer conversation={conversation} staged={staged} onStage={setStaged} onFiles={stageFiles} onAnswer={tell} />
      ) : (
        <p className="conversation-ended">This conversation has ended. When the guest writes again, a new one opens.</p>
      )}
      {drop.over && (
        <div className="drop-hint" aria-hidden="true">
          Drop to send it to the guest
        </div>
      )}
    </section>
  )
}
