import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { LabContext } from '../../kit/context.ts'
import type { ApiAnswer, ApiRequest, Entry } from '../../kit/messenger/index.ts'
import { type LineLimits, messageId, takeOf } from './account.ts'
import { bodyOf } from './api.ts'
import { invalidBody, invalidProperty, LineError, monthlyLimit, noContract, rateLimited } from './errors.ts'
import type { Chat, Guests } from './guest.ts'
import { type Shown, show } from './show.ts'
import { type LineMessage, readMessages } from './validate.ts'
import type { LineAccount, LineEvent } from './webhook.ts'

interface Parts {
  context: LabContext
  guests: Guests
  limits: LineLimits
  requireHttps: boolean
  find(account: string, guest: string): Chat | undefined
  chats(account: LineAccount): Chat[]
  shown(chat: Chat, operation: string, message: Shown, id: string): Entry
  refused(chat: Chat, message: Shown, why: string): void
  happened(chat: Chat, what: string, text: string): void
  typing(chat: Chat, milliseconds: number): void
  tell(chat: Chat, event: LineEvent): void
}

const recipient = /^[UCR][0-9a-f]{32}$/
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const replyMs = 60_000
const redeliveredMs = 20 * 60_000
const retryKeyMs = 24 * 3600_000
const failed = (): LineError => new LineError(400, 'Failed to send messages')

/** What the business sends, and what becomes of it. */
export class Sending {
  private readonly parts: Parts
  constructor(parts: Parts) {
    this.parts = parts
  }

  chatOf(account: LineAccount, guest: string): Chat | undefined {
    return this.parts.find(account.id, guest)
  }
  guestOfReply({ data }: LineAccount, token: unknown): string | undefined {
    return typeof token === 'string' ? data.replyTokens.get(token)?.guest : undefined
  }

  /** A retry key that was accepted answers 409 with what was sent then. https://developers.line.biz/en/docs/messaging-api/retrying-api-request/ */
  async push(account: LineAccount, request: ApiRequest): Promise<ApiAnswer> {
    const { data } = account
    this.limit(account)
    const key = headerOf(request, 'x-line-retry-key')
    if (key !== undefined && !uuid.test(key)) throw new LineError(400, 'The retry key is invalid')
    const before = key === undefined ? undefined : data.retryKeys.get(key)
    if (before !== undefined && before.at > this.now() - retryKeyMs) {
      return {
        status: 409,
        json: { message: 'The retry key is already accepted', ...before.answer },
        headers: { 'x-line-accepted-request-id': before.requestId },
      }
    }
    const { to, messages: wanted } = bodyOf(request)
    if (typeof to !== 'string' || !recipient.test(to)) throw invalidProperty('to')
    const messages = readMessages(wanted, this.parts)
    const chat = this.chatOf(account, to)
    if (chat === undefined) throw failed()
    if (data.quota !== undefined && data.used >= data.quota) throw monthlyLimit()
    data.used += 1
    const answer = await this.deliver(chat, 'push', messages)
    if (key !== undefined) data.retryKeys.set(key, { at: this.now(), answer, requestId: randomUUID() })
    return { status: 200, json: answer }
  }

  async reply(account: LineAccount, request: ApiRequest): Promise<ApiAnswer> {
    this.limit(account)
    if (headerOf(request, 'x-line-retry-key') !== undefined) throw new LineError(400, 'The retry key is not supported by this API')
    const { replyToken, messages: wanted } = bodyOf(request)
    const messages = readMessages(wanted, this.parts)
    const token = typeof replyToken === 'string' ? account.data.replyTokens.get(replyToken) : undefined
    const now = this.now()
    const isAlive = token !== undefined && !token.used && now - token.from <= replyMs && (!token.redelivered || now - token.eventAt <= redeliveredMs)
    if (!isAlive) throw new LineError(400, 'Invalid reply token')
    token.used = true
    const chat = this.chatOf(account, token.guest)
    if (chat === undefined) throw failed()
    return { status: 200, json: await this.deliver(chat, 'reply', messages) }
  }

  loading(account: LineAccount, request: ApiRequest): ApiAnswer {
    const read = z
      .object({ chatId: z.string().regex(/^U[0-9a-f]{32}$/), loadingSeconds: z.number().int().min(5).max(60).multipleOf(5).default(20) })
      .safeParse(bodyOf(request))
    if (!read.success) throw invalidBody(read.error.issues.map(issue => ({ message: issue.message, property: issue.path.join('.') })))
    const chat = this.chatOf(account, read.data.chatId)
    if (chat !== undefined) this.parts.typing(chat, read.data.loadingSeconds * 1000)
    return { status: 202, json: {} }
  }

