import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { AreaField, CheckField, TextField } from '../controls/field.tsx'
import { readLines } from './offer-text.ts'
import type { OnReply } from './reply-kinds.ts'

export function ListPickerForm({ onReply }: { onReply: OnReply }) {
  const [text, setText] = useState('How shall we bring your suitcase?')
  const [title, setTitle] = useState('Delivery')
  const [multiple, setMultiple] = useState(false)
  const [lines, setLines] = useState('To my hotel | today, 18:00 to 21:00\nTo my home | tomorrow morning\nI fetch it | arrivals hall, counter 4')
  const items = readLines(lines).map((line, index) => ({
    id: `item-${index + 1}`,
    title: line.title,
    ...(line.rest === undefined ? {} : { description: line.rest }),
  }))
  return (
    <div className="form">
      <TextField label="Question" value={text} onChange={event => setText(event.target.value)} />
      <TextField label="Heading" value={title} onChange={event => setTitle(event.target.value)} />
      <AreaField label="Items" help="One per line. After a bar, a description." rows={4} value={lines} onChange={event => setLines(event.target.value)} />
      <CheckField label="Several can be chosen" checked={multiple} onChange={event => setMultiple(event.target.checked)} />
      <div className="form-end">
        <Button
          look="primary"
          icon="send"
          disabled={text.trim() === '' || items.length === 0}
          onClick={() =>
            onReply({ do: 'listPicker', text: text.trim(), sections: [{ ...(title.trim() === '' ? {} : { title: title.trim() }), multiple, items }] })
          }
        >
          Send list picker
        </Button>
      </div>
    </div>
  )
}
