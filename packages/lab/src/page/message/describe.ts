import type { Body } from '../../protocol.ts'

const names: Record<string, string> = {
  photo: 'Photo',
  video: 'Video',
  animation: 'Animation',
  audio: 'Audio',
  voice: 'Voice message',
  videoNote: 'Video note',
  file: 'File',
  sticker: 'Sticker',
  location: 'Location',
  contact: 'Contact',
  quickReplies: 'Quick replies',
  cards: 'Cards',
  listPicker: 'List picker',
  timePicker: 'Date picker',
}

/** A message in a few words: for lists, for a screen reader, for the line of its journey. */
export function describeBody(body: Body): string {
  switch (body.kind) {
    case 'text':
    case 'event':
      return body.text
    case 'choice':
      return body.title
    case 'sticker':
      return body.emoji === undefined ? 'Sticker' : `Sticker ${body.emoji}`
    case 'location':
      return named('Location', body.title)
    case 'contact':
      return named('Contact', body.name)
    case 'quickReplies':
    case 'listPicker':
    case 'timePicker':
      return named(names[body.kind] ?? body.kind, body.text)
    case 'cards':
      return named(body.cards.length === 1 ? 'Card' : `${body.cards.length} cards`, body.text ?? body.cards[0]?.title)
    case 'parts':
      return body.parts.map(describeBody).join(' · ')
    case 'other':
      return named(body.what, body.text)
    default:
      return named(names[body.kind] ?? body.kind, body.caption ?? (body.kind === 'file' ? body.media.name : undefined))
  }
}

function named(kind: string, detail: string | undefined): string {
  return detail === undefined || detail === '' ? kind : `${kind}: ${detail}`
}
