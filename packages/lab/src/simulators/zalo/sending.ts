import type { LabContext } from '../../kit/context.ts'
import { fetchMedia } from '../../kit/fetch-media.ts'
import { mediaView } from '../../kit/media-store.ts'
import type { Body, CardView, MediaView, Button as ShownButton } from '../../protocol.ts'
import { type Chat, messageId, type Oa } from './account.ts'
import { ZaloError } from './errors.ts'
import { Attachment, type Element, Request } from './message.ts'

const maxText = 2000
const windowMs = 7 * 24 * 3600_000
const uploadMs = 7 * 24 * 3600_000
const uploads = {
  image: { maxBytes: 2 ** 20, mimes: ['image/jpeg', 'image/png'] },
  gif: { maxBytes: 5 * 2 ** 20, mimes: ['image/gif'] },
  file: { maxBytes: 5 * 2 ** 20, mimes: ['application/pdf', 'application/msword', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'] },
} as const
export type UploadKind = keyof typeof uploads

/** What pressing a button on the phone means, by its id. */
export type Press = { shows?: string; hides?: string; asks?: true }
interface Shown {
  body: Body
  buttons?: ShownButton[][]
  presses: Record<string, Press>
}

interface Parts {
  context: LabContext
  find(account: Oa, guest: string): Chat | undefined
  show(chat: Chat, id: string, shown: Shown, text: string): void
  refuse(chat: Chat, body: Body, error: ZaloError): void
  /** what Zalo tells of a message of the account: its echo, and that it arrived */
  announce(chat: Chat, id: string, kind: string, text: string): void
}

/** What the account sends to its guests. */
export class Sending {
  private readonly parts: Parts
  constructor(parts: Parts) {
    this.parts = parts
  }

  async upload({ data }: Oa, kind: UploadKind, form: FormData): Promise<object> {
    const file = form.get('file')
    if (!(file instanceof File)) throw new ZaloError(-201, 'file is missing')
    const { maxBytes, mimes } = uploads[kind]
    const media = this.parts.context.media.put({ bytes: Buffer.from(await file.arrayBuffer()), mime: file.type, name: file.name })
    if (!mimes.some(mime => mime === media.mime)) throw new ZaloError(-201, `file type ${media.mime} is not supported`)
    if (media.bytes.length > maxBytes) throw new ZaloError(-210, 'file is too large')
    const id = messageId()
    data.uploads.set(id, { kind, media: media.id, until: this.now() + uploadMs })
    return kind === 'file' ? { token: id } : { attachment_id: id }
  }

  async send(account: Oa, request: unknown): Promise<object> {
    const read = Request.safeParse(request)
    if (!read.success) throw new ZaloError(-201, 'parameter is invalid')
    const { recipient, message } = read.data
    const guest = 'user_id' in recipient ? recipient.user_id : `anonymous:${recipient.anonymous_id}`
    const chat = this.parts.find(account, guest)
    if (chat === undefined) throw new ZaloError(-201, 'user_id is invalid')
    if (account.data.bucket.take(this.now()) > 0) throw new ZaloError(-32, 'call limit is reached')
    const text = message.text ?? ''
    try {
      this.admit(chat)
      if (text.length > maxText) throw new ZaloError(-210, 'parameter text is over the limit')
      const shown = await this.shownOf(account, text, message.attachment)
      const id = messageId()
      this.parts.show(chat, id, shown, text || shown.body.kind)
      this.parts.announce(chat, id, shown.body.kind, text)
      return { message_id: id, user_id: guest, quota: { quota_type: 'reply', remain: '7', total: '8' } }
    } catch (error) {
      if (error instanceof ZaloError) this.parts.refuse(chat, { kind: 'text', text: text || '(attachment)' }, error)
      throw error
    }
  }
  private admit({ blocked, guest: { data } }: Chat): void {
    if (blocked) throw new ZaloError(-213, 'User has not followed the Official Account')
    if (data.lastAt === undefined || this.now() - data.lastAt > windowMs) throw new ZaloError(-230, 'User has not interacted with the OA in the past 7 days')
  }

  private async shownOf(account: Oa, text: string, value: unknown): Promise<Shown> {
    if (value === undefined) {
      if (text === '') throw new ZaloError(-201, 'message is empty')
      return { body: { kind: 'text', text }, presses: {} }
    }
    const read = Attachment.safeParse(value)
    if (!read.success) throw new ZaloError(-201, 'attachment is invalid')
    const { type, payload } = read.data
    if (type === 'file') return { body: this.uploaded(account, 'file', payload.token), presses: {} }
    if (payload.template_type === 'media') return { body: await this.media(account, text, payload.elements[0]), presses: {} }
    if (!account.data.takesLists) throw new ZaloError(-233, 'message type is not supported')
    return this.cards(payload)
  }
  private async media(account: Oa, text: string, element: { media_type: string; attachment_id?: string; url?: string } | undefined): Promise<Body> {
    const caption = text === '' ? {} : { caption: text }
    if (element?.media_type === 'sticker') return { kind: 'sticker', emoji: '🐰', pack: element.attachment_id ?? '' }
    if (element?.url === undefined) return { ...this.uploaded(account, element?.media_type ?? '', element?.attachment_id ?? ''), ...caption }
    const fetched = await fetchMedia(element.url, { maxBytes: uploads.image.maxBytes, timeoutMs: 10_000 })
    if ('failed' in fetched) throw new ZaloError(-201, `url cannot be loaded (${fetched.why})`)
    return { kind: 'photo', media: mediaView(this.parts.context.media.put(fetched)), ...caption }
  }
  private uploaded({ data }: Oa, kind: string, id: string): { kind: 'photo' | 'file'; media: MediaView } {
    const upload = data.uploads.get(id)
    const stored = upload && this.parts.context.media.get(upload.media)
    if (upload?.kind !== kind || stored === undefined || upload.until <= this.now()) throw new ZaloError(-100, 'attachment is expired or not exist')
    return { kind: kind === 'file' ? 'file' : 'photo', media: mediaView(stored) }
  }
  private async cards(payload: Exclude<Extract<Attachment, { type: 'template' }>['payload'], { template_type: 'media' }>): Promise<Shown> {
    const [first, ...others] = payload.elements
    const presses: Record<string, Press> = {}
    const button = (title: string, press: Press): ShownButton => {
      const id = String(Object.keys(presses).length)
      presses[id] = press
      return { id, title, action: 'reply' }
    }
    const offered = payload.template_type === 'request_user_info' ? [button('Share my information', { asks: true })] : []
    const rows = (payload.template_type === 'list' ? payload.buttons : []).map((each): ShownButton => {
      if (each.type === 'oa.open.url') return { id: '', title: each.title, action: 'url', url: each.payload.url }
      return button(each.title, each.type === 'oa.query.show' ? { shows: each.payload } : { hides: each.payload })
    })
    const buttons = [...offered, ...rows].map(each => [each])
    const isPlain = first !== undefined && first.subtitle === undefined && first.image_url === undefined
    if (isPlain && others.length === 0) return { body: { kind: 'text', text: first.title }, buttons, presses }
    const shown = isPlain ? others : payload.elements
    const cards = await Promise.all(shown.map(element => this.card(element)))
    return { body: { kind: 'cards', ...(isPlain ? { text: first.title } : {}), cards }, buttons, presses }
  }
  private async card({ title, subtitle, image_url }: Element): Promise<CardView> {
    const fetched = image_url === undefined ? undefined : await fetchMedia(image_url, { maxBytes: uploads.image.maxBytes, timeoutMs: 10_000 })
    const image = fetched === undefined || 'failed' in fetched ? {} : { image: mediaView(this.parts.context.media.put(fetched)) }
    return { title, ...(subtitle === undefined ? {} : { description: subtitle }), ...image, buttons: [] }
  }
  private now(): number {
    return this.parts.context.now().getTime()
  }
}
