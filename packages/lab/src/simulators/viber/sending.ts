import type { LabContext } from '../../kit/context.ts'
import type { Entry } from '../../kit/messenger/index.ts'
import { type Chat, messageToken, takeOf, type ViberAccount, type ViberLimits } from './account.ts'
import type { Guests } from './guest.ts'
import { keyboardOf, type Shown, show } from './show.ts'
import { ViberError } from './status.ts'
import { type Message, readMessage, type ViberButton } from './validate.ts'

interface Parts {
  context: LabContext
  guests: Guests
  limits: ViberLimits
  find(account: string, guest: string): Chat | undefined
  shown(chat: Chat, operation: string, message: Shown, token: string): Entry
  refused(chat: Chat, message: Message, why: string): void
  changed(chat: Chat): void
}
const keptUnseen = 100

/** What the business sends. */
export class Sending {
  private readonly parts: Parts
  private readonly keyboards = new WeakMap<Chat, readonly ViberButton[]>()
  constructor(parts: Parts) {
    this.parts = parts
  }

  keyboard(chat: Chat): readonly ViberButton[] {
    return this.keyboards.get(chat) ?? []
  }

  chatOf(account: ViberAccount, guest: string): Chat | undefined {
    return this.parts.find(account.id, guest)
  }

  /** Throws ViberError. Returns the message's token. */
  async send(account: ViberAccount, receiver: string, value: unknown, bytes: number, operation: string): Promise<string> {
    const { context, find, limits, refused } = this.parts
    if (account.webhookUrl === '') throw new ViberError('webhookNotSet')
    const message = readMessage(value, bytes)
    const chat = find(account.id, receiver)
    if (chat === undefined) throw new ViberError('receiverNotRegistered')
    const { subscribers, unanswered } = account.data
    if (!subscribers.has(receiver)) {
      refused(chat, message, 'the guest is not subscribed')
      throw new ViberError('receiverNotSubscribed')
    }
    if (message.min_api_version > chat.guest.data.apiVersion) throw new ViberError('apiVersionNotSupported')
    if (!takeOf(unanswered, receiver, limits.unansweredPerHour, 1, context.now().getTime())) throw new ViberError('tooManyRequests')
    return this.deliver(chat, message, operation)
  }
  /** The message in the answer to `conversation_started`, for which nobody has to be subscribed. What is none is passed over. */
  async welcome(chat: Chat, text: string): Promise<void> {
    if (text.trim() === '') return
    try {
      await this.deliver(chat, readMessage(JSON.parse(text), Buffer.byteLength(text)), 'welcome')
    } catch (error) {
      this.parts.context.report(error, 'viber simulator: welcome message')
    }
  }
  /** It was taken, and something went wrong behind. */
  failLater(account: ViberAccount | undefined, receiver: string): string {
    const token = messageToken()
    const chat = account && this.parts.find(account.id, receiver)
    if (chat)
      setTimeout(() => this.parts.guests.happened(chat, 'failed', { message_token: token, user_id: receiver, desc: 'device is not reachable' }), 50).unref()
    return token
  }

  private async deliver(chat: Chat, message: Message, operation: string): Promise<string> {
    const { guests, changed } = this.parts
    const token = messageToken()
    const { body, keyboard } = message
    if (body !== undefined) this.parts.shown(chat, operation, await show({ ...message, body }, this.parts.context.media), token)
    this.keyboards.set(chat, keyboard?.Buttons ?? [])
    if (keyboard === undefined) delete chat.keyboard
    else chat.keyboard = { rows: keyboardOf(keyboard.Buttons), oneTime: false }
    changed(chat)
    const { unseen } = chat.account.data
    unseen.set(chat.guest.id, [...(unseen.get(chat.guest.id) ?? []), token].slice(-keptUnseen))
    guests.happened(chat, 'delivered', { message_token: token, user_id: chat.guest.id })
    return token
  }
}
/** The JSON object that every request holds. */
export function objectOf(json: () => unknown): Record<string, unknown> {
  try {
    const value = json()
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new ViberError('badData', 'the body is not a JSON object')
}
