import { ApiError } from '@um/shared/errors'
import type { LabContext } from '../../kit/context.ts'
import { mediaView } from '../../kit/media-store.ts'
import type { Entry, PhoneBook } from '../../kit/messenger/index.ts'
import type { Body, GuestAction } from '../../protocol.ts'
import { type Chat, messageId, type OfficialAccount, type Person } from './account.ts'
import type { Press } from './sending.ts'
import type { ZaloEvent } from './webhook.ts'

export const guestActions: GuestAction['do'][] = [
  ...(['text', 'start', 'photo', 'video', 'voice', 'file', 'sticker', 'location', 'venue', 'contact', 'press', 'react', 'read', 'block', 'unblock'] as const),
]

interface Parts {
  book: PhoneBook<OfficialAccount, Person>
  context: LabContext
  /** the public address of a file that was sent */
  address(media: string): string
  tell(chat: Chat, event: ZaloEvent, entry?: Entry): void
}

/** What guests do, as Zalo's events. */
export class Guests {
  private readonly parts: Parts
  constructor(parts: Parts) {
    this.parts = parts
  }

  perform(chat: Chat, action: GuestAction): Entry[] {
    if (action.do !== 'block' && action.do !== 'read') chat.guest.data.lastAt = this.parts.context.now().getTime()
    switch (action.do) {
      case 'text':
        return [this.write(chat, 'text', { kind: 'text', text: action.text }, { text: action.text })]
      case 'start':
        return [this.follow(chat, true)]
      case 'photo':
      case 'video':
      case 'voice':
      case 'file':
        return [this.media(chat, action.do, action)]
      case 'sticker':
        return [this.sticker(chat, action)]
      case 'location':
        return [this.place(chat, action)]
      case 'venue':
        return [this.place(chat, action, action.title)]
      case 'contact':
        return [this.card(chat, action)]
      case 'press':
        return this.press(chat, action)
      case 'react':
        return [this.react(chat, action)]
      case 'read':
        this.read(chat)
        return []
      case 'block':
      case 'unblock':
        this.block(chat, action.do === 'block')
        return []
      default:
        throw new ApiError('invalid', 'Zalo has nothing like it.', { fields: [{ pointer: '/do', detail: 'is not possible in Zalo' }] })
    }
  }

  private media(chat: Chat, kind: 'photo' | 'video' | 'voice' | 'file', { upload, caption }: { upload: string; caption?: string | undefined }): Entry {
    const stored = this.parts.book.upload(upload)
    const url = this.parts.address(stored.id)
    const type = { photo: stored.mime === 'image/gif' ? 'gif' : 'image', video: 'video', voice: 'audio', file: 'file' }[kind]
    const facts =
      kind === 'file' ? { name: stored.name, size: String(stored.bytes.length), type: stored.name.split('.').at(-1), checksum: 'none' } : { thumbnail: url }
    const body: Body = { kind, media: mediaView(stored), ...(caption ? { caption } : {}) }
    return this.write(chat, type, body, { ...(caption ? { text: caption } : {}), attachments: [{ type, payload: { url, ...facts } }] })
  }
  private sticker(chat: Chat, { emoji, upload }: { emoji: string; upload?: string | undefined }): Entry {
    const stored = upload === undefined ? undefined : this.parts.book.upload(upload)
    const payload = { id: '7f2a4c6e8b', ...(stored === undefined ? {} : { url: this.parts.address(stored.id) }) }
    return this.write(
      chat,
      'sticker',
      { kind: 'sticker', emoji, ...(stored ? { media: mediaView(stored) } : {}) },
      { attachments: [{ type: 'sticker', payload }] },
    )
  }
  /** Numbers as text, as Zalo has them. */
  private place(chat: Chat, { latitude, longitude }: { latitude: number; longitude: number }, title?: string): Entry {
    const coordinates = { latitude: String(latitude), longitude: String(longitude) }
    const named = title === undefined ? {} : { title }
    const message = { ...(title === undefined ? {} : { text: title }), attachments: [{ type: 'location', payload: { coordinates } }] }
    return this.write(chat, 'location', { kind: 'location', latitude, longitude, ...named }, message)
  }
  private card(chat: Chat, { firstName, lastName, phone }: { firstName: string; lastName?: string | undefined; phone: string }): Entry {
    const name = [firstName, lastName].filter(Boolean).join(' ')
    const payload = { url: 'https://zalo.example/card', description: JSON.stringify({ phone, gUid: 'g-1' }) }
    return this.write(chat, 'business_card', { kind: 'contact', name, phones: [phone] }, { text: name, attachments: [{ type: 'link', payload }] })
  }
  private write(chat: Chat, kind: string, body: Body, message: object): Entry {
    const id = messageId()
    const entry = this.parts.book.add(chat, { from: 'guest', body, state: 'queued', refs: [id] })
    this.parts.tell(chat, { event_name: `user_send_${kind}`, ...parties(chat), message: { msg_id: id, ...message } }, entry)
    return entry
  }

