/** What a message looks like, whatever platform it is on: the same form for the guest's phone and for the agent's desk. */

/** A file that the Lab holds. `url` is a path on the Lab's own origin, so that a page may show it under a strict content security policy. */
export interface MediaView {
  url: string
  mime: string
  name: string
  /** bytes */
  size: number
  width?: number
  height?: number
  durationSeconds?: number
}

/** `offset` and `length` count UTF-16 code units: they fit `String.prototype.slice`. */
export interface TextSpan {
  style: 'bold' | 'italic' | 'underline' | 'strikethrough' | 'code' | 'pre' | 'spoiler' | 'quote' | 'link' | 'mention' | 'command'
  offset: number
  length: number
  /** of a link */
  url?: string
}

/** What pressing a button does: `reply` sends a choice, `url` opens an address, `copy` fills the clipboard, the others ask the guest for something first. */
export type PressAction = 'reply' | 'url' | 'copy' | 'contact' | 'location' | 'webApp' | 'none'
export interface Button {
  /** names the button in a `press` action; unique within its message */
  id: string
  title: string
  action: PressAction
  /** of `url` and `webApp` */
  url?: string
  /** of `copy` */
  copies?: string
  imageUrl?: string
}

export interface CardView {
  title: string
  description?: string
  image?: MediaView | { url: string }
  buttons: Button[]
}
export interface ListSectionView {
  title?: string
  multiple: boolean
  items: { id: string; title: string; description?: string; imageUrl?: string }[]
}
export interface TimeSlotView {
  id: string
  /** ISO 8601 */
  at: string
  durationSeconds?: number
}

export type Body =
  | { kind: 'text'; text: string; spans?: TextSpan[] }
  | { kind: 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'videoNote' | 'file'; media: MediaView; caption?: string; spans?: TextSpan[] }
  | { kind: 'sticker'; emoji?: string; pack?: string; media?: MediaView }
  | { kind: 'location'; latitude: number; longitude: number; title?: string; address?: string; live?: boolean }
  | { kind: 'contact'; name: string; phones: string[]; emails?: string[]; vcard?: string }
  /** the guest chose something: `title` is what was pressed, `payload` what travels */
  | { kind: 'choice'; title: string; payload: string; of?: string }
  | { kind: 'quickReplies'; text?: string; buttons: Button[] }
  | { kind: 'cards'; text?: string; cards: CardView[] }
  | { kind: 'listPicker'; text?: string; sections: ListSectionView[] }
  | { kind: 'timePicker'; text?: string; title?: string; slots: TimeSlotView[] }
  /** several parts of one desk message (text and attachment, mixed content), in order */
  | { kind: 'parts'; parts: Body[] }
  /** something that happened rather than was said */
  | { kind: 'event'; what: string; text: string }
  /** the platform knows it, the Lab does not draw it: `what` is the platform's word */
  | { kind: 'other'; what: string; text?: string }
