import { z } from 'zod'
import type { LabContext } from '../../kit/context.ts'
import { mediaView } from '../../kit/media-store.ts'
import { TokenBucket } from '../../kit/rate-limit.ts'
import type { Body } from '../../protocol.ts'
import { readBlocks } from './blocks.ts'
import { rateLimited, SlackError } from './errors.ts'
import type { SlackEvent } from './events.ts'
import { shown } from './mrkdwn.ts'
import { type Shown, showBlocks, showText } from './show.ts'
import { type Chat, Clock, type SlackAccount, type SlackLimits, slackId } from './workspace.ts'

const maxText = 40_000
const Message = z.object({ channel: z.string().default(''), text: z.string().default(''), blocks: z.unknown().optional(), thread_ts: z.string().optional() })
const Completion = z.object({
  files: z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1),
  channel_id: z.string().default(''),
  initial_comment: z.string().default(''),
})

interface Parts {
  context: LabContext
  limits: SlackLimits
  find(account: SlackAccount, guest: string): Chat | undefined
  show(chat: Chat, operation: string, entry: Shown & { text: string }, ts: string): void
  tell(chat: Chat, event: SlackEvent): void
}

/** What the app says in a workspace. */
export class Posting {
  readonly clock = new Clock()
  private readonly parts: Parts
  constructor(parts: Parts) {
    this.parts = parts
  }

  /** By the conversation's id or the person's. */
  chatOf(account: SlackAccount, name: string): Chat | undefined {
    return this.parts.find(account, `${account.data.team}:U${name.slice(1)}`)
  }

  async post(account: SlackAccount, args: unknown): Promise<object> {
    const read = Message.safeParse(args)
    if (!read.success) throw new SlackError('invalid_arguments')
    const { channel, text, blocks } = read.data
    const chat = this.reached(account, channel)
    if (text === '' && blocks === undefined) throw new SlackError('no_text')
    if (text.length > maxText) throw new SlackError('msg_too_long')
    const what = blocks === undefined ? showText(text) : await showBlocks(readBlocks(blocks), this.parts.context.media)
    return this.say(chat, 'chat.postMessage', what, text, {})
  }

  /** Step one of an upload: where the bytes go. */
  uploadUrl({ data }: SlackAccount, args: Record<string, unknown>, base: string): object {
    if (!data.takesFiles) throw new SlackError('file_uploads_disabled')
    const length = Number(args.length)
    const name = String(args.filename ?? '')
    if (name === '' || !Number.isInteger(length) || length <= 0) throw new SlackError('missing_argument')
    const id = slackId('F')
    data.files.set(id, { id, name, length, media: undefined })
    return { ok: true, upload_url: `${base}/upload/v1/${data.team}/${id}`, file_id: id }
  }
  /** Step two. False: not what was announced. */
  takeBytes({ data }: SlackAccount, id: string, bytes: Buffer): boolean {
    const file = data.files.get(id)
    if (file === undefined || bytes.length !== file.length) return false
    file.media = this.parts.context.media.put({ bytes, mime: mimeOf(file.name), name: file.name }).id
    return true
  }
  /** Step three: the files become a message. */
  complete(account: SlackAccount, args: unknown): object {
    const read = Completion.safeParse(args)
    if (!read.success) throw new SlackError('invalid_arguments')
    const { files, channel_id, initial_comment } = read.data
    const chat = this.reached(account, channel_id)
    const bodies = files.map(({ id, title }): Body => {
      const stored = this.parts.context.media.get(account.data.files.get(id)?.media ?? '')
      if (stored === undefined) throw new SlackError('file_not_found')
      const kind = stored.mime.startsWith('image/') ? 'photo' : stored.mime.startsWith('video/') ? 'video' : stored.mime.startsWith('audio/') ? 'audio' : 'file'
      return { kind, media: { ...mediaView(stored), name: title ?? stored.name }, ...captionOf(initial_comment) }
    })
    const [first] = bodies
    const body: Body = bodies.length === 1 && first !== undefined ? first : { kind: 'parts', parts: bodies }
    this.say(chat, 'files.completeUploadExternal', { body, controls: {} }, initial_comment, { subtype: 'file_share', upload: true }, files[0]?.id)
    return { ok: true, files: files.map(({ id, title }) => ({ id, title })) }
  }

  private reached(account: SlackAccount, channel: string): Chat {
    const chat = this.chatOf(account, channel)
    if (chat === undefined) throw new SlackError('channel_not_found')
    if (chat.guest.data.isDisabled) throw new SlackError('user_disabled')
    const { messagesPerSecondAndChannel: perSecond } = this.parts.limits
    const bucket = account.data.buckets.get(channel) ?? new TokenBucket(perSecond, Math.max(perSecond, 5))
    account.data.buckets.set(channel, bucket)
    const wait = bucket.take(this.parts.context.now().getTime())
    if (wait > 0) throw rateLimited(wait / 1000)
    return chat
  }
  private say(chat: Chat, operation: string, what: Shown, text: string, more: object, ref?: string): object {
    const ts = this.clock.next(this.parts.context.now().getTime())
    const { channel } = chat.guest.data
    const { install } = chat.account.data
    this.parts.show(chat, operation, { ...what, text: shown(text).text }, ref ?? ts)
    const message = { type: 'message', text, user: install?.botUserId, bot_id: install?.botId, ts, ...more }
    // Slack tells an app of what it said itself
    this.parts.tell(chat, { ...message, channel, channel_type: 'im', event_ts: ts })
    return { ok: true, channel, ts, message }
  }
}

function captionOf(text: string): { caption?: string } {
  return text === '' ? {} : { caption: shown(text).text }
}
const mimes: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  pdf: 'application/pdf',
  txt: 'text/plain',
}
/** Slack finds out by itself; pictures are recognised by their bytes. */
function mimeOf(name: string): string {
  return mimes[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream'
}
