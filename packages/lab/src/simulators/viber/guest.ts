import { ApiError } from '@um/shared/errors'
import type { LabContext } from '../../kit/context.ts'
import { mediaView, type StoredMedia } from '../../kit/media-store.ts'
import type { Entry, PhoneBook } from '../../kit/messenger/index.ts'
import { randomToken } from '../../kit/random.ts'
import type { Body, GuestAction } from '../../protocol.ts'
import { type Bot, type Chat, compulsoryEvents, type Person } from './account.ts'
import { titleOf } from './show.ts'
import type { ViberButton } from './validate.ts'
import { type Callback, callbackOf } from './webhook.ts'

export const guestActions: GuestAction['do'][] = [
  ...(['text', 'start', 'photo', 'video', 'audio', 'file', 'sticker', 'location', 'contact', 'press', 'read', 'block', 'unblock'] as const),
]
const linkMs = 3600_000

interface Parts {
  book: PhoneBook<Bot, Person>
  context: LabContext
  /** where this simulator is reached */
  url(): string
  tell(chat: Chat, callback: Callback, entry?: Entry): void
  /** the buttons under the chat */
  keyboard(chat: Chat): readonly ViberButton[]
}
type Message = NonNullable<Callback['message']>

/** What guests do on their phones, as callbacks of Viber. */
export class Guests {
  private readonly parts: Parts
  constructor(parts: Parts) {
    this.parts = parts
  }

  perform(chat: Chat, action: GuestAction): Entry[] {
    switch (action.do) {
      case 'text':
        return [this.write(chat, { kind: 'text', text: action.text }, { type: 'text', text: action.text })]
      case 'start':
        return [this.start(chat, action.payload ?? '')]
      case 'photo':
        return [this.media(chat, 'photo', action, () => ({ type: 'picture', text: action.caption ?? '' }))]
      case 'video':
        return [this.media(chat, 'video', action, ({ bytes, durationSeconds = 5 }) => ({ type: 'video', size: bytes.length, duration: durationSeconds }))]
      case 'audio':
      case 'file':
        return [this.media(chat, action.do, action, ({ bytes }) => ({ type: 'file', size: bytes.length }))]
      case 'sticker': {
        const media = action.upload === undefined ? {} : { media: this.link(chat, this.parts.book.upload(action.upload)) }
        return [this.write(chat, { kind: 'sticker', emoji: action.emoji, pack: 'Viber' }, { type: 'sticker', sticker_id: 40109, ...media })]
      }
      case 'location': {
        const { latitude, longitude } = action
        return [this.write(chat, { kind: 'location', latitude, longitude }, { type: 'location', location: { lat: latitude, lon: longitude } })]
      }
      case 'contact': {
        const name = [action.firstName, action.lastName].filter(Boolean).join(' ')
        return [this.write(chat, { kind: 'contact', name, phones: [action.phone] }, { type: 'contact', contact: { name, phone_number: action.phone } })]
      }
      case 'press':
        return this.press(chat, action)
      case 'read':
        this.seen(chat)
        return []
      case 'block':
      case 'unblock':
        this.subscribe(chat, action.do === 'unblock')
        return []
      default:
        throw new ApiError('invalid', 'Bots never hear of this.', { fields: [{ pointer: '/do', detail: 'is not possible on Viber' }] })
    }
  }

  /** Who a guest is, as far as the account has asked for it. */
  userOf({ account: { data: bot }, guest }: Chat): object {
    const { id, name, language, avatar, data } = guest
    const picture = bot.sendPhoto && avatar !== undefined ? { avatar: `${this.parts.url()}/avatars/${avatar}` } : {}
    return { id, name: bot.sendName ? name : 'subscriber', ...picture, country: data.country, language, api_version: data.apiVersion }
  }
  /** Something that the account may hear of. */
  happened(chat: Chat, event: string, facts: object, entry?: Entry): void {
    const { eventTypes } = chat.account.data
    if (!compulsoryEvents.includes(event) && !eventTypes.includes(event)) return
    this.parts.tell(chat, callbackOf(event, this.parts.context.now().getTime(), facts), entry)
  }

