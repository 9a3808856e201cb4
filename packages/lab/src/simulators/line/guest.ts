import { ApiError } from '@um/shared/errors'
import type { LabContext } from '../../kit/context.ts'
import { mediaView } from '../../kit/media-store.ts'
import type { ChatState, Entry, PhoneBook } from '../../kit/messenger/index.ts'
import { randomToken } from '../../kit/random.ts'
import type { Body, GuestAction } from '../../protocol.ts'
import { type Channel, hexId, messageId, type Person, ulid } from './account.ts'
import type { Action } from './validate.ts'
import type { LineEvent } from './webhook.ts'

export type Chat = ChatState<Channel, Person>
export const guestActions: GuestAction['do'][] = [
  'text',
  'start',
  'photo',
  'video',
  'voice',
  'audio',
  'file',
  'album',
  'sticker',
  'location',
  'venue',
  'press',
  'delete',
  'block',
  'unblock',
]

/** What guests do on their phones, as events of LINE. */
export class Guests {
  private readonly book: PhoneBook<Channel, Person>
  private readonly context: LabContext
  private readonly tell: (chat: Chat, event: LineEvent, entry?: Entry) => void

  constructor(parts: { book: PhoneBook<Channel, Person>; context: LabContext; tell: (chat: Chat, event: LineEvent, entry?: Entry) => void }) {
    this.book = parts.book
    this.context = parts.context
    this.tell = parts.tell
  }

  perform(chat: Chat, action: GuestAction): Entry[] {
    switch (action.do) {
      case 'text':
        return [this.write(chat, { kind: 'text', text: action.text }, { type: 'text', text: action.text, quoteToken: randomToken(12) })]
      case 'start':
        return [this.happens(chat, 'follow', 'Added the account as a friend', { type: 'follow', follow: { isUnblocked: false } })]
      case 'photo':
        return this.media(chat, 'image', 'photo', action)
      case 'video':
        return this.media(chat, 'video', 'video', action)
      case 'voice':
      case 'audio':
        return this.media(chat, 'audio', action.do, action)
      case 'file':
        return this.media(chat, 'file', 'file', action)
      case 'album':
        return this.album(chat, action)
      case 'sticker':
        return [this.write(chat, { kind: 'sticker', emoji: action.emoji, pack: '11537' }, sticker(action.emoji))]
      case 'location':
        return [this.place(chat, { latitude: action.latitude, longitude: action.longitude })]
      case 'venue':
        return [this.place(chat, { latitude: action.latitude, longitude: action.longitude, title: action.title, address: action.address })]
      case 'press':
        return this.press(chat, action)
      case 'delete':
        return [this.unsend(chat, action.entry)]
      case 'block':
      case 'unblock':
        this.block(chat, action.do === 'block')
        return []
      default:
        throw new ApiError('invalid', 'Official accounts never hear of this.', { fields: [{ pointer: '/do', detail: 'is not possible on LINE' }] })
    }
  }

  private media(
    chat: Chat,
    type: 'image' | 'video' | 'audio' | 'file',
    kind: 'photo' | 'video' | 'voice' | 'audio' | 'file',
    action: { upload: string; caption?: string | undefined; durationSeconds?: number | undefined },
    more: object = {},
  ): Entry[] {
    const stored = this.book.upload(action.upload)
    const id = messageId()
    chat.account.data.contents.set(id, { media: stored.id, gone: false })
    const duration = (action.durationSeconds ?? stored.durationSeconds ?? 3) * 1000
    const facts =
      type === 'file'
        ? { fileName: stored.name, fileSize: stored.bytes.length }
        : { contentProvider: { type: 'line' }, ...(type === 'image' ? {} : { duration }) }
    const entry = this.write(chat, { kind, media: mediaView(stored) }, { type, id, ...facts, ...more })
    // LINE has no captions: people write a message of its own
    const { caption } = action
    return caption === undefined || caption === '' ? [entry] : [entry, ...this.perform(chat, { do: 'text', text: caption })]
  }
  private album(chat: Chat, { uploads, caption }: { uploads: string[]; caption?: string | undefined }): Entry[] {
    const id = hexId('').toUpperCase()
    return uploads.flatMap((upload, index) => {
      const isVideo = this.book.upload(upload).mime.startsWith('video/')
      const last = index === uploads.length - 1 ? caption : undefined
      if (isVideo) return this.media(chat, 'video', 'video', { upload, caption: last })
      return this.media(chat, 'image', 'photo', { upload, caption: last }, { imageSet: { id, index: index + 1, total: uploads.length } })
    })
  }
  private place(chat: Chat, place: { latitude: number; longitude: number; title?: string; address?: string }): Entry {
    return this.write(chat, { kind: 'location', ...place }, { type: 'location', ...place })
  }

