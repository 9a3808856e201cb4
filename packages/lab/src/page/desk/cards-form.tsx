import { useState } from 'react'
import type { Answer } from '../api.ts'
import { Button } from '../controls/button.tsx'
import { CheckField, TextField } from '../controls/field.tsx'
import { useCommands } from '../lab.tsx'
import { samplePhoto } from '../samples/photo.ts'
import { CardFields, type DraftCard } from './card-fields.tsx'
import { readButtons } from './offer-text.ts'
import type { OnReply } from './reply-kinds.ts'

const samples: Omit<DraftCard, 'key'>[] = [
  {
    title: 'Harbour hotel',
    description: 'Two nights, breakfast, sea view',
    buttons: 'Take this one | hotel-harbour\nSee the rooms | https://example.com/rooms',
    pictured: true,
  },
  { title: 'Ridge lodge', description: 'Quiet, half an hour from the station', buttons: 'Take this one | hotel-ridge', pictured: true },
  { title: 'Bay apartments', description: 'Kitchen, washing machine, three rooms', buttons: 'Take this one | hotel-bay', pictured: true },
]

/** One card, or a carousel of up to ten. */
export function CardsForm({ many, onReply, onAnswer }: { many: boolean; onReply: OnReply; onAnswer: <T>(answer: Answer<T>) => boolean }) {
  const commands = useCommands()
  const [text, setText] = useState(many ? 'Here are three places to stay.' : '')
  const [bot, setBot] = useState(many)
  const [cards, setCards] = useState<DraftCard[]>(() => samples.slice(0, many ? 3 : 1).map((card, key) => ({ ...card, key })))
  const [busy, setBusy] = useState(false)

  /** Pictures are uploaded first: the message only names them. */
  async function send(): Promise<void> {
    setBusy(true)
    const ready = []
    for (const [index, card] of cards.entries()) {
      const picture = card.pictured ? await commands.upload(await samplePhoto(index)) : undefined
      if (picture?.ok === false) {
        onAnswer(picture)
        return setBusy(false)
      }
      ready.push({
        title: card.title.trim(),
        ...(card.description.trim() === '' ? {} : { description: card.description.trim() }),
        ...(picture === undefined ? {} : { image: picture.value.id }),
        buttons: readButtons(card.buttons),
      })
    }
    const [first] = ready
    if (first === undefined) return
    const common = { ...(text.trim() === '' ? {} : { text: text.trim() }), ...(bot ? { bot } : {}) }
    onReply(many ? { do: 'carousel', cards: ready, ...common } : { do: 'card', card: first, ...common })
  }

  const valid = cards.length > 0 && cards.every(card => card.title.trim() !== '' && readButtons(card.buttons).length <= 10)
  return (
    <div className="form">
      <TextField label="Text above (optional)" value={text} onChange={event => setText(event.target.value)} />
      {cards.map((card, index) => (
        <CardFields
          key={card.key}
          card={card}
          name={many ? `Card ${index + 1}` : 'Card'}
          onChange={next => setCards(cards.with(index, next))}
          {...(many && cards.length > 1 ? { onRemove: () => setCards(cards.toSpliced(index, 1)) } : {})}
        />
      ))}
      {many && cards.length < 10 && (
        <Button
          icon="plus"
          onClick={() => setCards([...cards, { key: Math.max(...cards.map(card => card.key)) + 1, title: '', description: '', buttons: '', pictured: false }])}
        >
          Add a card
        </Button>
      )}
      <CheckField label="Comes from the bot" checked={bot} onChange={event => setBot(event.target.checked)} />
      <div className="form-end">
        <Button look="primary" icon="send" disabled={!valid || busy} onClick={() => void send()}>
          {many ? 'Send carousel' : 'Send card'}
        </Button>
      </div>
    </div>
  )
}
