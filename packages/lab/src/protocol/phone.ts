import { z } from 'zod'
import type { Body, Button, MediaView } from './body.ts'

/** A messaging platform that the Lab simulates. */
export interface PlatformInfo {
  /** connector id: 'telegram' */
  id: string
  label: string
  /** which simulator plays it; faults are set there */
  simulator: string
  /** `do` of the actions that a guest of this platform can perform; others are answered 400 */
  actions: GuestAction['do'][]
}

/** The business side of a messaging platform: a bot, an official account. Belongs to one tenant when the fleet is seeded. */
export interface Account {
  platform: string
  /** the platform's own id, e.g. the bot's number */
  id: string
  name: string
  username?: string
  /** the tenant that owns it, when known */
  tenantId?: string
  tenantName?: string
  webhook: {
    /** empty: none registered, updates wait */
    url: string
    pending: number
    lastError?: string
    lastErrorAt?: string
  }
}

/** A guest's phone: one guest in one conversation with one account. */
export interface Phone {
  /** `<platform>:<account>:<guest>`, safe in a URL path after encodeURIComponent */
  id: string
  platform: string
  account: string
  tenantId?: string
  tenantName?: string
  guest: { id: string; name: string; username?: string; language?: string; avatar?: MediaView }
  createdAt: string
  lastAt: string
  /** the guest has blocked the account */
  blocked: boolean
  /** the guest has begun (pressed Start or written); before that the account cannot write */
  started: boolean
  /** the business is typing until then */
  typingUntil?: string
  /** what it seems to do: 'typing', 'upload_photo' ... */
  typingWhat?: string
  /** buttons in place of the phone's keyboard; pressing one sends its title (or what it asks for) */
  keyboard?: { rows: Button[][]; placeholder?: string; oneTime: boolean }
  /** entries ever; the timeline itself keeps the last ones only */
  entries: number
}

export interface PhoneEntry {
  /** unique within the phone, never changes */
  id: string
  phone: string
  from: 'guest' | 'business' | 'system'
  at: string
  body: Body
  /** buttons under the message, row by row */
  buttons?: Button[][]
  /** the parts of an album share this */
  album?: string
  replyTo?: string
  editedAt?: string
  deletedAt?: string
  reactions?: { emoji: string; by: 'guest' | 'business' }[]
  /**
   * A guest's message: `queued` (waits for the webhook), `delivered` (the webhook took it), `retrying`, `lost` (the platform gave up).
   * A business message: `shown`, or `refused` when the platform said no (blocked, too long ...).
   */
  state: 'queued' | 'delivered' | 'retrying' | 'lost' | 'shown' | 'refused'
  /** webhook attempts so far */
  attempts?: number
  /** last answer of the webhook, or the error that the platform answered */
  status?: number
  why?: string
  /** ids by which the fleet may know this message (see JourneyHop.platformId) */
  refs: string[]
}

export interface PhoneTimeline {
  phone: Phone
  /** oldest first */
  entries: PhoneEntry[]
  /** older entries have been forgotten */
  truncated: boolean
}

const text = z.string().min(1).max(20_000)
/** id that `POST /uploads` answered */
const upload = z.string()
const mediaFields = { upload, caption: z.string().max(4096).optional(), durationSeconds: z.number().int().min(0).optional() }

export const NewPhone = z.strictObject({
  platform: z.string(),
  /** account id; absent: the account of `tenantId`, else the platform's only account, else 400 */
  account: z.string().optional(),
  tenantId: z.string().optional(),
  guest: z
    .strictObject({
      /** the platform's id for the guest; absent: made up */
      id: z.string().optional(),
      name: z.string().min(1).max(128).optional(),
      username: z.string().max(32).optional(),
      language: z.string().max(16).optional(),
      /** an image that becomes the profile picture */
      avatar: upload.optional(),
    })
    .optional(),
})
export type NewPhone = z.infer<typeof NewPhone>

/** What a guest does on the phone. `POST /phones/:id/actions` */
export const GuestAction = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('text'), text, replyTo: z.string().optional() }),
  /** opens the conversation; `payload` is that of a deep link */
  z.strictObject({
    do: z.literal('start'),
    payload: z
      .string()
      .regex(/^[A-Za-z0-9_-]{0,64}$/)
      .optional(),
  }),
  z.strictObject({ do: z.literal('photo'), ...mediaFields }),
  z.strictObject({ do: z.literal('video'), ...mediaFields }),
  z.strictObject({ do: z.literal('voice'), ...mediaFields }),
  z.strictObject({ do: z.literal('audio'), ...mediaFields }),
  z.strictObject({ do: z.literal('file'), ...mediaFields }),
  z.strictObject({ do: z.literal('album'), uploads: z.array(upload).min(2).max(10), caption: z.string().max(4096).optional() }),
  z.strictObject({ do: z.literal('sticker'), emoji: z.string().min(1).max(16), upload: upload.optional() }),
  z.strictObject({ do: z.literal('location'), latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) }),
  z.strictObject({
    do: z.literal('venue'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    title: z.string().min(1),
    address: z.string().min(1),
  }),
  z.strictObject({ do: z.literal('contact'), phone: z.string().min(1), firstName: z.string().min(1), lastName: z.string().optional() }),
  /** presses a button: of a message (`entry` and `button`), or of the phone's keyboard (`button` alone) */
  z.strictObject({ do: z.literal('press'), entry: z.string().optional(), button: z.string() }),
  z.strictObject({ do: z.literal('edit'), entry: z.string(), text }),
  /** a reaction to a message; `on: false` takes it back */
  z.strictObject({ do: z.literal('react'), entry: z.string(), emoji: z.string().min(1).max(16), on: z.boolean().default(true) }),
  /** deletes or unsends an own message */
  z.strictObject({ do: z.literal('delete'), entry: z.string() }),
  /** the guest has seen everything on the phone */
  z.strictObject({ do: z.literal('read') }),
  /** the guest begins to type */
  z.strictObject({ do: z.literal('typing') }),
  z.strictObject({ do: z.literal('block') }),
  z.strictObject({ do: z.literal('unblock') }),
])
export type GuestAction = z.infer<typeof GuestAction>
/** What to send: defaults may be left out. */
export type GuestActionInput = z.input<typeof GuestAction>

/** Answer of an action: the entries that it made or changed (none for block, unblock). */
export interface GuestActionResult {
  entries: PhoneEntry[]
}
