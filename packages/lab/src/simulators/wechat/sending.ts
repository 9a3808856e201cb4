import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { LabContext } from '../../kit/context.ts'
import { fetchMedia } from '../../kit/fetch-media.ts'
import { mediaView } from '../../kit/media-store.ts'
import type { ApiAnswer, ApiRequest, Entry } from '../../kit/messenger/index.ts'
import type { Body, Button } from '../../protocol.ts'
import { type Chat, takeAnswer, type WechatAccount } from './account.ts'
import { WechatError } from './errors.ts'
import { bodyOf } from './tokens.ts'

/** https://developers.weixin.qq.com/doc/service/en/api/customer/message/api_sendcustommessage.html */
const maxBytes = 2048
const maxEntries = 10
const pictureBytes = 10e6
const word = z.string().min(1)
const media = z.object({ media_id: word })
const Message = z.discriminatedUnion('msgtype', [
  z.object({ msgtype: z.literal('text'), text: z.object({ content: z.string() }) }),
  z.object({ msgtype: z.literal('image'), image: media }),
  z.object({ msgtype: z.literal('voice'), voice: media }),
  z.object({ msgtype: z.literal('video'), video: media.extend({ thumb_media_id: word, title: z.string().optional(), description: z.string().optional() }) }),
  z.object({
    msgtype: z.literal('news'),
    news: z.object({ articles: z.array(z.object({ title: word, description: z.string().optional(), url: word, picurl: z.string().optional() })) }),
  }),
  z.object({
    msgtype: z.literal('msgmenu'),
    msgmenu: z.object({
      head_content: z.string(),
      list: z.array(z.object({ id: z.string().regex(/^[A-Za-z0-9]{1,64}$/), content: word })).min(1),
      tail_content: z.string().optional(),
    }),
  }),
])
type Message = z.infer<typeof Message>
const kinds = ['text', 'image', 'voice', 'video', 'music', 'news', 'mpnews', 'msgmenu', 'wxcard', 'miniprogrampage', 'mpnewsarticle']
const Typing = z.object({ touser: word, command: z.enum(['Typing', 'CancelTyping']) })
const exchangeMs = 30_000
const typingMs = 15_000

export interface Shown {
  body: Body
  buttons?: Button[][]
  data?: unknown
  /** for the audit */
  text: string
}
interface Parts {
  context: LabContext
  find(account: string, guest: string): Chat | undefined
  shown(chat: Chat, operation: string, look: Shown, id: string): Entry
  refused(chat: Chat, body: Body, why: string): void
  typing(chat: Chat, milliseconds: number): void
}

/** What the business sends, and what becomes of it. */
export class Sending {
  private readonly parts: Parts
  constructor(parts: Parts) {
    this.parts = parts
  }

  async send(account: WechatAccount, request: ApiRequest): Promise<ApiAnswer> {
    const body = bodyOf(request)
    const message = this.read(body)
    const chat = this.chatOf(account, body.touser)
    if (chat.blocked) throw this.refuse(chat, message, 43004)
    const look = await this.show(account, message)
    const closed = takeAnswer(chat, this.now())
    if (closed !== undefined) throw this.refuse(chat, message, closed)
    const id = request.headers['x-request-id']
    this.parts.shown(chat, message.msgtype, look, typeof id === 'string' ? id : randomUUID())
    return { status: 200, json: { errcode: 0, errmsg: 'ok' } }
  }

  typing(account: WechatAccount, request: ApiRequest): ApiAnswer {
    const { success, data } = Typing.safeParse(bodyOf(request))
    if (!success) throw new WechatError(45072)
    const chat = this.chatOf(account, data.touser)
    if (this.now() - chat.guest.data.exchangedAt > exchangeMs) throw new WechatError(45080)
    const isTyping = chat.typing !== undefined && chat.typing.until > this.now()
    if (isTyping && data.command === 'Typing') throw new WechatError(45081)
    this.parts.typing(chat, data.command === 'Typing' ? typingMs : 0)
    return { status: 200, json: { errcode: 0, errmsg: 'ok' } }
  }

  private chatOf(account: WechatAccount, openid: unknown): Chat {
    const chat = typeof openid === 'string' ? this.parts.find(account.id, openid) : undefined
    if (chat === undefined) throw new WechatError(40003)
    return chat
  }
  private refuse(chat: Chat, message: Message, code: number): WechatError {
    const error = new WechatError(code)
    this.parts.refused(chat, { kind: 'text', text: wordsOf(message) }, error.answer.why ?? '')
    return error
  }
  private read(body: Record<string, unknown>): Message {
    const { success, data: message } = Message.safeParse(body)
    if (!success) throw new WechatError(kinds.includes(String(body.msgtype)) ? 47001 : 40008)
    const words = wordsOf(message)
    if (words === '' && message.msgtype === 'text') throw new WechatError(44004)
    if (Buffer.byteLength(words) > maxBytes) throw new WechatError(45002)
    if (message.msgtype === 'news' && message.news.articles.length !== 1) throw new WechatError(45008)
    if (message.msgtype === 'msgmenu' && message.msgmenu.list.length > maxEntries) throw new WechatError(47001)
    return message
  }

  private async show(account: WechatAccount, message: Message): Promise<Shown> {
    const text = wordsOf(message)
    switch (message.msgtype) {
      case 'text':
        return { text, body: { kind: 'text', text } }
      case 'image':
        return { text, body: { kind: 'photo', media: this.mediaOf(account, message.image.media_id, 'image') } }
      case 'voice':
        return { text, body: { kind: 'voice', media: this.mediaOf(account, message.voice.media_id, 'voice') } }
      case 'video': {
        const { media_id, thumb_media_id, title } = message.video
        this.mediaOf(account, thumb_media_id, 'thumb')
        return { text, body: { kind: 'video', media: this.mediaOf(account, media_id, 'video'), ...(title ? { caption: title } : {}) } }
      }
      case 'news':
        return { text, body: { kind: 'cards', cards: await Promise.all(message.news.articles.map(article => this.card(article))) } }
      case 'msgmenu': {
        const { list } = message.msgmenu
        const buttons = list.map(({ content }, index): Button[] => [{ id: String(index), title: content, action: 'reply' }])
        return { text, body: { kind: 'text', text }, buttons, data: { list } }
      }
    }
  }
  private async card({ title, description, url, picurl }: { title: string; description?: string | undefined; url: string; picurl?: string | undefined }) {
    const fetched = picurl ? await fetchMedia(picurl, { maxBytes: pictureBytes, timeoutMs: 5000 }) : undefined
    const image = fetched === undefined || 'failed' in fetched ? {} : { image: mediaView(this.parts.context.media.put(fetched)) }
    return { title, ...(description ? { description } : {}), ...image, buttons: [{ id: 'open', title: 'Open', action: 'url' as const, url }] }
  }
  private mediaOf({ data }: WechatAccount, id: string, type: string) {
    const known = data.media.get(id)
    const stored = known === undefined || known.until <= this.now() ? undefined : this.parts.context.media.get(known.media)
    if (stored === undefined || known?.type !== type) throw new WechatError(40007)
    return mediaView(stored)
  }
  private now(): number {
    return this.parts.context.now().getTime()
  }
}

function wordsOf(message: Message): string {
  switch (message.msgtype) {
    case 'text':
      return message.text.content
    case 'news':
      return message.news.articles.map(({ title }) => title).join()
    case 'msgmenu':
      return [message.msgmenu.head_content, message.msgmenu.tail_content].filter(Boolean).join('\n')
    default:
      return `[${message.msgtype}]`
  }
}
