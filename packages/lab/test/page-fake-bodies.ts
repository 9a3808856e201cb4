import type { AgentAction, Body, Button, CardView, GuestAction, MediaView } from '../src/protocol.ts'

/** The file of an upload; throws when there is none. */
type View = (upload: string) => MediaView

/** What a guest's action says. `offered`: the message whose button a press names. */
export function bodyOf(action: GuestAction, view: View, offered?: Body): Body {
  switch (action.do) {
    case 'text':
      return { kind: 'text', text: action.text }
    case 'start':
      return { kind: 'text', text: '/start' }
    case 'photo':
    case 'video':
    case 'voice':
    case 'audio':
    case 'file': {
      const media = { ...view(action.upload), ...(action.durationSeconds === undefined ? {} : { durationSeconds: action.durationSeconds }) }
      return { kind: action.do, media, ...(action.caption === undefined ? {} : { caption: action.caption }) }
    }
    case 'sticker':
      return { kind: 'sticker', emoji: action.emoji, ...(action.upload === undefined ? {} : { media: view(action.upload) }) }
    case 'location':
    case 'venue':
      return {
        kind: 'location',
        latitude: action.latitude,
        longitude: action.longitude,
        ...(action.do === 'venue' ? { title: action.title, address: action.address } : {}),
      }
    case 'contact':
      return { kind: 'contact', name: [action.firstName, action.lastName].filter(Boolean).join(' '), phones: [action.phone] }
    case 'press': {
      const offers = offered === undefined ? [] : buttonsOf(offered)
      const button = offers.find(known => known.id === action.button)
      return { kind: 'choice', title: button?.title ?? action.button, payload: `payload-${action.button}` }
    }
    default:
      throw new Error(`not a message: ${action.do}`)
  }
}

/** What an agent's action shows. */
export function offerOf(action: AgentAction, view: View): Body {
  switch (action.do) {
    case 'text':
      return { kind: 'text', text: action.text }
    case 'attachment': {
      const media = view(action.upload)
      return { kind: media.mime.startsWith('image/') ? 'photo' : 'file', media, ...(action.text === undefined ? {} : { caption: action.text }) }
    }
    case 'quickReplies':
      return {
        kind: 'quickReplies',
        text: action.text,
        buttons: action.options.map((option, index) => ({ id: `q${index}`, title: option.text, action: 'reply' })),
      }
    case 'card':
      return { kind: 'cards', cards: [cardOf(action.card, 0, view)] }
    case 'carousel':
      return {
        kind: 'cards',
        ...(action.text === undefined ? {} : { text: action.text }),
        cards: action.cards.map((card, index) => cardOf(card, index, view)),
      }
    case 'listPicker':
      return {
        kind: 'listPicker',
        text: action.text,
        sections: action.sections.map(({ title, multiple, items }) => ({
          ...(title === undefined ? {} : { title }),
          multiple,
          items: items.map(({ id, title: name, description }) => ({ id, title: name, ...(description === undefined ? {} : { description }) })),
        })),
      }
    case 'datePicker':
      return { kind: 'timePicker', title: action.title, slots: action.slots.map((slot, index) => ({ id: `t${index}`, ...slot })) }
    case 'location':
      return { kind: 'location', latitude: action.latitude, longitude: action.longitude, ...(action.title === undefined ? {} : { title: action.title }) }
    default:
      throw new Error(`not a message: ${action.do}`)
  }
}
function cardOf(card: Extract<AgentAction, { do: 'card' }>['card'], index: number, view: View): CardView {
  return {
    title: card.title,
    ...(card.description === undefined ? {} : { description: card.description }),
    ...(card.image === undefined ? {} : { image: view(card.image) }),
    buttons: card.buttons.map((button, number): Button => {
      const common = { id: `c${index}.${number}`, title: button.text }
      return button.url === undefined ? { ...common, action: 'reply' } : { ...common, action: 'url', url: button.url }
    }),
  }
}

function buttonsOf(body: Body): { id: string; title: string }[] {
  switch (body.kind) {
    case 'quickReplies':
      return body.buttons
    case 'cards':
      return body.cards.flatMap(card => card.buttons)
    case 'listPicker':
      return body.sections.flatMap(section => section.items)
    case 'timePicker':
      return body.slots.map(slot => ({ id: slot.id, title: slot.at }))
    default:
      return []
  }
}
