import { useRef } from 'react'
import type { Answer } from '../api.ts'
import { EmojiGrid } from '../compose/emoji-grid.tsx'
import { LocationForm } from '../compose/location-form.tsx'
import { Sheet } from '../compose/sheet.tsx'
import { StagedFiles } from '../compose/staged-files.tsx'
import { TextBox } from '../compose/text-box.tsx'
import { IconButton } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import { useDraft } from '../controls/use-draft.ts'
import { useCommands, useLab } from '../lab.tsx'
import { describeBody } from '../message/describe.ts'
import { sampleSticker } from '../samples/sticker.ts'
import type { Aim } from './aim.ts'
import { AttachSheet } from './attach-sheet.tsx'
import { ContactForm } from './contact-form.tsx'
import type { SheetName } from './sheet.ts'
import { type Staged, stage } from './staging.ts'
import { useAccount, useCan, usePhone } from './use-phone.ts'

interface Props {
  aim: Aim | undefined
  onAim: (aim: Aim | undefined) => void
  sheet: SheetName | undefined
  onSheet: (sheet: SheetName | undefined) => void
  staged: Staged | undefined
  onStage: (staged: Staged | undefined) => void
  /** tells the answer to the person; whether it was a good one */
  onAnswer: <T>(answer: Answer<T>) => boolean
}

export function PhoneComposer({ aim, onAim, sheet, onSheet, staged, onStage, onAnswer }: Props) {
  const account = useAccount()
  const phone = usePhone()
  const commands = useCommands()
  const can = useCan()
  const key = useLab(state => `phone.${state.phone ?? state.account}`)
  const { text, setText, giveBack } = useDraft(key)
  const box = useRef<HTMLTextAreaElement>(null)

  /** Keeps what was typed when it could not be sent. */
  async function sendText(): Promise<void> {
    const words = text.trim()
    setText('')
    onAim(undefined)
    const sent =
      aim?.does === 'edit'
        ? await commands.guest({ do: 'edit', entry: aim.entry.id, text: words })
        : await commands.guest({ do: 'text', text: words, ...(aim === undefined ? {} : { replyTo: aim.entry.id }) })
    if (onAnswer(sent)) return
    giveBack(words)
    onAim(aim)
  }
  async function sendFiles(batch: Staged): Promise<void> {
    const caption = text.trim()
    setText('')
    onStage(undefined)
    if (batch.as === 'album' && batch.files.length > 1) {
      if (!onAnswer(await commands.guestAlbum(batch.files, caption))) giveBackFiles(batch, caption)
      return
    }
    const as = batch.as === 'album' ? 'photo' : batch.as
    for (const [index, file] of batch.files.entries()) {
      const words = index === 0 ? caption : ''
      if (!onAnswer(await commands.guestFile(as, file, words))) return giveBackFiles({ as, files: batch.files.slice(index) }, words)
    }
  }
  function giveBackFiles(batch: Staged, caption: string): void {
    onStage(batch)
    giveBack(caption)
  }
  /** Drawn as a picture where this browser can write one; else the platform's own, known by its emoji. */
  async function sendSticker(emoji: string): Promise<void> {
    close()
    const picture = await sampleSticker(emoji)
    const stored = picture === undefined ? undefined : await commands.upload(picture)
    if (stored?.ok === false) onAnswer(stored)
    else onAnswer(await commands.guest({ do: 'sticker', emoji, ...(stored === undefined ? {} : { upload: stored.value.id }) }))
  }
  function send(): void {
    if (staged === undefined) void sendText()
    else void sendFiles(staged)
    box.current?.focus()
  }
  function close(): void {
    onSheet(undefined)
    box.current?.focus()
  }
  async function perform(action: Parameters<typeof commands.guest>[0]): Promise<void> {
    close()
    onAnswer(await commands.guest(action))
  }

  return (
    <div className="composer">
      {sheet === 'attach' && (
        <AttachSheet
          onClose={close}
          onSheet={onSheet}
          onStage={next => {
            onStage(next)
            close()
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
      {sheet === 'sticker' && (
        <Sheet title="Sticker" onClose={close}>
          <EmojiGrid large onPick={emoji => void sendSticker(emoji)} />
        </Sheet>
      )}
      {sheet === 'location' && (
        <Sheet title="Location" onClose={close}>
          <LocationForm
            canName={can('venue')}
            onSend={({ latitude, longitude, title, address }) =>
              void perform(title === '' ? { do: 'location', latitude, longitude } : { do: 'venue', latitude, longitude, title, address })
            }
          />
        </Sheet>
      )}
      {sheet === 'contact' && (
        <Sheet title="Contact" onClose={close}>
          <ContactForm
            guestName={phone?.guest.name ?? 'Mia Tanaka'}
            onSend={({ lastName, ...contact }) => void perform({ do: 'contact', ...contact, ...(lastName === '' ? {} : { lastName }) })}
          />
        </Sheet>
      )}
      {aim !== undefined && (
        <div className="aim">
          <Icon name={aim.does} small />
          <p>
            <strong>{aim.does === 'edit' ? 'Editing' : 'Replying to'}</strong> {describeBody(aim.entry.body)}
          </p>
          <IconButton icon="cross" label={aim.does === 'edit' ? 'Do not edit' : 'Do not reply to it'} onClick={() => onAim(undefined)} />
        </div>
      )}
      {staged !== undefined && <StagedFiles files={staged.files} word={`Goes as ${staged.as}`} onDrop={() => onStage(undefined)} />}
      <TextBox
        box={box}
        label="Message from the guest"
        placeholder={staged === undefined ? (phone?.keyboard?.placeholder ?? 'Write a message') : 'Add a caption'}
        text={text}
        onText={setText}
        onSend={send}
        canSend={account !== undefined && (staged !== undefined || text.trim() !== '')}
        disabled={account === undefined}
        onFiles={files => onStage(stage(files, can))}
        before={
          <>
            <IconButton
              icon="attach"
              label="Send something else"
              disabled={account === undefined}
              aria-expanded={sheet === 'attach'}
              onClick={() => onSheet(sheet === 'attach' ? undefined : 'attach')}
            />
            <IconButton
              icon="emoji"
              label="Emoji"
              disabled={account === undefined}
              aria-expanded={sheet === 'emoji'}
              onClick={() => onSheet(sheet === 'emoji' ? undefined : 'emoji')}
            />
          </>
        }
      />
    </div>
  )
}
