import type { Body } from '../../protocol.ts'
import { Icon } from '../controls/icon.tsx'
import { inOrder } from '../controls/in-order.ts'
import { Cards } from './cards.tsx'
import { LocatorMap } from './locator-map.tsx'
import { FileRow, Film, Picture, Sound } from './media.tsx'
import { OfferButton } from './offer-button.tsx'
import { ListPicker, TimePicker } from './pickers.tsx'
import type { OnPress } from './press.ts'
import { RichText } from './rich-text.tsx'

/** What a message looks like: the same on the guest's phone and at the agent's desk. With `onPress`, what it offers can be pressed. */
export function BodyView({ body, onPress }: { body: Body; onPress?: OnPress | undefined }) {
  switch (body.kind) {
    case 'text':
      return <RichText text={body.text} spans={body.spans} />
    case 'photo':
      return <Captioned body={body}>{<Picture media={body.media} alt={body.caption ?? 'photo'} />}</Captioned>
    case 'video':
    case 'videoNote':
    case 'animation':
      return <Captioned body={body}>{<Film media={body.media} label={body.caption ?? body.media.name} loops={body.kind === 'animation'} />}</Captioned>
    case 'voice':
    case 'audio':
      return <Captioned body={body}>{<Sound media={body.media} label={body.kind === 'voice' ? 'voice message' : body.media.name} />}</Captioned>
    case 'file':
      return <Captioned body={body}>{<FileRow media={body.media} />}</Captioned>
    case 'sticker':
      return <StickerView body={body} />
    case 'location':
      return <PlaceView body={body} />
    case 'contact':
      return <ContactView body={body} />
    case 'choice':
      return <ChoiceView body={body} />
    case 'quickReplies':
      return (
        <>
          {body.text !== undefined && <RichText text={body.text} />}
          <div className="offer-row">
            {body.buttons.map(button => (
              <OfferButton key={button.id} button={button} onPress={onPress} />
            ))}
          </div>
        </>
      )
    case 'cards':
      return (
        <>
          {body.text !== undefined && <RichText text={body.text} />}
          <Cards cards={body.cards} onPress={onPress} />
        </>
      )
    case 'listPicker':
      return (
        <>
          {body.text !== undefined && <RichText text={body.text} />}
          <ListPicker sections={body.sections} onPress={onPress} />
        </>
      )
    case 'timePicker':
      return (
        <>
          {(body.title ?? body.text) !== undefined && <RichText text={[body.title, body.text].filter(part => part !== undefined).join('\n')} />}
          <TimePicker slots={body.slots} onPress={onPress} />
        </>
      )
    case 'parts':
      return inOrder(body.parts).map(({ key, item: part }) => <BodyView key={key} body={part} onPress={onPress} />)
    case 'event':
      return <p className="message-text">{body.text}</p>
    case 'other':
      return (
        <p className="message-other">
          <Icon name="alert" small /> {body.text ?? `A message of the kind “${body.what}”, which the Lab does not draw.`}
        </p>
      )
  }
}

function Captioned({ body, children }: { body: Extract<Body, { media: unknown; caption?: string }>; children: React.ReactNode }) {
  return (
    <>
      {children}
      {'caption' in body && body.caption !== undefined && body.caption !== '' && <RichText text={body.caption} spans={body.spans} />}
    </>
  )
}

/** Animated stickers are no pictures that a browser can show: their emoji stands for them. */
function StickerView({ body }: { body: Extract<Body, { kind: 'sticker' }> }) {
  if (body.media?.mime.startsWith('image/') !== true) return <p className="message-sticker">{body.emoji ?? '🖼️'}</p>
  return <img className="message-sticker-picture" src={body.media.url} alt={`Sticker ${body.emoji ?? ''}`} width={120} height={120} />
}

function PlaceView({ body }: { body: Extract<Body, { kind: 'location' }> }) {
  return (
    <div className="place">
      <LocatorMap latitude={body.latitude} longitude={body.longitude} />
      <div className="place-text">
        {body.title !== undefined && <strong>{body.title}</strong>}
        {body.address !== undefined && <span>{body.address}</span>}
        <small>
          {body.latitude.toFixed(4)}, {body.longitude.toFixed(4)}
          {body.live === true && ' · live'}
        </small>
      </div>
    </div>
  )
}

function ContactView({ body }: { body: Extract<Body, { kind: 'contact' }> }) {
  return (
    <div className="contact">
      <Icon name="contact" />
      <div className="place-text">
        <strong>{body.name}</strong>
        {body.phones.map(phone => (
          <span key={phone}>{phone}</span>
        ))}
        {body.emails?.map(email => (
          <span key={email}>{email}</span>
        ))}
      </div>
    </div>
  )
}

function ChoiceView({ body }: { body: Extract<Body, { kind: 'choice' }> }) {
  return (
    <div className="choice">
      <RichText text={body.title} />
      {body.payload !== body.title && (
        <small>
          Choice · <code>{body.payload}</code>
        </small>
      )}
    </div>
  )
}
