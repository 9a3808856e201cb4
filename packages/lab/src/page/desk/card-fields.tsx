import { IconButton } from '../controls/button.tsx'
import { AreaField, CheckField, TextField } from '../controls/field.tsx'

/** A card while it is written; `buttons` one per line. */
export interface DraftCard {
  key: number
  title: string
  description: string
  buttons: string
  pictured: boolean
}

export function CardFields({ card, name, onChange, onRemove }: { card: DraftCard; name: string; onChange: (card: DraftCard) => void; onRemove?: () => void }) {
  return (
    <fieldset className="card-fields">
      <legend>{name}</legend>
      {onRemove !== undefined && <IconButton icon="trash" label={`Remove ${name}`} onClick={onRemove} />}
      <TextField label="Title" value={card.title} onChange={event => onChange({ ...card, title: event.target.value })} />
      <TextField label="Description" value={card.description} onChange={event => onChange({ ...card, description: event.target.value })} />
      <AreaField
        label="Buttons"
        help="One per line. After a bar, an address to open or what comes back."
        rows={2}
        value={card.buttons}
        onChange={event => onChange({ ...card, buttons: event.target.value })}
      />
      <CheckField label="With a sample picture" checked={card.pictured} onChange={event => onChange({ ...card, pictured: event.target.checked })} />
    </fieldset>
  )
}
