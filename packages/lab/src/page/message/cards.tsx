import { useState } from 'react'
import type { CardView } from '../../protocol.ts'
import { inOrder } from '../controls/in-order.ts'
import { OfferButton } from './offer-button.tsx'
import type { OnPress } from './press.ts'

export function Cards({ cards, onPress }: { cards: CardView[]; onPress?: OnPress | undefined }) {
  if (cards.length === 1 && cards[0] !== undefined) return <OneCard card={cards[0]} onPress={onPress} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable from the keyboard
    <fieldset className="cards" aria-label={`${cards.length} cards`} tabIndex={0}>
      {inOrder(cards).map(({ key, item: card }) => (
        <OneCard key={key} card={card} onPress={onPress} />
      ))}
    </fieldset>
  )
}

/** A picture that lies where this page may not look leaves no broken frame behind. */
function CardImage({ url }: { url: string }) {
  const [broken, setBroken] = useState(false)
  return broken ? null : <img className="card-image" src={url} alt="" width={220} height={124} loading="lazy" onError={() => setBroken(true)} />
}

function OneCard({ card, onPress }: { card: CardView; onPress?: OnPress | undefined }) {
  return (
    <div className="card">
      {card.image !== undefined && <CardImage url={card.image.url} />}
      <div className="card-text">
        <strong>{card.title}</strong>
        {card.description !== undefined && <p>{card.description}</p>}
      </div>
      {card.buttons.map(button => (
        <OfferButton key={button.id} button={button} onPress={onPress} />
      ))}
    </div>
  )
}
