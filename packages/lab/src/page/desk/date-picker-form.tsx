import { useState } from 'react'
import { Button, IconButton } from '../controls/button.tsx'
import { SelectField, TextField } from '../controls/field.tsx'
import type { OnReply } from './reply-kinds.ts'

/** `at` as of `<input type=datetime-local>`: local time without a zone. */
interface Slot {
  key: number
  at: string
}

export function DatePickerForm({ onReply }: { onReply: OnReply }) {
  const [title, setTitle] = useState('When shall we deliver it?')
  const [subtitle, setSubtitle] = useState('')
  const [minutes, setMinutes] = useState(60)
  const [slots, setSlots] = useState<Slot[]>(() => [slotAt(1, 9, 1), slotAt(1, 14, 2), slotAt(2, 10, 3)])
  const times = slots.map(slot => new Date(slot.at)).filter(time => !Number.isNaN(time.getTime()))
  return (
    <div className="form">
      <TextField label="Title" value={title} onChange={event => setTitle(event.target.value)} />
      <TextField label="Subtitle (optional)" value={subtitle} onChange={event => setSubtitle(event.target.value)} />
      <fieldset className="slot-list">
        <legend>Times</legend>
        {slots.map((slot, index) => (
          <div key={slot.key} className="slot">
            <input
              className="input"
              type="datetime-local"
              aria-label={`Time ${index + 1}`}
              value={slot.at}
              onChange={event => setSlots(slots.with(index, { ...slot, at: event.target.value }))}
            />
            <IconButton icon="trash" label={`Remove time ${index + 1}`} disabled={slots.length === 1} onClick={() => setSlots(slots.toSpliced(index, 1))} />
          </div>
        ))}
        <Button icon="plus" onClick={() => setSlots([...slots, slotAt(slots.length, 15, Math.max(...slots.map(slot => slot.key)) + 1)])}>
          Add a time
        </Button>
      </fieldset>
      <SelectField label="Each lasts" value={minutes} onChange={event => setMinutes(Number(event.target.value))}>
        {[15, 30, 60, 120].map(length => (
          <option key={length} value={length}>
            {length} minutes
          </option>
        ))}
      </SelectField>
      <div className="form-end">
        <Button
          look="primary"
          icon="send"
          disabled={title.trim() === '' || times.length === 0}
          onClick={() =>
            onReply({
              do: 'datePicker',
              title: title.trim(),
              ...(subtitle.trim() === '' ? {} : { subtitle: subtitle.trim() }),
              slots: times.map(time => ({ at: time.toISOString(), durationSeconds: minutes * 60 })),
            })
          }
        >
          Send date picker
        </Button>
      </div>
    </div>
  )
}

function slotAt(daysAhead: number, hour: number, key: number): Slot {
  const day = new Date()
  day.setDate(day.getDate() + daysAhead)
  const two = (value: number) => value.toString().padStart(2, '0')
  return { key, at: `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T${two(hour)}:00` }
}
