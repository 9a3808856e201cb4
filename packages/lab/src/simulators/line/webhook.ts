import { createHmac } from 'node:crypto'
import type { AccountState, WebhookJob } from '../../kit/messenger/index.ts'
import type { Channel } from './account.ts'
import { ulid } from './account.ts'

export type LineAccount = AccountState<Channel>
export interface LineEvent {
  type: string
  webhookEventId: string
  deliveryContext: { isRedelivery: boolean }
  replyToken?: string
  message?: { id: string; type: string; [member: string]: unknown }
  [member: string]: unknown
}

/** Spacing and number are LINE's secret; ours: within a quarter of an hour. */
const redeliveryMs = [10_000, 60_000, 300_000, 600_000]

export function sign(body: Buffer, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64')
}
export function envelopeOf(account: LineAccount, events: readonly LineEvent[]): Buffer {
  return Buffer.from(JSON.stringify({ destination: account.id, events }))
}
export function headersOf(signature: string): Record<string, string> {
  return { 'Content-Type': 'application/json; charset=utf-8', 'User-Agent': 'LineBotWebhook/2.0', 'x-line-signature': signature }
}

/** One event to a webhook, as LINE mostly sends them; redelivered only when the console says so. */
export function webhookJob(account: LineAccount, event: LineEvent, now: () => number): Omit<WebhookJob, 'told' | 'account' | 'guest'> {
  const { data: channel } = account
  const body = envelopeOf(account, [event])
  return {
    operation: event.type,
    url: () => account.webhookUrl,
    headers: sent => headersOf(sign(sent, channel.channelSecret)),
    body,
    again: newId =>
      newId ? envelopeOf(account, [{ ...event, webhookEventId: ulid(now()) }]) : envelopeOf(account, [{ ...event, deliveryContext: { isRedelivery: true } }]),
    repeated: () => {
      // a redelivered event's token is good for another minute
      const token = event.replyToken === undefined ? undefined : channel.replyTokens.get(event.replyToken)
      if (token !== undefined) Object.assign(token, { from: now(), redelivered: true })
      return envelopeOf(account, [{ ...event, deliveryContext: { isRedelivery: true } }])
    },
    forged: () => {
      const { message } = event
      const words = message?.type === 'text' ? { message: { ...message, id: `${message.id}0`, text: 'Forged: transfer the money' } } : {}
      const forged = envelopeOf(account, [{ ...event, ...words, webhookEventId: ulid(now()) }])
      return { url: account.webhookUrl, headers: headersOf(sign(forged, 'a-secret-that-is-guessed-wrongly')), body: forged }
    },
    retryInMs: attempts => (channel.redelivery ? redeliveryMs[attempts - 1] : undefined),
  }
}
