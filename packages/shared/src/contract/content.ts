/**
 * What guests and agents say to each other, whatever platform they use.
 * A connector translates its platform's payloads to these kinds (`parse`) and from them (`render`).
 */

/** Media is named, not fetched, so that `parse` stays pure. `platformId` is something only its own connector can download. */
export type MediaRef = UrlMedia | PlatformMedia
export interface UrlMedia {
  url: string
  mime?: string
  name?: string
  /** bytes, when known */
  size?: number
  /** the address works for a while only: it is copied to the tenant's storage, and stays as it is where there is none */
  expires?: true
}
export interface PlatformMedia {
  platformId: string
  mime?: string
  name?: string
  size?: number
}
export type MediaKind = 'image' | 'audio' | 'video' | 'file'

export type Template = 'quickReplies' | 'buttons' | 'cards' | 'listPicker' | 'timePicker' | 'form'

/** Something the guest can press. `token` (at most 20 ASCII characters) is given by shared code before `render`; a choice may come back with it. */
export interface Action {
  title: string
  payload?: string
  url?: string
  token?: string
}
export interface StructuredItem extends Action {
  description?: string
  imageUrl?: string
  /** heading above this item in a list picker */
  section?: string
  /** ISO 8601 instant of a time-picker slot */
  at?: string
  durationSeconds?: number
  /** buttons of a card */
  actions?: Action[]
}

export type Content =
  | { kind: 'text'; text: string }
  | { kind: 'attachment'; media: MediaKind; source: MediaRef; caption?: string; durationSeconds?: number }
  | { kind: 'sticker'; stickerId: string; packageId?: string; emoji?: string; source?: MediaRef }
  | { kind: 'location'; latitude: number; longitude: number; title?: string; address?: string; url?: string }
  | { kind: 'contact'; name: string; phones: string[]; emails?: string[]; vcard?: string }
  | { kind: 'structured'; template: Template; text?: string; items: StructuredItem[] }
  /** `of`: the sender's platform id of the message that offered the options; `template`: what was offered; `expired`: the offer is no longer known */
  | { kind: 'choice'; payload: string; label?: string; of?: string; template?: Template; expired?: boolean }
  | { kind: 'typing'; on: boolean; durationSeconds?: number }
  /** something that happened rather than was said ("Ole joined"); shown when the tenant shows system messages */
  | { kind: 'system'; text: string }
  /** `of`: platform id of the changed message; `content`: its new form */
  | { kind: 'edit'; of: string; content: Content }
  | { kind: 'withdrawn'; of: string }
  | { kind: 'reaction'; of: string; emoji: string; on: boolean }
  /** never dropped in silence: `what` is the platform's own word, `text` what could be read of it, `reason` why it is not shown */
  | { kind: 'unsupported'; what: string; text?: string; reason?: string; raw?: unknown }

export type ContentKind = Content['kind']
export type ContentOf<K extends ContentKind> = Extract<Content, { kind: K }>

/** Who the guest is, as far as the platform tells. `participantData` keys are those of the product guide (`locale`, `country` ...). */
export interface Profile {
  displayName?: string
  firstName?: string
  lastName?: string
  nickname?: string
  email?: string
  phone?: string
  avatar?: MediaRef
  participantData?: Record<string, string>
}

export type ReceiptState = 'sent' | 'delivered' | 'read' | 'failed'
export type LifecycleChange = 'started' | 'ended' | 'joined' | 'follow' | 'unfollow' | 'optOut' | 'optIn'

/** Why a message was not delivered, in words that both sides of the bridge know. */
export type ReasonCode =
  | 'blocked' // the guest blocked us, left, or opted out
  | 'unknownGuest' // the platform does not know (or may not write to) this guest
  | 'content' // refused for good because of what it is
  | 'tooLarge'
  | 'mediaType'
  | 'unsupported' // the platform has nothing like it
  | 'window' // outside the time in which the platform lets us write
  | 'rateLimited'
  | 'subscription' // the tenant must act: token, permission, licence
  | 'expired' // waited longer than it was worth
  | 'unavailable' // platform away for too long
  | 'inDoubt' // may or may not have arrived: no answer, and repeating could double it
  | 'bug'

/**
 * One thing that a webhook (or a poll) told us.
 * `id`: the platform's event id; `messageId`: the platform's *message* identity. Repeats are recognised by the message identity of guests' messages (even under another event id), and by `id`
 * from CX platforms. When one platform message becomes several, the parts are told apart by a suffix `#1`, `#2` of `messageId`: the platform hears of one final receipt.
 * `guest`: the conversation's address on the platform, as the other side will name it when it answers.
 * `address`: what is needed to answer besides `guest` (a reply token, a thread, a business connection); the latest wins and comes back in `Recipient.address`.
 */
export type InboundEvent = {
  id: string
  messageId?: string
  /** absent: the platform does not tell; then it is the time of receipt */
  at?: Date
  guest: string
  address?: Record<string, string>
  /** what the event itself tells of the guest; merged over the cached profile */
  from?: Profile
} /** `echoOf`: the platform tells of a message that the business has sent, by its platform id. Nothing is published when we were that; needs `receiptWindowSeconds` */ & (
  | { type: 'message'; content: Content; author?: Author; agentName?: string; echoOf?: string }
  /** `of`: the platform id that our message got when it was sent */
  | { type: 'receipt'; of: string; state: ReceiptState; reason?: string; code?: ReasonCode }
  | { type: 'lifecycle'; change: LifecycleChange; data?: Record<string, string> }
  /** The platform tells of the guest (`from`) rather than for them; nothing is published. `forget`: what was known goes first, and is asked for anew. */
  | { type: 'profile'; forget?: true }
  /** the platform gave the conversation a new address; nothing is published */
  | { type: 'moved'; to: string }
  /** The platform tells of the subscription itself; the Subscriptions topic hears of it. `stops`: it no longer lets us send (`guest` names the account), so messages wait. */
  | { type: 'trouble'; stops: boolean; why: string }
)
/** An event that has been taken: it has a time. */
export type ReceivedEvent = InboundEvent & { at: Date }
export type InboundMessage = Extract<InboundEvent, { type: 'message' }>
export type Author = 'guest' | 'agent' | 'bot' | 'ivr' | 'system'