  private start(chat: Chat, context: string): Entry {
    const { account, guest } = chat
    const entry = this.parts.book.add(chat, { from: 'guest', body: { kind: 'event', what: 'start', text: 'Opened the chat' }, state: 'queued' })
    const subscribed = account.data.subscribers.has(guest.id)
    this.happened(chat, 'conversation_started', { type: 'open', context, user: this.userOf(chat), subscribed }, entry)
    return entry
  }
  private media(
    chat: Chat,
    kind: 'photo' | 'video' | 'audio' | 'file',
    action: { upload: string; caption?: string | undefined },
    facts: (stored: StoredMedia) => Message,
  ): Entry {
    const stored = this.parts.book.upload(action.upload)
    const caption = kind === 'photo' && action.caption ? { caption: action.caption } : {}
    const message = { ...facts(stored), media: this.link(chat, stored), file_name: stored.name }
    return this.write(chat, { kind, media: mediaView(stored), ...caption }, message)
  }
  private link({ account }: Chat, stored: StoredMedia): string {
    const name = randomToken(18)
    account.data.contents.set(name, { media: stored.id, until: this.parts.context.now().getTime() + linkMs })
    return `${this.parts.url()}/media/${name}?x=1`
  }

  /** Buttons of cards stay on their message; those of the keyboard stand under the chat. */
  private press(chat: Chat, { entry, button }: { entry?: string | undefined; button: string }): Entry[] {
    const { book, keyboard } = this.parts
    const cards = entry === undefined ? undefined : (book.entryOf(chat, entry).data as { pressed: ViberButton[] } | undefined)?.pressed
    const pressed = (cards ?? keyboard(chat))[Number(button)]
    if (pressed === undefined || pressed.ActionType === 'none') throw new ApiError('notFound', 'This button is not there (any more).')
    const { ActionBody, ActionType } = pressed
    if (ActionType === 'location-picker') return this.perform(chat, { do: 'location', latitude: 42.6977, longitude: 23.3219 })
    if (ActionType === 'share-phone') return this.perform(chat, { do: 'contact', phone: '+359888123456', firstName: chat.guest.name })
    const body: Body = { kind: 'choice', title: titleOf(pressed), payload: ActionBody, ...(entry === undefined ? {} : { of: entry }) }
    return [this.write(chat, body, { type: 'text', text: ActionBody })]
  }

  /** Told once, of the newest. */
  private seen(chat: Chat): void {
    const { account, guest } = chat
    const token = account.data.unseen.get(guest.id)?.at(-1)
    if (token === undefined) return
    account.data.unseen.delete(guest.id)
    this.happened(chat, 'seen', { message_token: token, user_id: guest.id })
  }
  private subscribe(chat: Chat, subscribed: boolean): void {
    if (chat.blocked !== subscribed) return
    const { account, guest } = chat
    chat.blocked = !subscribed
    if (subscribed) account.data.subscribers.add(guest.id)
    else account.data.subscribers.delete(guest.id)
    this.happened(chat, subscribed ? 'subscribed' : 'unsubscribed', subscribed ? { user: this.userOf(chat) } : { user_id: guest.id })
    this.parts.book.changed(chat)
  }
  /** A first message subscribes. */
  private write(chat: Chat, body: Body, message: Message): Entry {
    const { account, guest } = chat
    account.data.subscribers.add(guest.id)
    account.data.unanswered.delete(guest.id)
    const callback = callbackOf('message', this.parts.context.now().getTime(), { sender: this.userOf(chat), message, silent: false })
    const entry = this.parts.book.add(chat, { from: 'guest', body, state: 'queued', refs: [callback.message_token] })
    this.parts.tell(chat, callback, entry)
    return entry
  }
}
