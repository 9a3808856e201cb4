import { ApiError } from '@um/shared/errors'
import type { LabContext } from '../../kit/context.ts'
import { mediaView, type StoredMedia } from '../../kit/media-store.ts'
import type { Entry, PhoneBook } from '../../kit/messenger/index.ts'
import type { Body, GuestAction } from '../../protocol.ts'
import { interactionJob, type SlackEvent } from './events.ts'
import { shown, typed } from './mrkdwn.ts'
import type { Control } from './show.ts'
import { type Chat, type Clock, type Person, slackId, type Workspace } from './workspace.ts'

/** In a direct message people have text and files; nothing else exists there. */
export const guestActions: GuestAction['do'][] = ['text', 'start', 'photo', 'video', 'voice', 'audio', 'file', 'album', 'press', 'edit', 'delete']

interface Parts {
  book: PhoneBook<Workspace, Person>
  context: LabContext
  clock: Clock
  fileFacts(chat: Chat, id: string): object
  tell(chat: Chat, event: SlackEvent, entry?: Entry): void
  interact(chat: Chat, job: ReturnType<typeof interactionJob>, entry: Entry): void
}

/** What people do in Slack, as its events. */
export class Guests {
  private readonly parts: Parts
  constructor(parts: Parts) {
    this.parts = parts
  }

  perform(chat: Chat, action: GuestAction): Entry[] {
    switch (action.do) {
      case 'text':
        return [this.write(chat, { kind: 'text', ...shown(typed(action.text)) }, { text: typed(action.text) })]
      case 'start':
        return [this.open(chat)]
      case 'photo':
      case 'video':
      case 'voice':
      case 'audio':
      case 'file':
        return [this.share(chat, action.do, [this.parts.book.upload(action.upload)], action.caption)]
      case 'album':
        return [
          this.share(
            chat,
            'photo',
            action.uploads.map(upload => this.parts.book.upload(upload)),
            action.caption,
          ),
        ]
      case 'press':
        return [this.press(chat, action)]
      case 'edit':
        return [this.edit(chat, action)]
      case 'delete':
        return [this.remove(chat, action.entry)]
      default:
        throw new ApiError('invalid', 'Slack has nothing like it.', { fields: [{ pointer: '/do', detail: 'is not possible in Slack' }] })
    }
  }

  /** The tab "Messages" of the app. */
  private open(chat: Chat): Entry {
    const entry = this.parts.book.add(chat, { from: 'guest', body: { kind: 'event', what: 'app_home_opened', text: 'Opened the app' }, state: 'queued' })
    const { user, channel } = chat.guest.data
    this.parts.tell(chat, { type: 'app_home_opened', user, channel, tab: 'messages', event_ts: this.ts() }, entry)
    return entry
  }
  private share(chat: Chat, kind: 'photo' | 'video' | 'voice' | 'audio' | 'file', files: readonly StoredMedia[], caption = ''): Entry {
    const ids = files.map(({ id: media, name, bytes }) => {
      const id = slackId('F')
      chat.account.data.files.set(id, { id, name, length: bytes.length, media })
      return id
    })
    const bodies = files.map((file): Body => ({ kind, media: mediaView(file), ...(caption === '' ? {} : { caption }) }))
    const [first] = bodies
    const body: Body = bodies.length === 1 && first !== undefined ? first : { kind: 'parts', parts: bodies }
    return this.write(chat, body, { subtype: 'file_share', text: typed(caption), upload: false, files: ids.map(id => this.parts.fileFacts(chat, id)) })
  }
  private write(chat: Chat, body: Body, message: { text: string; [member: string]: unknown }): Entry {
    const ts = this.ts()
    const { user, channel } = chat.guest.data
    const entry = this.parts.book.add(chat, { from: 'guest', body, state: 'queued', refs: [ts], data: { text: message.text } })
    this.parts.tell(chat, { type: 'message', ...message, user, ts, team: chat.account.data.team, channel, channel_type: 'im', event_ts: ts }, entry)
    return entry
  }

  private press(chat: Chat, { entry: of = '', button }: { entry?: string | undefined; button: string }): Entry {
    const asked = this.parts.book.entryOf(chat, of)
    const { controls } = (asked.data ?? {}) as { controls?: Record<string, Control> }
    const control = controls?.[button]
    if (control === undefined) throw new ApiError('notFound', 'This button is not there (any more).')
    const { element, blockId, option } = control
    const title = option?.text.text ?? (element.type === 'button' ? element.text.text : '')
    const payload = option?.value ?? (element.type === 'button' ? (element.value ?? '') : '')
    const entry = this.parts.book.add(chat, { from: 'guest', body: { kind: 'choice', title, payload, of }, state: 'queued', refs: [] })
    const { user, channel } = chat.guest.data
    const { team } = chat.account.data
    const message_ts = asked.refs[0] ?? ''
    const chosen = element.type === 'button' ? { text: element.text, value: element.value, url: element.url } : { selected_option: option }
    const actions = [{ type: element.type, action_id: element.action_id, block_id: blockId, action_ts: this.ts(), ...chosen }]
    const container = { type: 'message', message_ts, channel_id: channel, is_ephemeral: false }
    const members = { user: { id: user, username: chat.guest.name, team_id: team }, container, channel: { id: channel, name: 'directmessage' }, actions }
    this.parts.interact(
      chat,
      interactionJob(chat.account, members, () => this.parts.context.now().getTime()),
      entry,
    )
    return entry
  }

  private edit(chat: Chat, { entry: id, text }: { entry: string; text: string }): Entry {
    const { entry, said } = this.own(chat, id)
    const before = { type: 'message', user: chat.guest.data.user, ts: entry.refs[0], text: said.text }
    said.text = typed(text)
    Object.assign(entry, { editedAt: this.parts.context.now().getTime(), body: { kind: 'text', ...shown(said.text) } satisfies Body })
    this.parts.book.entryChanged(chat, entry)
    const message = { ...before, text: said.text, edited: { user: before.user, ts: this.ts() } }
    this.changed(chat, { subtype: 'message_changed', message, previous_message: before })
    return entry
  }
  private remove(chat: Chat, id: string): Entry {
    const { entry, said } = this.own(chat, id)
    entry.deletedAt = this.parts.context.now().getTime()
    this.parts.book.entryChanged(chat, entry)
    const previous_message = { type: 'message', user: chat.guest.data.user, ts: entry.refs[0], text: said.text }
    this.changed(chat, { subtype: 'message_deleted', deleted_ts: entry.refs[0], previous_message })
    return entry
  }
  private own(chat: Chat, id: string): { entry: Entry; said: { text: string } } {
    const entry = this.parts.book.entryOf(chat, id)
    if (entry.from !== 'guest' || entry.data === undefined) throw new ApiError('conflict', "Only the guest's own messages can be changed.")
    return { entry, said: entry.data as { text: string } }
  }
  private changed(chat: Chat, members: object): void {
    const ts = this.ts()
    this.parts.tell(chat, { type: 'message', ...members, hidden: true, channel: chat.guest.data.channel, channel_type: 'im', ts, event_ts: ts })
  }
  private ts(): string {
    return this.parts.clock.next(this.parts.context.now().getTime())
  }
}
