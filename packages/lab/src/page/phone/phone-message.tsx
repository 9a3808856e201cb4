import { useCallback, useState } from 'react'
import type { Button as Offer, PhoneEntry } from '../../protocol.ts'
import { Button, IconButton } from '../controls/button.tsx'
import { inOrder } from '../controls/in-order.ts'
import { Popover } from '../controls/popover.tsx'
import { Bubble } from '../message/bubble.tsx'
import { describeBody } from '../message/describe.ts'
import { OfferButton } from '../message/offer-button.tsx'
import { DeliveryMark, DeliveryTrouble } from './delivery.tsx'
import { usePhoneDeeds } from './phone-actions.tsx'

const reactions = ['👍', '❤️', '😂', '😮', '🙏']

export function PhoneMessage({ entry, answered }: { entry: PhoneEntry; answered: PhoneEntry | undefined }) {
  const { press } = usePhoneDeeds()
  const own = entry.from === 'guest'
  const onPress = useCallback((button: Offer) => press(button, entry.id), [press, entry.id])
  const writer = own ? 'Guest' : 'Business'
  if (entry.deletedAt !== undefined) {
    return <Bubble body={{ kind: 'other', what: 'deleted', text: 'This message was deleted.' }} at={entry.at} own={own} writer={writer} ghost />
  }
  return (
    <div className={own ? 'phone-message phone-message-own' : 'phone-message'}>
      <Bubble
        body={entry.body}
        at={entry.at}
        own={own}
        writer={writer}
        ghost={entry.state === 'refused'}
        edited={entry.editedAt !== undefined}
        status={own && <DeliveryMark state={entry.state} />}
        above={answered !== undefined && <p className="bubble-answered">{describeBody(answered.body)}</p>}
        below={
          <>
            {inOrder(entry.buttons ?? []).map(({ key, item: row }) => (
              <div className="offer-row" key={key}>
                {row.map(button => (
                  <OfferButton key={button.id} button={button} onPress={onPress} />
                ))}
              </div>
            ))}
            <Reactions entry={entry} />
            <DeliveryTrouble entry={entry} />
          </>
        }
        onPress={own ? undefined : onPress}
      />
      {entry.state !== 'refused' && <MessageMenu entry={entry} />}
    </div>
  )
}

function Reactions({ entry }: { entry: PhoneEntry }) {
  if (entry.reactions === undefined || entry.reactions.length === 0) return null
  return (
    <p className="bubble-reactions">
      {entry.reactions.map(reaction => (
        <span key={`${reaction.by} ${reaction.emoji}`} title={reaction.by === 'guest' ? 'From the guest' : 'From the business'}>
          {reaction.emoji}
        </span>
      ))}
    </p>
  )
}

function MessageMenu({ entry }: { entry: PhoneEntry }) {
  const { can, aim, react } = usePhoneDeeds()
  const [open, setOpen] = useState(false)
  const editable = entry.from === 'guest' && can('edit') && entry.body.kind === 'text'
  if (!can('react') && !editable && !can('text')) return null
  const close = () => setOpen(false)
  return (
    <Popover
      open={open}
      onClose={close}
      label="Do something with this message"
      trigger={<IconButton icon="more" label={`More for “${describeBody(entry.body).slice(0, 40)}”`} aria-expanded={open} onClick={() => setOpen(!open)} />}
    >
      <div className="menu">
        <Button
          look="plain"
          icon="reply"
          onClick={() => {
            close()
            aim({ does: 'reply', entry })
          }}
        >
          Reply to it
        </Button>
        {editable && (
          <Button
            look="plain"
            icon="edit"
            onClick={() => {
              close()
              aim({ does: 'edit', entry })
            }}
          >
            Edit it
          </Button>
        )}
        {can('react') && (
          <fieldset className="menu-reactions" aria-label="React">
            {reactions.map(emoji => (
              <button
                key={emoji}
                type="button"
                className="emoji-button"
                aria-label={`React with ${emoji}`}
                onClick={() => {
                  close()
                  react(entry, emoji)
                }}
              >
                {emoji}
              </button>
            ))}
          </fieldset>
        )}
      </div>
    </Popover>
  )
}
