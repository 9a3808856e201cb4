import type { Answer } from '../api.ts'
import { LocationForm } from '../compose/location-form.tsx'
import { CardsForm } from './cards-form.tsx'
import { DatePickerForm } from './date-picker-form.tsx'
import { ListPickerForm } from './list-picker-form.tsx'
import { QuickRepliesForm } from './quick-replies-form.tsx'
import type { OnReply, ReplyKind } from './reply-kinds.ts'

/** Each form is filled with a sample that can be sent as it is. */
export function ReplyForm({ kind, onReply, onAnswer }: { kind: ReplyKind; onReply: OnReply; onAnswer: <T>(answer: Answer<T>) => boolean }) {
  switch (kind) {
    case 'quickReplies':
      return <QuickRepliesForm onReply={onReply} />
    case 'card':
    case 'carousel':
      return <CardsForm many={kind === 'carousel'} onReply={onReply} onAnswer={onAnswer} />
    case 'listPicker':
      return <ListPickerForm onReply={onReply} />
    case 'datePicker':
      return <DatePickerForm onReply={onReply} />
    case 'location':
      return (
        <LocationForm
          canName
          onSend={({ latitude, longitude, title, address }) =>
            onReply({ do: 'location', latitude, longitude, ...(title === '' ? {} : { title }), ...(address === '' ? {} : { address }) })
          }
        />
      )
  }
}