  /** Buttons are named by their place among the actions of their message. */
  private press(chat: Chat, { entry, button }: { entry?: string | undefined; button: string }): Entry[] {
    const of = entry === undefined ? undefined : this.book.entryOf(chat, entry)
    const actions = (of?.data as { actions?: Action[] } | undefined)?.actions ?? []
    const action = actions[Number(button)]
    if (action === undefined) throw new ApiError('notFound', 'This button is not there (any more).')
    const title = action.displayText ?? action.label ?? ''
    switch (action.type) {
      case 'message':
        return this.perform(chat, { do: 'text', text: action.text ?? title })
      case 'location':
        return [this.place(chat, { latitude: 35.6812, longitude: 139.7671, title: 'Tokyo Station', address: '1-9-1 Marunouchi' })]
      case 'postback':
        return [this.choose(chat, title, { data: action.data ?? '' }, entry)]
      case 'datetimepicker': {
        const now = this.context.now().toISOString()
        const picked = { date: now.slice(0, 10), time: now.slice(11, 16), datetime: now.slice(0, 16) }
        const mode = action.mode === 'date' || action.mode === 'time' ? action.mode : 'datetime'
        return [this.choose(chat, picked[mode], { data: action.data ?? '', params: { [mode]: picked[mode] } }, entry)]
      }
      default:
        return []
    }
  }
  private choose(chat: Chat, title: string, postback: { data: string; params?: object }, of: string | undefined): Entry {
    const event = this.event(chat, { type: 'postback', postback })
    const body: Body = { kind: 'choice', title, payload: postback.data, ...(of === undefined ? {} : { of }) }
    const entry = this.book.add(chat, { from: 'guest', body, state: 'queued', refs: [event.webhookEventId] })
    this.tell(chat, event, entry)
    return entry
  }

  private unsend(chat: Chat, id: string): Entry {
    const entry = this.book.entryOf(chat, id)
    const [message] = entry.refs
    if (entry.from !== 'guest' || message === undefined) throw new ApiError('conflict', "Only the guest's own messages can be unsent.")
    entry.deletedAt = this.context.now().getTime()
    const content = chat.account.data.contents.get(message)
    if (content !== undefined) content.gone = true
    this.book.entryChanged(chat, entry)
    this.tell(chat, this.event(chat, { type: 'unsend', unsend: { messageId: message } }, false))
    return entry
  }
  private block(chat: Chat, blocked: boolean): void {
    if (chat.blocked === blocked) return
    chat.blocked = blocked
    this.tell(chat, blocked ? this.event(chat, { type: 'unfollow' }, false) : this.event(chat, { type: 'follow', follow: { isUnblocked: true } }))
    this.book.changed(chat)
  }
  private happens(chat: Chat, what: string, text: string, members: { type: string; [member: string]: unknown }): Entry {
    const event = this.event(chat, members)
    const entry = this.book.add(chat, { from: 'guest', body: { kind: 'event', what, text }, state: 'queued', refs: [event.webhookEventId] })
    this.tell(chat, event, entry)
    return entry
  }
  private write(chat: Chat, body: Body, message: { type: string; id?: string; [member: string]: unknown }): Entry {
    const id = message.id ?? messageId()
    const markAsReadToken = randomToken(16)
    chat.account.data.readTokens.set(markAsReadToken, chat.guest.id)
    const entry = this.book.add(chat, { from: 'guest', body, state: 'queued', refs: [id] })
    this.tell(chat, this.event(chat, { type: 'message', message: { ...message, id, markAsReadToken } }), entry)
    return entry
  }

  event(chat: Chat, members: { type: string; message?: LineEvent['message'] & object; [member: string]: unknown }, canReply = true): LineEvent {
    const now = this.context.now().getTime()
    const replyToken = canReply ? { replyToken: hexId('') } : {}
    if (replyToken.replyToken !== undefined)
      chat.account.data.replyTokens.set(replyToken.replyToken, { guest: chat.guest.id, from: now, eventAt: now, used: false, redelivered: false })
    const source = { type: 'user', userId: chat.guest.id }
    return { mode: 'active', timestamp: now, source, webhookEventId: ulid(now), deliveryContext: { isRedelivery: false }, ...replyToken, ...members }
  }
}

function sticker(emoji: string): { type: string; [member: string]: unknown } {
  return { type: 'sticker', packageId: '11537', stickerId: '52002734', stickerResourceType: 'ANIMATION', keywords: [emoji], quoteToken: randomToken(12) }
}
