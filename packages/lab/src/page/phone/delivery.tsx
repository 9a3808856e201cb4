import type { PhoneEntry } from '../../protocol.ts'
import { Icon, type IconName } from '../controls/icon.tsx'

const marks: Partial<Record<PhoneEntry['state'], { icon: IconName; word: string }>> = {
  queued: { icon: 'clock', word: 'Waits for the webhook' },
  delivered: { icon: 'check', word: 'Taken by the webhook' },
  retrying: { icon: 'clock', word: 'Not delivered yet' },
  lost: { icon: 'failed', word: 'Lost' },
}

/** The small sign in the corner of a guest's own message. */
export function DeliveryMark({ state }: { state: PhoneEntry['state'] }) {
  const mark = marks[state]
  if (mark === undefined) return null
  return (
    <span className="delivery-mark" title={mark.word}>
      <Icon name={mark.icon} small />
      <span className="visually-hidden">{mark.word}</span>
    </span>
  )
}

/** What went wrong with a message, below it. */
export function DeliveryTrouble({ entry }: { entry: PhoneEntry }) {
  if (entry.state !== 'retrying' && entry.state !== 'lost' && entry.state !== 'refused') return null
  const why = entry.why ?? (entry.status === undefined || entry.status === 0 ? undefined : `answer ${entry.status}`)
  const attempts = entry.attempts === undefined || entry.state === 'refused' ? undefined : `attempt ${entry.attempts}`
  const word = entry.state === 'retrying' ? 'The platform tries again' : entry.state === 'lost' ? 'The platform gave up' : 'Not shown to the guest'
  return (
    <p className={entry.state === 'retrying' ? 'trouble-line trouble-warn' : 'trouble-line trouble-bad'}>
      <Icon name={entry.state === 'retrying' ? 'clock' : 'failed'} small />
      <span>{[word, why, attempts].filter(part => part !== undefined).join(' · ')}</span>
    </p>
  )
}
