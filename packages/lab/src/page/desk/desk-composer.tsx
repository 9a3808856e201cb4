import { useRef, useState } from 'react'
import type { AgentActionInput, Conversation } from '../../protocol.ts'
import type { Answer } from '../api.ts'
import { EmojiGrid } from '../compose/emoji-grid.tsx'
import { pickFiles } from '../compose/file-picker.ts'
import { Sheet } from '../compose/sheet.tsx'
import { StagedFiles } from '../compose/staged-files.tsx'
import { TextBox } from '../compose/text-box.tsx'
import { IconButton } from '../controls/button.tsx'
import { useDraft } from '../controls/use-draft.ts'
import { useCommands } from '../lab.tsx'
import type { SendableFile } from '../samples/sample.ts'
import { ReplyForm } from './reply-form.tsx'
import { type ReplyKind, replyKinds } from './reply-kinds.ts'
import { ReplyMenu } from './reply-menu.tsx'
import { useTyping } from './use-typing.ts'

interface Props {
  conversation: Conversation
  staged: SendableFile[] | undefined
  onStage: (files: SendableFile[] | undefined) => void
  onFiles: (files: File[]) => void
  /** tells the answer to the person; whether it was a good one */
  onAnswer: <T>(answer: Answer<T>) => boolean
}

export function DeskComposer({ conversation, staged, onStage, onFiles, onAnswer }: Props) {
  const commands = useCommands()
  const { text, setText, giveBack } = useDraft(`desk.${conversation.id}`)
  const [sheet, setSheet] = useState<ReplyKind | 'menu' | 'emoji'>()
  const box = useRef<HTMLTextAreaElement>(null)
  const { id } = conversation
  const typing = useTyping(() => void commands.agentTypes(id, 5_000))

  function close(): void {
    setSheet(undefined)
    box.current?.focus()
  }
  async function perform(action: AgentActionInput): Promise<void> {
    close()
    onAnswer(await commands.agent(id, action))
  }
  async function sendText(): Promise<void> {
    const words = text.trim()
    setText('')
    if (!onAnswer(await commands.agent(id, { do: 'text', text: words }))) giveBack(words)
  }
  async function sendFiles(files: SendableFile[]): Promise<void> {
    const words = text.trim()
    setText('')
    onStage(undefined)
    for (const [index, file] of files.entries()) {
      if (onAnswer(await commands.agentFile(id, file, index === 0 ? words : ''))) continue
      if (index === 0) giveBack(words)
      return onStage(files.slice(index))
    }
  }
  function send(): void {
    typing.rest()
    if (staged === undefined) void sendText()
    else void sendFiles(staged)
    box.current?.focus()
  }

  return (
    <div className="composer">
      {sheet === 'menu' && (
        <ReplyMenu
          onClose={close}
          onKind={setSheet}
          onTyping={() => {
            close()
            void commands.agentTypes(id, 5_000).then(onAnswer)
          }}
          onSample={files => {
            onStage(files)
            close()
          }}
          onChoose={() => {
            close()
            pickFiles('', true, onFiles)
          }}
        />
      )}
      {sheet === 'emoji' && (
        <Sheet title="Emoji" onClose={close}>
          <EmojiGrid
            onPick={emoji => {
              setText(text + emoji)
              close()
            }}
          />
        </Sheet>
      )}
      {sheet !== undefined && sheet !== 'menu' && sheet !== 'emoji' && (
        <Sheet title={replyKinds.find(known => known.kind === sheet)?.name ?? 'Reply'} onClose={close}>
          <ReplyForm kind={sheet} onReply={action => void perform(action)} onAnswer={onAnswer} />
        </Sheet>
      )}
      {staged !== undefined && staged.length > 0 && <StagedFiles files={staged} word="Goes to the guest" onDrop={() => onStage(undefined)} />}
      <TextBox
        box={box}
        label="Reply of the agent"
        placeholder={staged === undefined ? `Reply as ${conversation.agent.name}` : 'Add a text'}
        text={text}
        onText={next => {
          setText(next)
          if (next !== '') typing.key()
        }}
        onSend={send}
        canSend={(staged !== undefined && staged.length > 0) || text.trim() !== ''}
        onFiles={onFiles}
        before={
          <>
            <IconButton
              icon="attach"
              label="Reply with something else"
              aria-expanded={sheet !== undefined && sheet !== 'emoji'}
              onClick={() => setSheet(sheet === undefined || sheet === 'emoji' ? 'menu' : undefined)}
            />
            <IconButton icon="emoji" label="Emoji" aria-expanded={sheet === 'emoji'} onClick={() => setSheet(sheet === 'emoji' ? undefined : 'emoji')} />
          </>
        }
      />
    </div>
  )
}
