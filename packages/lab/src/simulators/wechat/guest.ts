import { ApiError } from '@um/shared/errors'
import type { LabContext } from '../../kit/context.ts'
import { mediaView } from '../../kit/media-store.ts'
import type { Entry, PhoneBook } from '../../kit/messenger/index.ts'
import type { Body, GuestAction } from '../../protocol.ts'
import { allow, type Chat, keepMedia, messageId, type OfficialAccount, type Person } from './account.ts'
import type { Push } from './push.ts'

/** Guests have neither files nor captions there. */
export const guestActions: GuestAction['do'][] = [
  'text',
  'start',
  'photo',
  'video',
  'voice',
  'album',
  'sticker',
  'location',
  'venue',
  'press',
  'block',
  'unblock',
]

interface Parts {
  book: PhoneBook<OfficialAccount, Person>
  context: LabContext
  url(): string
  tell(chat: Chat, push: Push, entry?: Entry): void
}
type Upload = Extract<GuestAction, { do: 'photo' | 'video' | 'voice' }>

/** What guests do on their phones, as pushes of WeChat. */
export class Guests {
  private readonly parts: Parts
  constructor(parts: Parts) {
    this.parts = parts
  }

  perform(chat: Chat, action: GuestAction): Entry[] {
    switch (action.do) {
      case 'text':
        return [this.write(chat, { kind: 'text', text: action.text }, { MsgType: 'text', Content: action.text })]
      case 'start':
        return [this.follow(chat, action.payload ?? '')]
      case 'photo':
      case 'video':
      case 'voice':
        return this.media(chat, action)
      case 'album':
        return action.uploads.flatMap(upload => this.media(chat, { do: this.parts.book.upload(upload).mime.startsWith('video/') ? 'video' : 'photo', upload }))
      case 'sticker':
        // of its own faces WeChat tells the name
        return [this.write(chat, { kind: 'sticker', emoji: action.emoji }, { MsgType: 'text', Content: `[${action.emoji}]` })]
      case 'location':
        return [this.place(chat, action, '')]
      case 'venue':
        return [this.place(chat, action, `${action.title} ${action.address}`)]
      case 'press':
        return [this.press(chat, action)]
      case 'block':
      case 'unblock':
        return this.subscribe(chat, action.do === 'unblock')
      default:
        throw new ApiError('invalid', 'Official accounts never hear of this.', { fields: [{ pointer: '/do', detail: 'is not possible on WeChat' }] })
    }
  }

  private media(chat: Chat, action: Pick<Upload, 'do' | 'upload'> & { caption?: string | undefined }): Entry[] {
    const { book, url } = this.parts
    const stored = book.upload(action.upload)
    const type = { photo: 'image', video: 'video', voice: 'voice' }[action.do]
    const MediaId = keepMedia(chat.account, stored.id, type, this.now())
    const facts: Record<string, string> =
      action.do === 'photo' ? { PicUrl: `${url()}/mmbiz/${stored.id}` } : action.do === 'voice' ? { Format: 'amr', Recognition: '' } : { ThumbMediaId: MediaId }
    const entry = this.write(chat, { kind: action.do, media: mediaView(stored) }, { MsgType: type, ...facts, MediaId })
    return [entry, ...(action.caption ? this.perform(chat, { do: 'text', text: action.caption }) : [])]
  }
  private place(chat: Chat, { latitude, longitude }: { latitude: number; longitude: number }, label: string): Entry {
    const body: Body = { kind: 'location', latitude, longitude, ...(label === '' ? {} : { title: label }) }
    return this.write(chat, body, { MsgType: 'location', Location_X: latitude, Location_Y: longitude, Scale: 15, Label: label })
  }
  /** An entry of a menu is named by its place. */
  private press(chat: Chat, { entry, button }: { entry?: string | undefined; button: string }): Entry {
    const of = entry === undefined ? undefined : this.parts.book.entryOf(chat, entry)
    const chosen = (of?.data as { list?: { id: string; content: string }[] } | undefined)?.list?.[Number(button)]
    if (chosen === undefined) throw new ApiError('notFound', 'This entry is not there (any more).')
    const body: Body = { kind: 'choice', title: chosen.content, payload: chosen.id, ...(entry === undefined ? {} : { of: entry }) }
    return this.write(chat, body, { MsgType: 'text', Content: chosen.content, bizmsgmenuid: chosen.id }, 'click')
  }
  private write(chat: Chat, body: Body, push: Push, by: 'message' | 'click' = 'message'): Entry {
    const id = messageId()
    allow(chat, by, this.now())
    const entry = this.parts.book.add(chat, { from: 'guest', body, state: 'queued', refs: [id] })
    this.parts.tell(chat, { ...push, MsgId: id }, entry)
    return entry
  }

  private follow(chat: Chat, scene: string): Entry {
    const event: Push = { MsgType: 'event', Event: 'subscribe', EventKey: scene === '' ? '' : `qrscene_${scene}` }
    Object.assign(chat.guest.data, { scene, subscribedAt: this.now() })
    allow(chat, 'click', this.now())
    const entry = this.parts.book.add(chat, { from: 'guest', body: { kind: 'event', what: 'follow', text: 'Follows the account' }, state: 'queued' })
    this.parts.tell(chat, event, entry)
    return entry
  }
  private subscribe(chat: Chat, follows: boolean): Entry[] {
    if (chat.blocked !== follows) return []
    chat.blocked = !follows
    this.parts.book.changed(chat)
    if (follows) return [this.follow(chat, '')]
    chat.account.data.allowances.delete(chat.guest.id)
    this.parts.tell(chat, { MsgType: 'event', Event: 'unsubscribe', EventKey: '' })
    return []
  }
  private now(): number {
    return this.parts.context.now().getTime()
  }
}
