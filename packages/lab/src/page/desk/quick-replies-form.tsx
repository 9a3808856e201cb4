import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { AreaField, CheckField, TextField } from '../controls/field.tsx'
import { readButtons } from './offer-text.ts'
import type { OnReply } from './reply-kinds.ts'

export function QuickRepliesForm({ onReply }: { onReply: OnReply }) {
  const [text, setText] = useState('Where did you see your suitcase last?')
  const [lines, setLines] = useState('At check-in\nAt the gate\nI do not know | unknown')
  const [bot, setBot] = useState(false)
  const options = readButtons(lines).map(({ text: title, url, payload }) => ({ text: title, payload: payload ?? url ?? title }))
  return (
    <div className="form">
      <TextField label="Question" value={text} onChange={event => setText(event.target.value)} />
      <AreaField
        label="Options"
        help="One per line. After a bar, what comes back: Yes | yes-please"
        rows={4}
        value={lines}
        onChange={event => setLines(event.target.value)}
      />
      <CheckField label="Comes from the bot" checked={bot} onChange={event => setBot(event.target.checked)} />
      <div className="form-end">
        <Button
          look="primary"
          icon="send"
          disabled={text.trim() === '' || options.length === 0 || options.length > 30}
          onClick={() => onReply({ do: 'quickReplies', text: text.trim(), options, ...(bot ? { bot } : {}) })}
        >
          Send quick replies
        </Button>
      </div>
    </div>
  )
}
