import type { AgentActionInput, GuestActionInput } from '../../protocol.ts'
import type { MediaAction } from '../commands.ts'

/** One step of a sample conversation. Files are samples, made when their turn comes. */
export type ScriptStep =
  | { who: 'guest'; say: string }
  | { who: 'guest'; does: GuestActionInput; words: string }
  | { who: 'guest'; sends: MediaAction; caption?: string }
  /** presses a button of the newest message that offers some */
  | { who: 'guest'; presses: number }
  | { who: 'agent'; say: string }
  | { who: 'agent'; does: AgentActionInput; words: string }
  | { who: 'agent'; sends: 'photo' | 'file'; text?: string }
  /** until what was sent last is seen on the other side */
  | { who: 'lab'; waits: 'desk' | 'phone' }
  | { who: 'lab'; words: string; fault: { kind: string; params?: Record<string, number | string | boolean>; times: number } }

export interface Script {
  id: string
  title: string
  about: string
  steps: ScriptStep[]
}

const desk: ScriptStep = { who: 'lab', waits: 'desk' }
const phone: ScriptStep = { who: 'lab', waits: 'phone' }

export const scripts: [Script, ...Script[]] = [
  {
    id: 'suitcase',
    title: 'A lost suitcase',
    about: 'A whole conversation: words, a photo, quick replies and a position.',
    steps: [
      { who: 'guest', say: 'Hello, my suitcase did not arrive 🧳' },
      desk,
      { who: 'agent', say: 'I am sorry to hear that. What does it look like?' },
      phone,
      { who: 'guest', sends: 'photo', caption: 'Like the one in front' },
      desk,
      {
        who: 'agent',
        words: 'Where did you see it last?',
        does: {
          do: 'quickReplies',
          text: 'Thank you. Where did you see it last?',
          options: [
            { text: 'At check-in', payload: 'check-in' },
            { text: 'At the gate', payload: 'gate' },
          ],
        },
      },
      phone,
      { who: 'guest', presses: 0 },
      desk,
      { who: 'agent', say: 'We have found it. Where shall we bring it?' },
      phone,
      { who: 'guest', words: 'A position', does: { do: 'location', latitude: 35.6812, longitude: 139.7671 } },
      desk,
      { who: 'agent', say: 'It will be there tonight before nine.' },
      phone,
      { who: 'guest', say: 'Wonderful, thank you!' },
      desk,
    ],
  },
  {
    id: 'kinds',
    title: 'One of each',
    about: 'Every kind of message that the guest’s platform knows, one after the other.',
    steps: [
      { who: 'guest', say: 'Plain words, 日本語, 한국어, Tiếng Việt 👋' },
      { who: 'guest', sends: 'photo', caption: 'A photo' },
      { who: 'guest', sends: 'video' },
      { who: 'guest', sends: 'voice' },
      { who: 'guest', sends: 'audio' },
      { who: 'guest', sends: 'file', caption: 'A file' },
      { who: 'guest', words: 'A sticker', does: { do: 'sticker', emoji: '🎉' } },
      { who: 'guest', words: 'A position', does: { do: 'location', latitude: 37.5663, longitude: 126.9779 } },
      { who: 'guest', words: 'A place', does: { do: 'venue', latitude: 10.7725, longitude: 106.698, title: 'Ben Thanh Market', address: 'Quan 1' } },
      { who: 'guest', words: 'A contact', does: { do: 'contact', phone: '+81 3 5550 0123', firstName: 'Mia', lastName: 'Tanaka' } },
      desk,
    ],
  },
  {
    id: 'burst',
    title: 'Ten at once',
    about: 'Ten messages as fast as they can be written: they must arrive in order.',
    steps: [...Array.from({ length: 10 }, (_, index): ScriptStep => ({ who: 'guest', say: `Message ${index + 1} of 10` })), desk],
  },
  {
    id: 'rate-limit',
    title: 'A platform that says “not so fast”',
    about: 'The agent’s reply meets two answers of 429; watch it wait and arrive.',
    steps: [
      { who: 'guest', say: 'Are you there?' },
      desk,
      { who: 'lab', words: 'answers the next two requests with 429', fault: { kind: 'rateLimit', params: { retryAfterSeconds: 3 }, times: 2 } },
      { who: 'agent', say: 'Yes, just a moment. This takes a little longer than usual.' },
      phone,
    ],
  },
]
