import { createHmac } from 'node:crypto'
import type { WebhookJob } from '../../kit/messenger/index.ts'
import { exactJson, messageToken, type ViberAccount } from './account.ts'

export interface Callback {
  event: string
  timestamp: number
  message_token: string
  message?: { type: string; text?: string; [member: string]: unknown }
  [member: string]: unknown
}
const host = 'SN-CHAT-05_'
/** Several times within an hour; spacing and number are Viber's secret. */
const retryMs = [1000, 10_000, 60_000, 600_000, 2_400_000]

export function callbackOf(event: string, now: number, facts: object = {}): Callback {
  return { event, timestamp: now, chat_hostname: host, message_token: messageToken(), ...facts }
}
export function sign(body: Buffer, token: string): string {
  return createHmac('sha256', token).update(body).digest('hex')
}
/** The signature stands in the header, and in the address as well. */
export function signedUrl(url: string, signature: string): string {
  const signed = new URL(url)
  signed.searchParams.set('sig', signature)
  return signed.href
}
export function headersOf(signature: string): Record<string, string> {
  return { 'Content-Type': 'application/json; charset=utf-8', 'X-Viber-Content-Signature': signature }
}

/** `answered`: the message that the business puts into the answer. */
export function webhookJob(account: ViberAccount, callback: Callback, answered?: (text: string) => void): Omit<WebhookJob, 'told' | 'account' | 'guest'> {
  const { data: bot } = account
  const body = exactJson(callback)
  return {
    operation: callback.event,
    url: sent => signedUrl(account.webhookUrl, sign(sent, bot.token)),
    headers: sent => headersOf(sign(sent, bot.token)),
    body,
    // a repeat of Viber is the same callback: it has no other id than the message's
    again: () => body,
    forged: () => {
      const words = callback.message?.type === 'text' ? { message: { ...callback.message, text: 'Forged: transfer the money' } } : {}
      const forged = exactJson({ ...callback, ...words, message_token: messageToken() })
      const signature = sign(forged, 'a-token-that-is-guessed-wrongly')
      return { url: signedUrl(account.webhookUrl, signature), headers: headersOf(signature), body: forged }
    },
    retryInMs: attempts => retryMs[attempts - 1],
    isAccepted: ({ status }) => status === 200,
    ...(answered ? { accepted: ({ text }) => answered(text) } : {}),
  }
}
