import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/field.tsx'

export interface SharedContact {
  phone: string
  firstName: string
  lastName: string
}

export function ContactForm({ guestName, onSend }: { guestName: string; onSend: (contact: SharedContact) => void }) {
  const [first = 'Mia', ...rest] = guestName.split(' ')
  const [contact, setContact] = useState<SharedContact>({ firstName: first, lastName: rest.join(' '), phone: '+81 3 5550 0123' })
  const valid = contact.phone.trim() !== '' && contact.firstName.trim() !== ''
  return (
    <div className="form">
      <div className="form-pair">
        <TextField label="First name" value={contact.firstName} onChange={event => setContact({ ...contact, firstName: event.target.value })} />
        <TextField label="Last name" value={contact.lastName} onChange={event => setContact({ ...contact, lastName: event.target.value })} />
      </div>
      <TextField label="Phone number" type="tel" value={contact.phone} onChange={event => setContact({ ...contact, phone: event.target.value })} />
      <div className="form-end">
        <Button look="primary" icon="send" disabled={!valid} onClick={() => onSend(contact)}>
          Send contact
        </Button>
      </div>
    </div>
  )
}
