import { useState } from 'react'
import type { Phone } from '../../protocol.ts'
import type { Trouble } from '../api.ts'
import { Avatar } from '../controls/avatar.tsx'
import { Button, IconButton } from '../controls/button.tsx'
import { useIsBefore } from '../controls/clock.ts'
import { Dialog } from '../controls/dialog.tsx'
import { Popover } from '../controls/popover.tsx'
import { useCommands, useLab } from '../lab.tsx'
import { platformLabel } from './platform.ts'
import { useAccount, useCan, usePhone } from './use-phone.ts'

const doing: Record<string, string> = {
  typing: 'typing…',
  upload_photo: 'sending a photo…',
  upload_video: 'sending a video…',
  upload_voice: 'sending a voice message…',
  upload_document: 'sending a file…',
  record_voice: 'recording…',
  find_location: 'choosing a place…',
  choose_sticker: 'choosing a sticker…',
}

/** Top of the phone: whom one writes to, and whether they type. */
export function PhoneBar({ onTrouble }: { onTrouble: (trouble: Trouble | undefined) => void }) {
  const account = useAccount()
  const phone = usePhone()
  const platform = useLab(state => (account === undefined ? '' : platformLabel(state, account.platform)))
  const typing = useIsBefore(phone?.typingUntil)
  const name = account?.name ?? 'No account yet'
  return (
    <header className="phone-bar">
      <Avatar name={name} />
      <div className="phone-bar-text">
        <h3>{name}</h3>
        <p className={typing ? 'phone-bar-typing' : undefined}>{typing ? (doing[phone?.typingWhat ?? 'typing'] ?? 'typing…') : platform}</p>
      </div>
      {phone !== undefined && <PhoneMenu phone={phone} onTrouble={onTrouble} />}
    </header>
  )
}

function PhoneMenu({ phone, onTrouble }: { phone: Phone; onTrouble: (trouble: Trouble | undefined) => void }) {
  const commands = useCommands()
  const can = useCan()
  const [open, setOpen] = useState(false)
  const [forgetting, setForgetting] = useState(false)
  async function perform(does: 'block' | 'unblock' | 'start'): Promise<void> {
    setOpen(false)
    const answer = await commands.guest({ do: does })
    onTrouble(answer.ok ? undefined : answer.trouble)
  }
  async function forget(): Promise<void> {
    setForgetting(false)
    const answer = await commands.forgetPhone(phone.id)
    if (!answer.ok) onTrouble(answer.trouble)
  }
  return (
    <>
      <Popover
        open={open}
        onClose={() => setOpen(false)}
        label="More for this phone"
        trigger={<IconButton icon="more" label="More for this phone" aria-expanded={open} onClick={() => setOpen(!open)} />}
      >
        <div className="menu">
          {can('start') && (
            <Button look="plain" icon="play" onClick={() => void perform('start')}>
              Press Start
            </Button>
          )}
          {can('block') && (
            <Button look="plain" icon="ban" onClick={() => void perform(phone.blocked ? 'unblock' : 'block')}>
              {phone.blocked ? 'Unblock the account' : 'Block the account'}
            </Button>
          )}
          <Button
            look="plain"
            icon="trash"
            onClick={() => {
              setOpen(false)
              setForgetting(true)
            }}
          >
            Forget this guest
          </Button>
        </div>
      </Popover>
      {forgetting && (
        <Dialog title={`Forget ${phone.guest.name}?`} onClose={() => setForgetting(false)}>
          <p>
            The phone and its {phone.entries} {phone.entries === 1 ? 'message' : 'messages'} go from the Lab. What the agent’s desk has seen stays there.
          </p>
          <div className="form-end">
            <Button onClick={() => setForgetting(false)}>Keep</Button>
            <Button look="danger" onClick={() => void forget()}>
              Forget the guest
            </Button>
          </div>
        </Dialog>
      )}
    </>
  )
}
