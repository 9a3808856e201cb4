import { seeded } from '@um/lab/kit/random'

export type Direction = 'toAgent' | 'toGuest'
export const directions: readonly Direction[] = ['toAgent', 'toGuest']

/** One message that will be said: the `number`th of its conversation and direction, counted from 1. */
export interface Utterance {
  conversation: number
  direction: Direction
  number: number
  photo: boolean
  text: string
}
export interface LoadShape {
  seed: number
  messages: number
  conversations: number
  media: number
}

const phrases = [
  'Where is my order?',
  'Ich hätte gern eine Rechnung.',
  'それは本当ですか。',
  'One moment, please 🙂',
  'Can I change the address *today*?',
  'It says “error 42” & nothing else <really>',
  'مرحبا، أحتاج إلى مساعدة',
  'Thanks! 👍🏽',
]

/** The load of a run: the same for the same shape. The first message of a conversation is its guest's, because agents cannot begin one. */
export function* utterances({ seed, messages, conversations, media }: LoadShape): Generator<Utterance> {
  const draw = seeded(seed)
  const said = Array.from({ length: conversations }, () => ({ toAgent: 0, toGuest: 0 }))
  for (let sent = 0; sent < messages; sent += 1) {
    // every guest comes in turn first, so that no conversation stays empty
    const conversation = sent < conversations ? sent : Math.floor(draw() * conversations)
    const counts = said[conversation] ?? { toAgent: 0, toGuest: 0 }
    const direction: Direction = counts.toAgent === 0 || draw() < 0.5 ? 'toAgent' : 'toGuest'
    counts[direction] += 1
    const number = counts[direction]
    const phrase = phrases[Math.floor(draw() * phrases.length)] ?? ''
    yield { conversation, direction, number, photo: draw() < media, text: `${markOf({ conversation, direction, number })} ${phrase}` }
  }
}

export interface Mark {
  conversation: number
  direction: Direction
  number: number
}
/** How a message is recognised wherever it shows up. */
export function markOf({ conversation, direction, number }: Mark): string {
  return `#c${conversation}${direction === 'toAgent' ? 'g' : 'a'}${number}`
}
/** Anywhere in the words: the fleet may put something before them. */
export function readMark(text: string): Mark | undefined {
  const [, conversation, side, number] = /(?:^|\s)#c(\d+)([ga])(\d+)(?=\s|$)/.exec(text) ?? []
  if (conversation === undefined || number === undefined) return undefined
  return { conversation: Number(conversation), direction: side === 'g' ? 'toAgent' : 'toGuest', number: Number(number) }
}