  /** Phone Number Push, flexible: texts that LINE has reviewed. */
  async byPhone(account: LineAccount, request: ApiRequest): Promise<ApiAnswer> {
    const { to, messages: wanted } = bodyOf(request)
    const messages = readMessages(wanted, { ...this.parts, withoutMedia: true })
    const chat = this.ofPhone(account, to)
    await this.deliver(chat, 'pnpPush', messages)
    return this.arrived(chat, String(to), request, { status: 200, json: {} })
  }
  async byTemplate(account: LineAccount, request: ApiRequest): Promise<ApiAnswer> {
    const item = z.object({ itemKey: z.string().min(1), content: z.string().max(300) })
    const Body = z.object({
      templateKey: z.string().min(1),
      body: z.object({
        emphasizedItem: item.extend({ content: z.string().max(15) }).optional(),
        items: z.array(item).max(15).optional(),
        buttons: z
          .array(z.object({ buttonKey: z.string().min(1), url: z.string().max(1000) }))
          .max(2)
          .optional(),
      }),
    })
    const body = bodyOf(request)
    const read = Body.safeParse(body)
    if (!read.success) throw invalidBody(read.error.issues.map(issue => ({ message: issue.message, property: issue.path.join('.') })))
    const chat = this.ofPhone(account, body.to)
    const { emphasizedItem, items = [] } = read.data.body
    const lines = [...(emphasizedItem ? [emphasizedItem] : []), ...items].map(({ itemKey, content }) => `${itemKey}: ${content}`)
    await this.deliver(chat, 'pnpTemplate', [{ type: 'text', text: [read.data.templateKey, ...lines].join('\n') }])
    return this.arrived(chat, String(body.to), request, { status: 202, json: {} })
  }

  switchUser(account: LineAccount, request: ApiRequest): ApiAnswer {
    const { switcherSecret } = account.data
    if (switcherSecret === undefined || !isSame(headerOf(request, 'x-line-switchersecret') ?? '', switcherSecret)) throw noContract()
    const read = z.object({ destinationId: z.string().min(1), userId: z.string().optional(), to: z.string().optional() }).safeParse(bodyOf(request))
    if (!read.success) throw invalidProperty('destinationId')
    const { destinationId, userId, to } = read.data
    const chat = userId === undefined ? this.ofPhone(account, to) : this.chatOf(account, userId)
    if (chat === undefined) throw invalidProperty('userId')
    this.parts.happened(chat, 'switched', `Switched to ${destinationId}`)
    return { status: 200, json: {} }
  }

  /** A guest who has blocked the account gets nothing, and LINE does not say so. */
  private async deliver(chat: Chat, operation: string, messages: readonly LineMessage[]): Promise<{ sentMessages: { id: string; quoteToken: string }[] }> {
    const sentMessages: { id: string; quoteToken: string }[] = []
    for (const message of messages) {
      const id = messageId()
      const look = await show(message, this.parts.context.media)
      if (chat.blocked) this.parts.refused(chat, look, 'the guest has blocked the account; LINE answers 200 nevertheless')
      else this.parts.shown(chat, operation, look, id)
      sentMessages.push({ id, quoteToken: randomUUID() })
    }
    return { sentMessages }
  }
  private ofPhone(account: LineAccount, digest: unknown): Chat {
    if (!account.data.pnp) throw noContract()
    if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) throw invalidBody([{ message: 'The value must be a SHA-256 digest', property: 'to' }])
    const found = this.parts.chats(account).find(({ guest }) => createHash('sha256').update(guest.data.phone).digest('hex') === digest)
    if (found === undefined) throw new LineError(422, 'Failed to send messages')
    return found
  }
  private arrived(chat: Chat, digest: string, request: ApiRequest, answer: ApiAnswer): ApiAnswer {
    const data = headerOf(request, 'x-line-delivery-tag') ?? digest
    if (!chat.blocked) this.parts.tell(chat, this.parts.guests.event(chat, { type: 'delivery', delivery: { data } }, false))
    return answer
  }
  private limit(account: LineAccount): void {
    if (takeOf(account.data, 'messages', this.parts.limits.messagesPerSecond, this.now()) > 0) throw rateLimited()
  }
  private now(): number {
    return this.parts.context.now().getTime()
  }
}

function headerOf(request: ApiRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