  private press(chat: Chat, { entry: of = '', button }: { entry?: string | undefined; button: string }): Entry[] {
    const asked = this.parts.book.entryOf(chat, of)
    const press = (asked.data as { presses?: Record<string, Press> } | undefined)?.presses?.[button]
    if (press === undefined) throw new ApiError('notFound', 'This button is not there (any more).')
    if (press.shows !== undefined) return [this.write(chat, 'text', { kind: 'text', text: press.shows }, { text: press.shows })]
    if (press.hides !== undefined) return [this.write(chat, 'text', { kind: 'choice', title: press.hides, payload: press.hides, of }, { text: press.hides })]
    const info = { name: chat.guest.name, phone: '84912345678', address: '12 Lê Lợi', city: 'Hồ Chí Minh', district: 'Quận 1', ward: 'Bến Nghé' }
    const body: Body = { kind: 'event', what: 'user_submit_info', text: 'Shared name, telephone and address' }
    const entry = this.parts.book.add(chat, { from: 'guest', body, state: 'queued', refs: [] })
    this.parts.tell(chat, { event_name: 'user_submit_info', ...parties(chat), info }, entry)
    return [entry]
  }
  private react(chat: Chat, { entry: id, emoji, on }: { entry: string; emoji: string; on: boolean }): Entry {
    const entry = this.parts.book.entryOf(chat, id)
    entry.reactions = on ? [{ emoji, by: 'guest' }] : []
    this.parts.book.entryChanged(chat, entry)
    const react_icon = !on ? '/-remove' : emoji === '❤️' ? '/-heart' : '/-strong'
    this.parts.tell(chat, { event_name: 'user_reacted_message', ...parties(chat), message: { msg_id: entry.refs[0], react_icon } })
    return entry
  }
  /** All that the guest had not seen. */
  private read(chat: Chat): void {
    const unseen = chat.entries.all().filter(entry => entry.from === 'business' && entry.state === 'shown' && !(entry.data as { seen?: boolean }).seen)
    for (const entry of unseen) entry.data = { ...(entry.data as object), seen: true }
    const msg_ids = unseen.flatMap(entry => entry.refs)
    if (msg_ids.length > 0) this.parts.tell(chat, { event_name: 'user_seen_message', ...ofAccount(chat), message: { msg_ids } })
  }
  private block(chat: Chat, blocked: boolean): void {
    if (chat.blocked === blocked) return
    chat.blocked = blocked
    this.follow(chat, !blocked)
    this.parts.book.changed(chat)
  }
  private follow(chat: Chat, follows: boolean): Entry {
    chat.guest.data.follows = follows
    const what = follows ? 'follow' : 'unfollow'
    const text = follows ? 'Follows the account' : 'No longer follows the account'
    const entry = this.parts.book.add(chat, { from: 'guest', body: { kind: 'event', what, text }, state: 'queued', refs: [] })
    const members = { oa_id: chat.account.id, follower: { id: chat.guest.id }, user_id_by_app: '5120098877665544332' }
    this.parts.tell(chat, { event_name: what, source: 'oa_profile', ...members }, entry)
    return entry
  }
}

export function parties({ account, guest }: Chat): object {
  return { user_id_by_app: '5120098877665544332', sender: { id: guest.id }, recipient: { id: account.id } }
}
/** What Zalo tells of the account's own messages. */
export function ofAccount({ account, guest }: Chat): object {
  return { sender: { id: account.id }, recipient: { id: guest.id } }
}
