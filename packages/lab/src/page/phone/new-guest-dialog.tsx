import { type FormEvent, useState } from 'react'
import type { NewPhone } from '../../protocol.ts'
import type { Trouble } from '../api.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { CheckField, SelectField, TextField } from '../controls/field.tsx'
import { TroubleNotice } from '../controls/notice.tsx'
import { useCommands } from '../lab.tsx'
import { sampleAvatar } from '../samples/avatar.ts'
import { useAccount } from './use-phone.ts'

const names = ['Mia Tanaka', 'Jun Park', 'Linh Nguyen', 'Wei Chen', 'Ole Jansen', 'Sara Haddad', 'Tom Okafor', 'Yui Sato']
const languages: [code: string, name: string][] = [
  ['en', 'English'],
  ['ja', '日本語'],
  ['ko', '한국어'],
  ['zh-Hans', '简体中文'],
  ['zh-Hant', '繁體中文'],
  ['vi', 'Tiếng Việt'],
  ['nl', 'Nederlands'],
]

/** A guest with a name, a language and a face: what the platform tells the fleet about them. */
export function NewGuestDialog({ onClose }: { onClose: () => void }) {
  const account = useAccount()
  const commands = useCommands()
  const [name, setName] = useState(() => names[Math.floor(Math.random() * names.length)] ?? 'Mia Tanaka')
  const [username, setUsername] = useState('')
  const [id, setId] = useState('')
  const [language, setLanguage] = useState('en')
  const [pictured, setPictured] = useState(true)
  const [trouble, setTrouble] = useState<Trouble>()
  const [busy, setBusy] = useState(false)

  async function create(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (account === undefined || busy) return
    setBusy(true)
    const avatar = pictured ? await commands.upload(await sampleAvatar(name)) : undefined
    const guest: NewPhone['guest'] = {
      name: name.trim(),
      language,
      ...(username.trim() === '' ? {} : { username: username.trim().replace(/^@/, '') }),
      ...(id.trim() === '' ? {} : { id: id.trim() }),
      ...(avatar?.ok ? { avatar: avatar.value.id } : {}),
    }
    const made = avatar?.ok === false ? avatar : await commands.createPhone({ platform: account.platform, account: account.id, guest })
    setBusy(false)
    if (made.ok) onClose()
    else setTrouble(made.trouble)
  }

  return (
    <Dialog title="New guest" onClose={onClose}>
      <form className="form" onSubmit={event => void create(event)}>
        <TextField label="Name" value={name} required maxLength={128} onChange={event => setName(event.target.value)} />
        <SelectField label="Language of the phone" value={language} onChange={event => setLanguage(event.target.value)}>
          {languages.map(([code, title]) => (
            <option key={code} value={code}>
              {title}
            </option>
          ))}
        </SelectField>
        <TextField label="User name (optional)" value={username} maxLength={32} onChange={event => setUsername(event.target.value)} />
        <TextField label="Platform id (optional)" help="Left empty, one is made up." value={id} onChange={event => setId(event.target.value)} />
        <CheckField label="Has a profile picture" checked={pictured} onChange={event => setPictured(event.target.checked)} />
        {trouble !== undefined && <TroubleNotice trouble={trouble} onDismiss={() => setTrouble(undefined)} />}
        <div className="form-end">
          <Button onClick={onClose}>Cancel</Button>
          <button type="submit" className="button button-primary" disabled={busy}>
            {busy ? 'Adding…' : 'Add guest'}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
